package dev.gatehouse.telemetry;

import dev.gatehouse.spi.Telemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.DoubleGauge;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Spans and metrics by OpenTelemetry, 1.49 or newer. A span is a child of the current one, which is the host's request, and
 * is current itself while it lasts: what the host's database driver reports becomes its child.
 */
public final class OpenTelemetryTelemetry implements Telemetry {
    private static final String SCOPE = "dev.gatehouse";
    private static final double NANOS = 1e9;
    private static final List<Double> BUCKETS =
            List.of(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0);

    private final Tracer tracer;
    private final Map<Signal, DoubleHistogram> durations = new EnumMap<>(Signal.class);
    private final Map<Signal, LongCounter> counters = new EnumMap<>(Signal.class);
    private final Map<Signal, DoubleGauge> gauges = new EnumMap<>(Signal.class);
    private final Map<Count, Attributes> attributes = new ConcurrentHashMap<>();

    /** @param openTelemetry the host's */
    public OpenTelemetryTelemetry(OpenTelemetry openTelemetry) {
        tracer = openTelemetry.getTracer(SCOPE);
        Meter meter = openTelemetry.getMeter(SCOPE);
        for (Signal signal : Signal.values()) {
            switch (signal.kind()) {
                case SPAN ->
                    durations.put(
                            signal,
                            meter.histogramBuilder(signal.wire())
                                    .setUnit("s")
                                    .setDescription(signal.text())
                                    .setExplicitBucketBoundariesAdvice(BUCKETS)
                                    .build());
                case COUNTER ->
                    counters.put(
                            signal,
                            meter.counterBuilder(signal.wire())
                                    .setDescription(signal.text())
                                    .build());
                case GAUGE ->
                    gauges.put(
                            signal,
                            meter.gaugeBuilder(signal.wire())
                                    .setUnit("s")
                                    .setDescription(signal.text())
                                    .build());
            }
        }
    }

    @Override
    @SuppressWarnings("MustBeClosedChecker") // the span that is returned closes it
    public Span begin(Signal signal, String operation) {
        long began = System.nanoTime();
        io.opentelemetry.api.trace.Span span =
                tracer.spanBuilder(signal.wire() + " " + operation).startSpan();
        Context context = Context.current().with(span);
        Scope scope = context.makeCurrent();
        return (outcome, reason) -> {
            scope.close();
            Attributes about = attributes(signal, List.of(operation, outcome.word(), reason));
            span.setAllAttributes(about);
            if (outcome == Outcome.FAILED) {
                span.setStatus(StatusCode.ERROR, reason);
            }
            span.end();
            DoubleHistogram duration = durations.get(signal);
            if (duration != null) {
                // in its context, so that an exemplar leads to the span
                duration.record((System.nanoTime() - began) / NANOS, about, context);
            }
        };
    }

    @Override
    public void count(Count count) {
        LongCounter counter = counters.get(count.signal());
        Attributes known = attributes.get(count);
        if (counter != null) {
            counter.add(1, known == null ? attributes.computeIfAbsent(count, OpenTelemetryTelemetry::made) : known);
        }
    }

    private static Attributes made(Count count) {
        return attributes(count.signal(), count.values());
    }

    @Override
    public void level(Signal signal, String of, double value) {
        DoubleGauge gauge = gauges.get(signal);
        if (gauge != null) {
            gauge.set(value, attributes(signal, List.of(of)));
        }
    }

    private static Attributes attributes(Signal signal, List<String> values) {
        AttributesBuilder all = Attributes.builder();
        for (int i = 0; i < values.size(); i++) {
            all.put(AttributeKey.stringKey("gatehouse." + signal.tags().get(i)), values.get(i));
        }
        return all.build();
    }
}
