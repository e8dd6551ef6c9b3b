package dev.gatehouse.telemetry;

import dev.gatehouse.spi.Telemetry;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Metrics by Micrometer, 1.15 or newer. Buckets, percentiles and common tags are the registry's matter: give it a {@code
 * MeterFilter} before Gatehouse is built.
 */
public final class MicrometerTelemetry implements Telemetry {
    private final MeterRegistry registry;
    private final Map<Count, Counter> counters = new ConcurrentHashMap<>();
    private final Map<Timed, Timer> timers = new ConcurrentHashMap<>();
    private final Map<Quantity, AtomicReference<Double>> levels = new ConcurrentHashMap<>();

    private record Timed(Signal signal, String operation, Outcome outcome, String reason) {}

    private record Quantity(Signal signal, String of) {}

    /** @param registry the host's */
    public MicrometerTelemetry(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public Span begin(Signal signal, String operation) {
        Timer.Sample sample = Timer.start(registry);
        return (outcome, reason) ->
                sample.stop(timers.computeIfAbsent(new Timed(signal, operation, outcome, reason), this::timer));
    }

    private Timer timer(Timed timed) {
        return Timer.builder(timed.signal.wire())
                .description(timed.signal.text())
                .tags(tags(timed.signal, List.of(timed.operation, timed.outcome.word(), timed.reason)))
                .register(registry);
    }

    @Override
    public void count(Count count) {
        // looked up first: the function would be made anew for each
        Counter known = counters.get(count);
        (known == null ? counters.computeIfAbsent(count, this::counter) : known).increment();
    }

    private Counter counter(Count count) {
        return Counter.builder(count.signal().wire())
                .description(count.signal().text())
                .tags(tags(count.signal(), count.values()))
                .register(registry);
    }

    @Override
    public void level(Signal signal, String of, double value) {
        levels.computeIfAbsent(new Quantity(signal, of), this::quantity).set(value);
    }

    private AtomicReference<Double> quantity(Quantity quantity) {
        AtomicReference<Double> now = new AtomicReference<>(0.0);
        // the registry holds it weakly, and the map for good
        Gauge.builder(quantity.signal.wire(), now, AtomicReference::get)
                .description(quantity.signal.text())
                .baseUnit("seconds")
                .tags(tags(quantity.signal, List.of(quantity.of)))
                .register(registry);
        return now;
    }

    private static Tags tags(Signal signal, List<String> values) {
        List<Tag> tags = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            tags.add(Tag.of(signal.tags().get(i), values.get(i)));
        }
        return Tags.of(tags);
    }
}
