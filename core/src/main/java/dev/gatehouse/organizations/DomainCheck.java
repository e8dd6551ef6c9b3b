package dev.gatehouse.organizations;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.background.DueIds;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import java.time.Duration;
import java.time.Instant;

/**
 * A look at a pending domain's DNS record that is still to come, due at the moment of its identifier ({@link DueIds}). It
 * changes only while its domain is held.
 *
 * @param tries looks that found nothing
 * @param until from then on the claim has failed
 */
record DomainCheck(String id, String domainId, int tries, Instant until, Instant createdAt, Instant updatedAt)
        implements Entity {
    static final EntityType<DomainCheck> TYPE = EntityType.of(
                    "organization_domain_check", "domain_check", DomainCheck.class)
            .unique(
                    "domain_id",
                    DomainCheck::domainId,
                    c -> ApiException.of(409, "conflict", "The domain is being verified."));

    /** How long a record may take to appear. */
    static final Duration PERIOD = Duration.ofDays(30);

    private static final Duration FIRST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofHours(6);

    /** Begins the looks at a domain that the caller holds or has made, and its period. */
    static void start(Call call, String domainId) {
        stop(call, domainId);
        call.create(
                TYPE,
                new DomainCheck(call.newId(TYPE), domainId, 0, call.now().plus(PERIOD), call.now(), call.now())
                        .at(call.now().plus(FIRST), 0, call.now()));
    }

    /** Ends the looks at a domain. */
    static void stop(Call call, String domainId) {
        call.findBy(TYPE, "domain_id", domainId).ifPresent(check -> call.delete(TYPE, check));
    }

    /** When somebody should look. */
    Instant due() {
        return DueIds.due(id);
    }

    /** The same, due at another time. */
    DomainCheck at(Instant due, int tries, Instant now) {
        return new DomainCheck(DueIds.at(id, due), domainId, tries, until, createdAt, now);
    }

    /** The next one, ever later, the last one at the end of the period. */
    DomainCheck next(Instant now) {
        Duration pause = FIRST.multipliedBy(1L << Math.min(tries + 1, 10));
        Instant due = now.plus(pause.compareTo(LONGEST) < 0 ? pause : LONGEST);
        return at(due.isBefore(until) ? due : until, tries + 1, now);
    }
}
