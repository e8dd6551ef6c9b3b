package dev.gatehouse.containers;

import jakarta.servlet.ServletContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.descriptor.web.ErrorPage;
import org.apache.tomcat.util.scan.StandardJarScanner;
import org.apache.tomcat.websocket.server.WsSci;

/** Tomcat 10.1 and 11: one source, compiled against the older. */
final class EmbeddedTomcat implements Launcher {
    // kept, or the level is lost with the logger
    private final Logger log = Logger.getLogger("org.apache");

    @Override
    public Running start(Consumer<ServletContext> setup, Map<Integer, String> errorPages) throws Exception {
        Tomcat tomcat = tomcat();
        Context context =
                tomcat.addContext("", tomcat.getServer().getCatalinaBase().getPath());
        context.addServletContainerInitializer(new WsSci(), Set.of());
        context.addServletContainerInitializer((classes, servlets) -> setup.accept(servlets), Set.of());
        errorPages.forEach((status, location) -> {
            ErrorPage page = new ErrorPage();
            page.setErrorCode(status);
            page.setLocation(location);
            context.addErrorPage(page);
        });
        return run(tomcat, context);
    }

    @Override
    public Running startConfigured(String contextPath, Path webapp, Map<String, String> initParams) throws Exception {
        WebXml.write(webapp, initParams);
        Tomcat tomcat = tomcat();
        Context context = tomcat.addWebapp(contextPath, webapp.toString());
        context.setParentClassLoader(EmbeddedTomcat.class.getClassLoader());
        // the class path of the tests has no part of the application, and takes ten seconds
        ((StandardJarScanner) context.getJarScanner()).setScanClassPath(false);
        return run(tomcat, context);
    }

    private Tomcat tomcat() throws Exception {
        log.setLevel(Level.OFF);
        Tomcat tomcat = new Tomcat();
        Path base = Files.createTempDirectory("tomcat");
        base.toFile().deleteOnExit();
        tomcat.setBaseDir(base.toString());
        tomcat.setHostname("127.0.0.1");
        tomcat.setPort(0);
        tomcat.getConnector().addUpgradeProtocol(new Http2Protocol());
        return tomcat;
    }

    private static Running run(Tomcat tomcat, Context context) throws Exception {
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
}
