package dev.gatehouse.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * A clock that goes only when told to, for {@code Gatehouse.builder().clock(…)}: what expires after an hour is tested in no
 * time. It begins at 10:00 UTC on 1 June 2026.
 */
public final class SteerableClock extends Clock {
    private volatile Instant now = Instant.parse("2026-06-01T10:00:00Z");

    /** Lets time pass. */
    public void pass(Duration time) {
        now = now.plus(time);
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
