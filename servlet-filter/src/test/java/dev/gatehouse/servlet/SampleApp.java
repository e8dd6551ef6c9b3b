package dev.gatehouse.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpUpgradeHandler;
import jakarta.servlet.http.WebConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An application behind the filter. It answers every path there is, so that only the filter can refuse; what it says names
 * who it saw. {@code /public/*} has handlers that lead elsewhere: {@code /public/forward?to=/admin} and so on.
 */
final class SampleApp {
    static final String SECRET = "SECRET";

    /** Requests that reached a handler. */
    final AtomicInteger handled = new AtomicInteger();

    /** Puts filters and handlers in place, the handlers at {@code /}. */
    void install(ServletContext context, Filter... filters) {
        int number = 0;
        for (Filter filter : filters) {
            FilterRegistration.Dynamic dynamic = context.addFilter("gatehouse" + number++, filter);
            dynamic.setAsyncSupported(true);
            dynamic.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), true, "/*");
        }
        add(context, "everything", new Everything(), "/");
        add(context, "public", new Public(), "/public/*");
    }

    void add(ServletContext context, String name, HttpServlet servlet, String... mappings) {
        ServletRegistration.Dynamic dynamic = context.addServlet(name, servlet);
        dynamic.setAsyncSupported(true);
        dynamic.addMapping(mappings);
    }

    static String saw(HttpServletRequest request) {
        return "user=" + request.getRemoteUser()
                + " principal=" + request.getUserPrincipal()
                + " attribute=" + request.getAttribute(GatehouseFilter.SIGNED_IN)
                + " auth=" + request.getAuthType()
                + " admin=" + request.isUserInRole("admin")
                + " method=" + request.getMethod()
                + " dispatch=" + request.getDispatcherType();
    }

    /** Answers any path and any method with the secret. */
    final class Everything extends HttpServlet {
        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            handled.incrementAndGet();
            response.getWriter().print(SECRET + " " + saw(request));
        }
    }

    /** Pages for anybody, that lead on. */
    private final class Public extends HttpServlet {
        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response)
                throws IOException, ServletException {
            handled.incrementAndGet();
            String to = request.getParameter("to");
            switch (request.getPathInfo() == null ? "" : request.getPathInfo()) {
                case "/forward" -> request.getRequestDispatcher(to).forward(request, response);
                case "/include" -> {
                    response.getWriter().print("before ");
                    request.getRequestDispatcher(to).include(request, response);
                    response.getWriter().print(" after");
                }
                case "/error" -> response.sendError(Integer.parseInt(to), "told by the application");
                case "/throw" -> throw new ServletException("thrown by the application");
                case "/reset" -> response.getWriter().print("public " + saw(request));
                case "/async" -> {
                    AsyncContext async = request.startAsync(request, response);
                    async.start(() -> async.dispatch(to));
                }
                case "/async-plain" -> {
                    AsyncContext async = request.startAsync();
                    async.start(() -> {
                        try {
                            String seen = ((HttpServletRequest) async.getRequest()).getRemoteUser();
                            async.getResponse().getWriter().print("public user=" + seen);
                        } catch (IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        } finally {
                            async.complete();
                        }
                    });
                }
                case "/async-again" -> {
                    if (request.getDispatcherType() == DispatcherType.ASYNC) {
                        response.getWriter().print("public " + saw(request));
                    } else {
                        AsyncContext async = request.startAsync();
                        async.start(async::dispatch);
                    }
                }
                case "/async-committed" -> {
                    response.getWriter().print("half ");
                    response.flushBuffer();
                    AsyncContext async = request.startAsync(request, response);
                    async.start(() -> async.dispatch(to));
                }
                case "/stream" -> {
                    response.setContentType("text/event-stream");
                    response.flushBuffer();
                    response.getWriter().print("data: public " + saw(request) + "\n\n");
                    response.flushBuffer();
                }
                default -> response.getWriter().print("public " + saw(request));
            }
        }
    }

    /** Leaves HTTP, as WebSocket does. */
    static final class Upgrade extends HttpServlet {
        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response)
                throws IOException, ServletException {
            response.setHeader("Upgrade", "echo");
            response.setHeader("Connection", "Upgrade");
            request.upgrade(Handler.class);
        }

        /** Says one thing and closes. */
        public static final class Handler implements HttpUpgradeHandler {
            @Override
            public void init(WebConnection connection) {
                try (connection) {
                    connection.getOutputStream().write((SECRET + " upgraded").getBytes(StandardCharsets.UTF_8));
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }

            @Override
            public void destroy() {}
        }
    }
}
