package dev.gatehouse.samples.docs;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.config.Setting;
import dev.gatehouse.identity.SignedIn;
import dev.gatehouse.servlet.GatehouseFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.EnumSet;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;

public class Main extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        SignedIn me = (SignedIn) request.getUserPrincipal();
        response.setContentType("text/plain; charset=utf-8");
        response.getWriter().print("Hello " + me.user().displayName());
    }

    public static void main(String[] args) throws Exception {
        Gatehouse gatehouse = Gatehouse.builder().set(Setting.APP_NAME, "Hello").build();
        ServletContextHandler context = new ServletContextHandler("/");
        FilterHolder filter = new FilterHolder(new GatehouseFilter(gatehouse));
        filter.setAsyncSupported(true);
        context.addFilter(filter, "/*", EnumSet.allOf(DispatcherType.class));
        context.addServlet(new Main(), "/");
        Server server = new Server(8080);
        server.setHandler(context);
        server.start();
    }
}
