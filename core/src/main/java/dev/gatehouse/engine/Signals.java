package dev.gatehouse.engine;

import dev.gatehouse.api.Answer;
import dev.gatehouse.spi.Telemetry;
import dev.gatehouse.spi.Telemetry.Count;
import dev.gatehouse.spi.Telemetry.Outcome;
import dev.gatehouse.spi.Telemetry.Signal;
import dev.gatehouse.spi.Telemetry.Span;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the host's telemetry, if there is one, in words of a closed vocabulary. Without one nothing is made: the methods
 * take no array and no function, so that a caller pays a null check.
 */
public final class Signals {
    private static final Logger LOG = LoggerFactory.getLogger(Signals.class);
    private static final Span NONE = (outcome, reason) -> {};

    private final @Nullable Telemetry telemetry;
    private final AtomicBoolean told = new AtomicBoolean();

    /** @param telemetry null to measure nothing */
    public Signals(@Nullable Telemetry telemetry) {
        this.telemetry = telemetry;
    }

    /** Whether anybody listens. */
    public boolean on() {
        return telemetry != null;
    }

    /** Begins something. */
    public Span begin(Signal signal, String operation) {
        if (telemetry == null) {
            return NONE;
        }
        try {
            return telemetry.begin(signal, operation);
        } catch (RuntimeException | LinkageError e) {
            failed(e);
            return NONE;
        }
    }

    /** Ends something that was answered. */
    public void end(Span span, Answer answer) {
        if (span == NONE) {
            return;
        }
        Outcome outcome = answer.status() >= 500
                ? Outcome.FAILED
                : answer.status() >= 400 || !answer.reason().isEmpty() ? Outcome.REFUSED : Outcome.OK;
        try {
            span.end(outcome, outcome == Outcome.OK ? Reasons.NONE : Reasons.of(answer.reason(), answer.status()));
        } catch (RuntimeException | LinkageError e) {
            failed(e);
        }
    }

    /** Counts something that is the same each time. */
    public void count(Count count) {
        if (telemetry == null) {
            return;
        }
        try {
            telemetry.count(count);
        } catch (RuntimeException | LinkageError e) {
            failed(e);
        }
    }

    /** Counts something; the last value is a reason. */
    public void count(Signal signal, String outcome, String reason) {
        if (telemetry != null) {
            count(new Count(signal, List.of(outcome, Reasons.of(reason))));
        }
    }

    /** As the other, of something. */
    public void count(Signal signal, String of, String outcome, String reason) {
        if (telemetry != null) {
            count(new Count(signal, List.of(of, outcome, Reasons.of(reason))));
        }
    }

    /** As the other, at a numbered step. */
    public void count(Signal signal, String of, String outcome, int step, String reason) {
        if (telemetry != null) {
            count(new Count(signal, List.of(of, outcome, Integer.toString(step), Reasons.of(reason))));
        }
    }

    /** Tells what a quantity is now. */
    public void level(Signal signal, String of, double value) {
        if (telemetry == null) {
            return;
        }
        try {
            telemetry.level(signal, of, value);
        } catch (RuntimeException | LinkageError e) {
            failed(e);
        }
    }

    private void failed(Throwable e) {
        // once: it would be said with every request
        if (told.compareAndSet(false, true)) {
            LOG.warn("the telemetry failed, and may not measure everything", e);
        }
    }
}
