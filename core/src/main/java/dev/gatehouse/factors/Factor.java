package dev.gatehouse.factors;

import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import dev.gatehouse.engine.Omittable;
import dev.gatehouse.engine.OneOf;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A second factor: an authenticator app. Its secret is a row of its own, so that it can reach neither a view nor an
 * event.
 *
 * @param id {@code auth_factor_…}
 * @param type always {@code totp}
 * @param userId whose it is; null for one that the application keeps track of itself
 * @param issuer what the app calls the service
 * @param account what the app calls the account
 * @param verifiedAt when a code was right for the first time; null if none was yet, so that nobody can be held to it
 */
public record Factor(
        String id,
        String type,
        @Nullable String userId,
        String issuer,
        String account,
        @Nullable Instant verifiedAt,
        Instant createdAt,
        Instant updatedAt)
        implements Entity {

    /** The one kind there is: a code of an authenticator app. */
    public static final String TOTP = "totp";

    /** The resource. */
    public static final EntityType<Factor> TYPE = EntityType.of("authentication_factor", "auth_factor", Factor.class)
            .lookup("user_id", Factor::userId)
            .view(View.class, (f, call) -> View.of(f));

    /** Whether a code of it was ever right: the person really has it in an app. */
    public boolean verified() {
        return verifiedAt != null;
    }

    Factor verified(Instant at) {
        return new Factor(id, type, userId, issuer, account, at, createdAt, updatedAt);
    }

    /** What the wire shows of a factor: no secret. */
    public record View(
            String object,
            String id,
            @OneOf(TOTP) String type,
            @Omittable @Nullable String userId,
            Names totp,
            Instant createdAt,
            Instant updatedAt) {

        /** The view of a factor. */
        public static View of(Factor f) {
            return new View(
                    "authentication_factor",
                    f.id,
                    f.type,
                    f.userId,
                    new Names(f.issuer, f.account),
                    f.createdAt,
                    f.updatedAt);
        }
    }

    /** What the app shows. */
    public record Names(String issuer, String user) {}
}
