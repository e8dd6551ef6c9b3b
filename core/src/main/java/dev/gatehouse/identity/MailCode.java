package dev.gatehouse.identity;

import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import dev.gatehouse.mail.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A code of six digits that was mailed to prove who reads a mailbox: ten minutes, once, and only the newest one of its
 * purpose and person (ATTACKS P12 to P15).
 *
 * @param id {@code magic_auth_…}, {@code email_verification_…} or {@code email_change_…}
 * @param userId whose it is
 * @param email mailbox that it proves
 * @param sealed the code, sealed under this id; the holder of an API key may read it, to send it himself
 * @param wrong how often another code was tried in its place
 * @param spentAt when it was used; null while it was not
 */
record MailCode(
        String id,
        String userId,
        String email,
        String sealed,
        int wrong,
        @Nullable Instant spentAt,
        Instant expiresAt,
        Instant createdAt,
        Instant updatedAt)
        implements Entity {

    /** Without the sealed code. */
    @Override
    public String toString() {
        return "MailCode[" + id + "]";
    }

    /** Wrong tries that end a code. */
    static final int MOST_WRONG = 5;

    /**
     * What a code is for. A code of one purpose is none for another.
     *
     * @param type how codes of this purpose are stored
     * @param mail what brings them
     */
    record Purpose(EntityType<MailCode> type, Message.Kind mail) {
        /** Signs in. */
        static final Purpose MAGIC_AUTH = of("magic_auth", Message.Kind.MAGIC_CODE);

        /** Proves the address of an account. */
        static final Purpose EMAIL_VERIFICATION = of("email_verification", Message.Kind.EMAIL_VERIFICATION);

        /** Proves the address that an account changes to. */
        static final Purpose EMAIL_CHANGE = of("email_change", Message.Kind.EMAIL_CHANGE);

        static final List<Purpose> ALL = List.of(MAGIC_AUTH, EMAIL_VERIFICATION, EMAIL_CHANGE);

        private static Purpose of(String kind, Message.Kind mail) {
            EntityType<MailCode> type = EntityType.of(kind, kind, MailCode.class)
                    .lookup("user_id", MailCode::userId)
                    // an hour longer than it is good for, so that it can be told why it is not
                    .expires(code -> code.expiresAt.plus(Duration.ofHours(1)));
            return new Purpose(type, mail);
        }
    }

    /** Whether the right digits would be accepted now. */
    boolean usable(Instant now) {
        return spentAt == null && wrong < MOST_WRONG && now.isBefore(expiresAt);
    }

    MailCode failed() {
        return new MailCode(id, userId, email, sealed, wrong + 1, spentAt, expiresAt, createdAt, updatedAt);
    }

    MailCode spent(Instant at) {
        return new MailCode(id, userId, email, sealed, wrong, at, expiresAt, createdAt, updatedAt);
    }
}
