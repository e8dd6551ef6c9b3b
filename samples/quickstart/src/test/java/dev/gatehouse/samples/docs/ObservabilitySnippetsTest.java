package dev.gatehouse.samples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.servlet.GatehouseFilter;
import dev.gatehouse.spi.Telemetry;
import dev.gatehouse.store.MemoryStorage;
import dev.gatehouse.telemetry.MicrometerTelemetry;
import dev.gatehouse.telemetry.OpenTelemetryTelemetry;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import jakarta.servlet.ServletContext;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

/** The Java of docs/observability.md, word for word. */
@SuppressWarnings("ClassCanBeStatic") // word for word as on the page
class ObservabilitySnippetsTest {
    Gatehouse micrometer(MeterRegistry registry) {
        Gatehouse gatehouse =
                Gatehouse.builder().telemetry(new MicrometerTelemetry(registry)).build();
        return gatehouse;
    }

    Gatehouse openTelemetry(OpenTelemetry openTelemetry) {
        Gatehouse gatehouse = Gatehouse.builder()
                .telemetry(new OpenTelemetryTelemetry(openTelemetry))
                .build();
        return gatehouse;
    }

    void webXml(ServletContext context, MeterRegistry registry) {
        context.setAttribute(GatehouseFilter.TELEMETRY, new MicrometerTelemetry(registry));
    }

    private static void histogram(MeterRegistry registry) {
        registry.config().meterFilter(new MeterFilter() {
            @Override
            public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
                return id.getName().equals("gatehouse.api")
                        ? DistributionStatisticConfig.builder()
                                .percentilesHistogram(true)
                                .build()
                                .merge(config)
                        : config;
            }
        });
    }

    static final class Refusals implements Telemetry {
        final Map<String, LongAdder> byReason = new ConcurrentHashMap<>();

        @Override
        public Span begin(Signal signal, String operation) {
            return (outcome, reason) ->
                    byReason.computeIfAbsent(reason, any -> new LongAdder()).increment();
        }

        @Override
        public void count(Count count) {}

        @Override
        public void level(Signal signal, String of, double value) {}
    }

    private static void ask(Telemetry telemetry) {
        try (Gatehouse gatehouse = Gatehouse.builder()
                .storage(new MemoryStorage())
                .keyring(LocalKeyring.random())
                .set(Setting.PASSWORD_HASH_MEMORY, "4096")
                .telemetry(telemetry)
                .build()) {
            gatehouse.api(new dev.gatehouse.api.Request(
                    "GET", "/user_management/users", "", Map.of(), new byte[0], "127.0.0.1", false));
        }
    }

    @Test
    void theSnippetsMeasure() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        histogram(registry);
        ask(new MicrometerTelemetry(registry));
        assertThat(registry.get("gatehouse.api")
                        .tags("operation", "GET /user_management/users", "reason", "unauthorized")
                        .timer()
                        .count())
                .isEqualTo(1);
        Refusals own = new Refusals();
        ask(own);
        assertThat(own.byReason).containsOnlyKeys("unauthorized");
        ask(new OpenTelemetryTelemetry(OpenTelemetry.noop()));
    }
}
