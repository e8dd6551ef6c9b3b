package dev.gatehouse.benchmarks;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.config.Setting;
import dev.gatehouse.identity.NewUser;
import dev.gatehouse.identity.Source;
import dev.gatehouse.servlet.GatehouseFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.EnumSet;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandlerCollection;

/**
 * A Jetty with the same page once in each context: bare, behind Gatehouse, and behind each peer. Run as a process of its own,
 * it says at its standard output where it listens and what to send, and ends when its standard input does.
 */
public final class Server {
    private Server() {}

    /** {@code USERS [KIB PASSES]}, these of password hashes. */
    public static void main(String[] arguments) throws Exception {
        org.eclipse.jetty.server.Server jetty = new org.eclipse.jetty.server.Server();
        ServerConnector connector = new ServerConnector(jetty);
        connector.setHost("127.0.0.1");
        jetty.addConnector(connector);
        ContextHandlerCollection contexts = new ContextHandlerCollection();
        contexts.addHandler(context("/bare"));
        for (Peer peer : Peer.values()) {
            ServletContextHandler context = context("/" + peer.name());
            context.addServlet(new ServletHolder(new SignIn(peer)), "/sign-in");
            filter(context, new Late(peer), "/page");
            contexts.addHandler(context);
        }
        Population population = new Population(Ours.file());
        Gatehouse.Builder builder = Ours.builder(population).set(Setting.API_PATH, "/api");
        if (arguments.length == 3) {
            builder.set(Setting.PASSWORD_HASH_MEMORY, arguments[1]).set(Setting.PASSWORD_HASH_PASSES, arguments[2]);
        }
        Gatehouse gatehouse = builder.build();
        int users = Integer.parseInt(arguments[0]);
        population.grow(gatehouse, users, users);
        ServletContextHandler ours = context("/gatehouse");
        filter(ours, new GatehouseFilter(gatehouse), "/*");
        contexts.addHandler(ours);
        jetty.setHandler(contexts);
        jetty.start();
        System.out.println(connector.getLocalPort());
        System.out.println(cookie(gatehouse));
        System.out.println(population.middleUser());
        while (System.in.read() >= 0) {
            // until whoever started this ends
        }
        System.exit(0);
    }

    /** The cookie of somebody who has signed in, as a browser sends it. */
    static String cookie(Gatehouse gatehouse) {
        String env = gatehouse.environment().id();
        String name = gatehouse.pages().sessionCookie();
        String user = gatehouse.users().create(NewUser.of(Ours.EMAIL)).id();
        String session = gatehouse.sessions().begin(env, Ours.CLIENT, user, null, new Source("127.0.0.1", "bench"));
        return name + "=" + gatehouse.sessions().seal(env, name, session);
    }

    private static ServletContextHandler context(String path) {
        ServletContextHandler context = new ServletContextHandler(path, ServletContextHandler.SESSIONS);
        context.addServlet(new ServletHolder(new PageServlet()), "/page");
        return context;
    }

    private static void filter(ServletContextHandler context, Filter filter, String path) {
        FilterHolder holder = new FilterHolder(filter);
        holder.setAsyncSupported(true);
        context.addFilter(holder, path, EnumSet.allOf(DispatcherType.class));
    }

    /** A peer's filter, made once there is a context to make it in. */
    private static final class Late implements Filter {
        private final Peer peer;
        private Filter filter = (request, response, chain) -> {};

        Late(Peer peer) {
            this.peer = peer;
        }

        @Override
        public void init(FilterConfig config) throws ServletException {
            filter = peer.filter(config.getServletContext());
        }

        @Override
        public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            filter.doFilter(request, response, chain);
        }
    }

    private static final class SignIn extends HttpServlet {
        private static final long serialVersionUID = 1L;
        private final Peer peer;

        SignIn(Peer peer) {
            this.peer = peer;
        }

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) {
            peer.signIn(request.getSession());
        }
    }

    private static final class PageServlet extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.setContentType("text/plain");
            response.getOutputStream().print("Hello " + request.getRemoteUser());
        }
    }
}
