package dev.gatehouse.mail;

import dev.gatehouse.background.DueIds;
import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import java.time.Instant;

/**
 * A mail that waits. Its identifier begins with the moment at which it is due, so that what is due comes first; a worker
 * that claims it gives it a new one, which lies in the future.
 *
 * @param mailId the same through all tries; the first identifier
 * @param sealed the {@link Message}, which holds a secret
 * @param failures tries that failed
 * @param expiresAt nothing is sent from then on
 */
record QueuedMail(
        String id, String mailId, String sealed, int failures, Instant expiresAt, Instant createdAt, Instant updatedAt)
        implements Entity {
    static final EntityType<QueuedMail> TYPE =
            EntityType.of("mail", "mail", QueuedMail.class).expires(QueuedMail::expiresAt);

    /** When somebody should take it. */
    Instant due() {
        return DueIds.due(id);
    }

    /** The same mail, due at another time. */
    QueuedMail at(Instant due, int failures, Instant now) {
        return new QueuedMail(DueIds.at(mailId, due), mailId, sealed, failures, expiresAt, createdAt, now);
    }

    /** Without what a secret is recognised by. */
    @Override
    public String toString() {
        return "QueuedMail[" + id + "]";
    }
}
