package dev.gatehouse.organizations;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.background.DueIds;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A look at a domain's DNS record that is still to come, due at the moment of its identifier ({@link DueIds}): of a pending
 * domain, or of one that DNS has proved. It changes only while its domain is held.
 *
 * @param tries looks that found nothing since the last one that did
 * @param until from then on the domain has failed; null while its record is there
 */
record DomainCheck(
        String id, String domainId, int tries, @Nullable Instant until, Instant createdAt, Instant updatedAt)
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
    private static final Duration DAILY = Duration.ofDays(1);

    /** Fewer looks that found nothing do not prove that a record is gone, however long they were apart. */
    private static final int FEWEST = 4;

    /** Begins the looks at a pending domain that the caller holds or has made, and its period. */
    static void start(Call call, String domainId) {
        Instant until = call.now().plus(PERIOD);
        put(call, new DomainCheck(call.newId(TYPE), domainId, 0, until, call.now(), call.now()), FIRST);
    }

    /** Begins the looks at a domain that DNS has just proved. */
    static void keep(Call call, String domainId) {
        put(call, new DomainCheck(call.newId(TYPE), domainId, 0, null, call.now(), call.now()), DAILY);
    }

    private static void put(Call call, DomainCheck check, Duration pause) {
        stop(call, check.domainId);
        call.create(TYPE, check.at(call.now().plus(pause), call.now()));
    }

    /** Ends the looks at a domain. */
    static void stop(Call call, String domainId) {
        call.findBy(TYPE, "domain_id", domainId).ifPresent(check -> call.delete(TYPE, check));
    }

    /** The same, due at another time. */
    DomainCheck at(Instant due, Instant now) {
        return with(due, tries, until, now);
    }

    private DomainCheck with(Instant due, int missed, @Nullable Instant end, Instant now) {
        return new DomainCheck(DueIds.at(id, due), domainId, missed, end, createdAt, now);
    }

    /** Whether the claim's period has ended. */
    boolean expired(Instant now) {
        return until != null && !now.isBefore(until);
    }

    /** The next one of a pending domain, ever later, the last one at the end of the period. */
    DomainCheck next(Instant now) {
        Duration pause = FIRST.multipliedBy(1L << Math.min(tries + 1, 10));
        Instant due = now.plus(pause.compareTo(LONGEST) < 0 ? pause : LONGEST);
        return with(until == null || due.isBefore(until) ? due : until, tries + 1, until, now);
    }

    /** The next one of a domain whose record is there. */
    DomainCheck found(Instant now) {
        return with(now.plus(DAILY), 0, null, now);
    }

    /** The next one of a proved domain whose record was not there; it may stay away for a time. */
    DomainCheck missed(Instant now, Duration grace) {
        return with(now.plus(DAILY), tries + 1, until == null ? now.plus(grace) : until, now);
    }

    /** Whether one more look that finds nothing proves that the record is gone. */
    boolean lost(Instant now) {
        return expired(now) && tries + 1 >= FEWEST;
    }
}
