package dev.gatehouse.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.config.Setting;
import dev.gatehouse.engine.Reasons;
import dev.gatehouse.spi.Telemetry;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the filter tells the host's telemetry. */
class TelemetryTest {
    /** Keeps the values of what is counted. */
    private static final class Kept implements Telemetry {
        final ConcurrentLinkedQueue<List<String>> stops = new ConcurrentLinkedQueue<>();
        final ConcurrentLinkedQueue<List<String>> lookups = new ConcurrentLinkedQueue<>();

        @Override
        public Span begin(Signal signal, String operation) {
            return (outcome, reason) -> {};
        }

        @Override
        public void count(Count count) {
            if (count.signal() == Signal.FILTER) {
                stops.add(count.values());
            } else if (count.signal() == Signal.LOOKUPS) {
                lookups.add(count.values());
            }
        }

        @Override
        public void level(Signal signal, String of, double value) {}
    }

    @Test
    void everyWayToBeStoppedHasItsReasonAndWhoPassesIsAHit() throws Exception {
        Kept kept = new Kept();
        SampleApp app = new SampleApp();
        try (House house = new House(
                        Map.of(Setting.PUBLIC_PATHS, "/public/*", Setting.ROLE_PATHS, "/admin/*=admin"), kept);
                Container.Running running = Container.JETTY.start(
                        new Container.App(context -> app.install(context, new GatehouseFilter(house.gatehouse))))) {
            Wire wire = new Wire(running.port());
            String member = "Cookie: " + house.cookie(house.user("ada@example.com"), "member");
            assertThat(wire.get("/private", member).status()).isEqualTo(200);
            assertThat(wire.get("/private", member).status()).isEqualTo(200);
            assertThat(kept.stops).isEmpty();
            assertThat(kept.lookups)
                    .containsExactly(List.of("session_cookie", "miss"), List.of("session_cookie", "hit"));
            assertThat(wire.get("/private").status()).isEqualTo(401);
            assertThat(wire.get("/private?who=ada@example.com", "Accept: text/html")
                            .status())
                    .isEqualTo(302);
            assertThat(wire.get("/admin/users", member).status()).isEqualTo(403);
            assertThat(wire.get("/a;b/x", member).status()).isEqualTo(400);
            house.storageFails = new IllegalStateException("of ada@example.com");
            assertThat(wire.get("/private", "Cookie: " + house.cookieName() + "=x")
                            .status())
                    .isIn(401, 500);
            house.storageFails = null;
            house.clock.fails = new IllegalStateException("of ada@example.com");
            assertThat(wire.get("/private", member).status()).isEqualTo(500);
            house.clock.fails = null;
            assertThat(kept.stops)
                    .contains(
                            List.of("refused", "not_signed_in"),
                            List.of("refused", "role_required"),
                            List.of("refused", "ambiguous_path"),
                            List.of("failed", "internal_error"));
            assertThat(kept.stops).allMatch(values -> Reasons.words().contains(values.get(1)));
        }
    }

    @Test
    void anApplicationWithAWebXmlLeavesItsTelemetryInTheContext(@TempDir Path data) {
        Kept kept = new Kept();
        Map<String, Object> attributes = new HashMap<>(Map.of(GatehouseFilter.TELEMETRY, kept));
        ServletContext context = Stub.of(ServletContext.class, (name, arguments) -> switch (name) {
            case "getAttribute" -> attributes.get(arguments[0]);
            case "getFilterRegistrations", "getServletRegistrations" -> Map.of();
            case "setAttribute" -> attributes.put((String) arguments[0], arguments[1]);
            default -> throw new AssertionError(name);
        });
        Map<String, String> params = Map.of("data-directory", data.toString(), "api-path", "");
        FilterConfig config = Stub.of(FilterConfig.class, (name, arguments) -> switch (name) {
            case "getServletContext" -> context;
            case "getInitParameter" -> params.get((String) arguments[0]);
            case "getInitParameterNames" -> Collections.enumeration(params.keySet());
            default -> throw new AssertionError(name);
        });
        GatehouseFilter filter = new GatehouseFilter();
        filter.init(config);
        try {
            GatehouseFilter.of(context).stopped(403, "role_required");
        } finally {
            filter.destroy();
        }
        assertThat(kept.stops).containsExactly(List.of("refused", "role_required"));
    }
}
