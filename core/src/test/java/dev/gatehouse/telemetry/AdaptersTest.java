package dev.gatehouse.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.spi.Telemetry;
import dev.gatehouse.spi.Telemetry.Count;
import dev.gatehouse.spi.Telemetry.Kind;
import dev.gatehouse.spi.Telemetry.Outcome;
import dev.gatehouse.spi.Telemetry.Signal;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the adapters make of what they are told. */
class AdaptersTest {
    /** One of everything. */
    private static void tell(Telemetry telemetry) {
        for (Signal signal : Signal.values()) {
            switch (signal.kind()) {
                case SPAN -> telemetry.begin(signal, "POST /x/{id}").end(Outcome.REFUSED, "rate_limit_exceeded");
                case COUNTER -> {
                    Count count = new Count(
                            signal,
                            signal.tags().stream().map(tag -> "a_" + tag).toList());
                    telemetry.count(count);
                    telemetry.count(new Count(signal, count.values()));
                }
                case GAUGE -> {
                    telemetry.level(signal, "mail", 3);
                    telemetry.level(signal, "mail", 7.5);
                }
            }
        }
    }

    @Test
    void everySignalBecomesOneMeterOfMicrometer() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        tell(new MicrometerTelemetry(registry));
        for (Signal signal : Signal.values()) {
            List<Meter> meters = List.copyOf(registry.find(signal.wire()).meters());
            assertThat(meters).as(signal.wire()).hasSize(1);
            Meter.Id id = meters.get(0).getId();
            assertThat(id.getTags().stream().map(Tag::getKey)).containsExactlyInAnyOrderElementsOf(signal.tags());
            assertThat(id.getDescription()).isEqualTo(signal.text());
        }
        assertThat(registry.get("gatehouse.api")
                        .tag("reason", "rate_limit_exceeded")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("gatehouse.sign.ins").counter().count()).isEqualTo(2);
        assertThat(registry.get("gatehouse.queue.lag")
                        .tag("queue", "mail")
                        .gauge()
                        .value())
                .isEqualTo(7.5);
    }

    @Test
    @DisplayName("every signal becomes one metric of OpenTelemetry, and an operation a child of the host's span")
    void everySignalBecomesAMetricAndASpan() {
        InMemorySpanExporter spans = InMemorySpanExporter.create();
        InMemoryMetricReader metrics = InMemoryMetricReader.create();
        try (OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .addSpanProcessor(SimpleSpanProcessor.create(spans))
                        .build())
                .setMeterProvider(
                        SdkMeterProvider.builder().registerMetricReader(metrics).build())
                .build()) {
            Telemetry telemetry = new OpenTelemetryTelemetry(sdk);
            Span host = sdk.getTracer("host").spanBuilder("request").startSpan();
            try (Scope scope = host.makeCurrent()) {
                assertThat(scope).isNotNull();
                Telemetry.Span failing = telemetry.begin(Signal.API, "GET /y");
                sdk.getTracer("host").spanBuilder("query").startSpan().end();
                failing.end(Outcome.FAILED, "internal_error");
                tell(telemetry);
                assertThat(Span.current()).isSameAs(host);
            }
            host.end();
            assertThat(metrics.collectAllMetrics().stream().map(MetricData::getName))
                    .containsExactlyInAnyOrderElementsOf(
                            List.of(Signal.values()).stream().map(Signal::wire).toList());
            List<SpanData> finished = spans.getFinishedSpanItems();
            assertThat(finished.stream().map(SpanData::getName))
                    .containsExactly(
                            "query",
                            "gatehouse.api GET /y",
                            "gatehouse.api POST /x/{id}",
                            "gatehouse.pages POST /x/{id}",
                            "request");
            SpanData failed = finished.get(1);
            assertThat(finished.get(0).getParentSpanId()).isEqualTo(failed.getSpanId());
            assertThat(failed.getParentSpanId()).isEqualTo(host.getSpanContext().getSpanId());
            assertThat(failed.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
            SpanData refused = finished.get(2);
            assertThat(refused.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
            assertThat(refused.getAttributes().get(AttributeKey.stringKey("gatehouse.reason")))
                    .isEqualTo("rate_limit_exceeded");
            assertThat(refused.getAttributes().asMap().keySet().stream().map(AttributeKey::getKey))
                    .containsExactlyInAnyOrderElementsOf(Signal.API.tags().stream()
                            .map(tag -> "gatehouse." + tag)
                            .collect(Collectors.toList()));
        }
    }

    @Test
    void namesAreInTheirSpelling() {
        assertThat(Signal.values())
                .allSatisfy(signal -> assertThat(signal.wire()).matches("gatehouse(\\.[a-z]+)+"))
                .allSatisfy(signal -> assertThat(signal.tags()).allMatch(tag -> tag.matches("[a-z_]+")))
                .extracting(Signal::kind)
                .contains(Kind.values());
    }
}
