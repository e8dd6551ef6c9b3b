package dev.gatehouse.identity;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import dev.gatehouse.spi.Storage;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.LongAdder;

/**
 * That a user was active in a month: began a session or went on with one. One row a user and month, so that counting is
 * exact; kept for thirteen months, also of users who are deleted.
 *
 * @param id of month and user
 * @param month as {@code 2026-11}, in UTC
 */
record MonthlyActive(String id, String month, Instant createdAt, Instant updatedAt) implements Entity {
    private static final Duration KEPT = Duration.ofDays(400);

    static final EntityType<MonthlyActive> TYPE = EntityType.of("active_user", "active", MonthlyActive.class)
            .lookup("month", MonthlyActive::month)
            .expires(a -> a.createdAt.plus(KEPT));

    /** Notes that a user is active, once a month. */
    static void note(Call call, String userId) {
        String month = month(call.now()).toString();
        String id = "active_" + month + userId.substring(userId.lastIndexOf('_'));
        if (call.find(TYPE, id).isPresent()) {
            return;
        }
        try {
            call.create(TYPE, new MonthlyActive(id, month, call.now(), call.now()));
        } catch (ApiException e) {
            throw new Storage.TransientConflict("another session of the user noted it just now", e);
        }
    }

    /** As the other, of a session that goes on: if it did not in this month. */
    static void goesOn(Call call, Session session) {
        Instant last = session.refreshedAt() == null ? session.createdAt() : session.refreshedAt();
        if (session.impersonator() == null && !month(last).equals(month(call.now()))) {
            note(call, session.userId());
        }
    }

    static YearMonth month(Instant at) {
        return YearMonth.from(at.atOffset(ZoneOffset.UTC));
    }

    static long count(Call call, YearMonth month) {
        LongAdder count = new LongAdder();
        call.each(TYPE, "month", month.toString(), active -> count.increment());
        return count.sum();
    }
}
