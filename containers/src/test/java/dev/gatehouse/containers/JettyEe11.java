package dev.gatehouse.containers;

import jakarta.servlet.ServletContext;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.eclipse.jetty.ee11.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.webapp.WebAppContext;
import org.eclipse.jetty.ee11.websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer;

/** Jetty 12 with Servlet 6.1. */
final class JettyEe11 implements Launcher {
    @Override
    public Running start(Consumer<ServletContext> setup, Map<Integer, String> errorPages) throws Exception {
        ServletContextHandler context = new ServletContextHandler("/", ServletContextHandler.SESSIONS);
        context.addServletContainerInitializer((classes, servlets) -> setup.accept(servlets));
        JakartaWebSocketServletContainerInitializer.configure(context, (servlets, container) -> {});
        ErrorPageErrorHandler errors = new ErrorPageErrorHandler();
        errorPages.forEach(errors::addErrorPage);
        context.setErrorHandler(errors);
        return JettyServer.run(context);
    }

    @Override
    public Running startConfigured(String contextPath, Path webapp, Map<String, String> initParams) throws Exception {
        WebXml.write(webapp, initParams);
        WebAppContext context = new WebAppContext();
        context.setContextPath(contextPath);
        context.setBaseResourceAsPath(webapp);
        context.setThrowUnavailableOnStartupException(true);
        return JettyServer.run(context);
    }
}
