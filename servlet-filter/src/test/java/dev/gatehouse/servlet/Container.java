package dev.gatehouse.servlet;

import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.ErrorPage;
import org.eclipse.jetty.ee10.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.webapp.WebAppContext;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** The containers that the filter is proven in: real ones, on a port of their own. */
enum Container {
    JETTY {
        @Override
        Running start(App app) throws Exception {
            ServletContextHandler context = new ServletContextHandler(ServletContextHandler.SESSIONS);
            context.addServletContainerInitializer(
                    (classes, servlets) -> app.setup().accept(servlets));
            ErrorPageErrorHandler errors = new ErrorPageErrorHandler();
            app.errorPages().forEach(errors::addErrorPage);
            context.setErrorHandler(errors);
            return run(context, app.contextPath());
        }

        @Override
        Running startWebXml(String contextPath, Path webapp) throws Exception {
            WebAppContext context = new WebAppContext();
            context.setBaseResourceAsPath(webapp);
            context.setThrowUnavailableOnStartupException(true);
            return run(context, contextPath);
        }

        private Running run(ServletContextHandler context, String contextPath) throws Exception {
            context.setContextPath(contextPath.isEmpty() ? "/" : contextPath);
            Server server = new Server();
            ServerConnector connector = new ServerConnector(server);
            connector.setHost("127.0.0.1");
            server.addConnector(connector);
            server.setHandler(context);
            server.start();
            return new Running(connector.getLocalPort(), server::stop);
        }
    },

    TOMCAT {
        @Override
        Running start(App app) throws Exception {
            Tomcat tomcat = tomcat();
            Context context = tomcat.addContext(
                    app.contextPath(), tomcat.getServer().getCatalinaBase().getPath());
            context.addServletContainerInitializer(
                    (classes, servlets) -> app.setup().accept(servlets), Set.of());
            app.errorPages().forEach((status, location) -> {
                ErrorPage page = new ErrorPage();
                page.setErrorCode(status);
                page.setLocation(location);
                context.addErrorPage(page);
            });
            return run(tomcat, context);
        }

        @Override
        Running startWebXml(String contextPath, Path webapp) throws Exception {
            Tomcat tomcat = tomcat();
            Context context = tomcat.addWebapp(contextPath, webapp.toString());
            context.setParentClassLoader(Container.class.getClassLoader());
            return run(tomcat, context);
        }

        private Tomcat tomcat() throws IOException {
            Logger.getLogger("org.apache").setLevel(Level.OFF);
            Tomcat tomcat = new Tomcat();
            Path base = Files.createTempDirectory("tomcat");
            base.toFile().deleteOnExit();
            tomcat.setBaseDir(base.toString());
            tomcat.setHostname("127.0.0.1");
            tomcat.setPort(0);
            tomcat.getConnector();
            return tomcat;
        }

        private Running run(Tomcat tomcat, Context context) throws Exception {
            tomcat.start();
            if (!context.getState().isAvailable()) {
                tomcat.stop();
                tomcat.destroy();
                throw new IllegalStateException("the context did not start");
            }
            return new Running(tomcat.getConnector().getLocalPort(), () -> {
                tomcat.stop();
                tomcat.destroy();
            });
        }
    };

    /** An application that sets itself up through the servlet API. */
    record App(String contextPath, Map<Integer, String> errorPages, Consumer<ServletContext> setup) {
        App(Consumer<ServletContext> setup) {
            this("", Map.of(), setup);
        }
    }

    interface Stop {
        void run() throws Exception;
    }

    record Running(int port, Stop stop) implements AutoCloseable {
        @Override
        public void close() {
            try {
                stop.run();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    abstract Running start(App app) throws Exception;

    abstract Running startWebXml(String contextPath, Path webapp) throws Exception;
}
