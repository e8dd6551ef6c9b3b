package dev.gatehouse.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.FilterConfig;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Jetty's WebSocket filter by what it looks like from outside; the module {@code containers} has the real one. */
class JettyWebSocketsTest {
    private static final String SOCKETS = "org.eclipse.jetty.ee10.websocket.servlet.WebSocketUpgradeFilter";

    /** A mapping of a filter. */
    public record Mapping(String getFilterName) {}

    /** As Jetty's, with its methods. */
    public static final class Handler {
        private Mapping[] mappings;

        Handler(String... names) {
            mappings = Arrays.stream(names).map(Mapping::new).toArray(Mapping[]::new);
        }

        public Handler getServletHandler() {
            return this;
        }

        public Mapping[] getFilterMappings() {
            return mappings;
        }

        public void setFilterMappings(Mapping[] other) {
            mappings = other;
        }

        List<String> names() {
            return Arrays.stream(mappings).map(Mapping::getFilterName).toList();
        }
    }

    /** The part of Jetty's servlet context that the servlet API has not. */
    public interface JettyContext extends ServletContext {
        Handler getContextHandler();
    }

    private static FilterConfig config(Class<?> contextType, Handler handler, String... filters) {
        Map<String, FilterRegistration> registrations = new HashMap<>();
        for (String filter : filters) {
            registrations.put(
                    filter, Stub.of(FilterRegistration.class, Map.of("getName", filter, "getClassName", filter)));
        }
        Object context =
                Stub.of(contextType, Map.of("getFilterRegistrations", registrations, "getContextHandler", handler));
        return Stub.of(FilterConfig.class, Map.of("getServletContext", context, "getFilterName", "gatehouse"));
    }

    @Test
    @DisplayName("H21 it is put directly behind ours, wherever it stood, and nothing else moves")
    void itIsPutBehind() {
        for (List<String> before : List.of(
                List.of(SOCKETS, "a", "gatehouse", "b"),
                List.of("a", SOCKETS, "gatehouse", "b"),
                List.of("a", "gatehouse", SOCKETS, "b"))) {
            Handler handler = new Handler(before.toArray(String[]::new));
            JettyWebSockets.behind(config(JettyContext.class, handler, "a", SOCKETS, "gatehouse", "b"));
            assertThat(handler.names()).containsExactly("a", "gatehouse", SOCKETS, "b");
        }
        Handler twice = new Handler("gatehouse", SOCKETS, "gatehouse");
        JettyWebSockets.behind(config(JettyContext.class, twice, SOCKETS, "gatehouse"));
        assertThat(twice.names()).containsExactly("gatehouse", "gatehouse", SOCKETS);
        Handler without = new Handler("b", "gatehouse");
        JettyWebSockets.behind(config(JettyContext.class, without, "b", "gatehouse"));
        assertThat(without.names()).containsExactly("b", "gatehouse");
    }

    @Test
    @DisplayName("H21 H20 where it cannot be moved the filter does not start")
    void whereItCannotBeMoved() {
        Handler handler = new Handler(SOCKETS, "gatehouse");
        JettyWebSockets.behind(config(JettyContext.class, handler, SOCKETS, "gatehouse"));
        assertThat(handler.names()).containsExactly("gatehouse", SOCKETS);
        assertThatThrownBy(() -> JettyWebSockets.behind(config(ServletContext.class, handler, SOCKETS, "gatehouse")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("open to anybody");
        assertThatThrownBy(() -> JettyWebSockets.behind(config(JettyContext.class, new Handler(SOCKETS), SOCKETS)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("open to anybody");
        JettyWebSockets.behind(config(ServletContext.class, handler, "gatehouse"));
    }
}
