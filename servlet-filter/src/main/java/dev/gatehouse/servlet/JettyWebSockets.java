package dev.gatehouse.servlet;

import jakarta.servlet.FilterConfig;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;

/**
 * Jetty opens WebSockets in a filter that it puts before all others, whatever their order, so that every endpoint would be
 * open to anybody (ATTACKS H21). That filter is moved behind this one.
 */
final class JettyWebSockets {
    private static final String FILTER = ".websocket.servlet.WebSocketUpgradeFilter";

    private JettyWebSockets() {}

    /**
     * Moves Jetty's filter behind this one. Nothing to do in any other container.
     *
     * @throws IllegalStateException if it is there and cannot be moved: endpoints must not be open unnoticed
     */
    static void behind(FilterConfig ours) {
        ServletContext context = ours.getServletContext();
        for (FilterRegistration filter : context.getFilterRegistrations().values()) {
            String type = filter.getClassName();
            if (type != null && type.endsWith(FILTER)) {
                try {
                    move(context, filter.getName(), ours.getFilterName());
                } catch (ReflectiveOperationException | RuntimeException e) {
                    throw new IllegalStateException(
                            "Jetty's " + type
                                    + " cannot be put behind GatehouseFilter, so that WebSockets would be open to"
                                    + " anybody. Leave Jetty's WebSocket module away, or tell us the version of Jetty.",
                            e);
                }
            }
        }
    }

    /** By reflection: Jetty is no dependency, and hides its classes from what it deploys. */
    private static void move(ServletContext context, String sockets, String ours) throws ReflectiveOperationException {
        Object handler = call(call(context, "getContextHandler"), "getServletHandler");
        Object[] mappings = (Object[]) call(handler, "getFilterMappings");
        List<Object> ordered = new ArrayList<>();
        List<Object> behind = new ArrayList<>();
        int last = -1;
        for (Object mapping : mappings) {
            Object name = call(mapping, "getFilterName");
            (sockets.equals(name) ? behind : ordered).add(mapping);
            if (ours.equals(name)) {
                last = ordered.size();
            }
        }
        if (last < 0) {
            throw new IllegalStateException("no mapping of " + ours);
        }
        ordered.addAll(last, behind);
        Object[] result =
                ordered.toArray((Object[]) Array.newInstance(mappings.getClass().getComponentType(), mappings.length));
        handler.getClass().getMethod("setFilterMappings", mappings.getClass()).invoke(handler, (Object) result);
    }

    private static Object call(Object on, String method) throws ReflectiveOperationException {
        return on.getClass().getMethod(method).invoke(on);
    }
}
