package dev.gatehouse.containers;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.identity.NewUser;
import dev.gatehouse.identity.User;
import dev.gatehouse.servlet.GatehouseFilter;
import dev.gatehouse.store.MemoryStorage;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.EnumSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * An application that says on every path whom it saw. Handlers of {@code /open/*} lead elsewhere: {@code
 * /open/forward?to=/admin/x} and so on.
 */
final class App {
    private App() {}

    /** In memory, with what {@link #install} leads to. */
    static Gatehouse gatehouse() {
        return Gatehouse.builder()
                .storage(new MemoryStorage())
                .keyring(LocalKeyring.random())
                .set(Setting.PASSWORD_HASH_MEMORY, "4096")
                .set(Setting.PASSWORD_HASH_PASSES, "1")
                .set(Setting.PUBLIC_PATHS, "/open/*, /open-socket")
                .set(Setting.ROLE_PATHS, "/admin/*=admin")
                .build();
    }

    /** Somebody with a role in an organization of his own. */
    static User member(Gatehouse gatehouse, String name, String role) {
        User user = gatehouse
                .users()
                .create(NewUser.of(name + "@example.com")
                        .withPassword(Client.PASSWORD)
                        .withName(name, name));
        gatehouse
                .organizations()
                .addMember(gatehouse.organizations().create("Of " + name).id(), user.id(), role);
        return user;
    }

    /** Puts the filter and the handlers in place, as docs/servlet.md does. */
    static void install(Gatehouse gatehouse, ServletContext context) {
        FilterRegistration.Dynamic filter = context.addFilter("gatehouse", new GatehouseFilter(gatehouse));
        filter.setAsyncSupported(true);
        filter.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), false, "/*");
        add(context, "pages", new Says(), "/");
        add(context, "open", new Open(), "/open/*");
        context.addListener(new EchoListener());
    }

    static void add(ServletContext context, String name, HttpServlet servlet, String... mappings) {
        ServletRegistration.Dynamic dynamic = context.addServlet(name, servlet);
        dynamic.setAsyncSupported(true);
        dynamic.addMapping(mappings);
    }

    static String saw(HttpServletRequest request) {
        return "saw user=" + request.getRemoteUser() + " admin=" + request.isUserInRole("admin") + " dispatch="
                + request.getDispatcherType() + " " + request.getProtocol();
    }

    private static final class Says extends HttpServlet {
        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.getWriter().print(saw(request));
        }
    }

    private static final class Open extends HttpServlet {
        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response)
                throws IOException, ServletException {
            String to = request.getParameter("to");
            switch (request.getPathInfo() == null ? "" : request.getPathInfo()) {
                case "/forward" -> request.getRequestDispatcher(to).forward(request, response);
                case "/include" -> {
                    response.getWriter().print("before ");
                    request.getRequestDispatcher(to).include(request, response);
                    response.getWriter().print(" after");
                }
                case "/error" -> response.sendError(Integer.parseInt(to));
                case "/async" -> {
                    AsyncContext async = request.startAsync();
                    async.start(() -> async.dispatch(to));
                }
                case "/other-thread" -> otherThread(request.startAsync());
                case "/login" -> {
                    try {
                        request.login(request.getParameter("email"), request.getParameter("password"));
                    } catch (ServletException e) {
                        response.setStatus(422);
                        response.getWriter().print(e.getMessage());
                        return;
                    }
                    response.getWriter().print(saw(request));
                }
                case "/logout" -> {
                    request.logout();
                    response.getWriter().print(saw(request));
                }
                case "/authenticate" -> {
                    response.getWriter().print("half a page ");
                    if (request.authenticate(response)) {
                        response.getWriter().print(saw(request));
                    }
                }
                default -> response.getWriter().print(saw(request));
            }
        }

        /** Answers from a thread that is none of the container's. */
        private static void otherThread(AsyncContext async) {
            CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS).execute(() -> {
                try {
                    async.getResponse().getWriter().print(saw((HttpServletRequest) async.getRequest()));
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                } finally {
                    async.complete();
                }
            });
        }
    }
}
