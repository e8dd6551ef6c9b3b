package dev.gatehouse.containers;

import dev.gatehouse.servlet.GatehouseFilter;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.handlers.PathHandler;
import io.undertow.server.handlers.resource.PathResourceManager;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.api.FilterInfo;
import io.undertow.servlet.api.ServletContainerInitializerInfo;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import io.undertow.websockets.jsr.WebSocketDeploymentInfo;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** Undertow, which has no {@code web.xml} by itself: init-params are given to its deployment API. */
final class EmbeddedUndertow implements Launcher {
    // kept, or the levels are lost with the loggers
    private final List<Logger> logs =
            Stream.of("io.undertow", "org.xnio").map(Logger::getLogger).toList();

    EmbeddedUndertow() {
        logs.forEach(log -> log.setLevel(Level.OFF));
    }

    @Override
    public Running start(Consumer<ServletContext> setup, Map<Integer, String> errorPages) throws Exception {
        ServletContainerInitializer initializer = (classes, servlets) -> setup.accept(servlets);
        DeploymentInfo deployment = deployment("/")
                .addServletContainerInitializer(new ServletContainerInitializerInfo(
                        ServletContainerInitializer.class, new ImmediateInstanceFactory<>(initializer), Set.of()));
        errorPages.forEach((status, location) -> deployment.addErrorPage(Servlets.errorPage(location, status)));
        return run(deployment);
    }

    @Override
    public Running startConfigured(String contextPath, Path webapp, Map<String, String> initParams) throws Exception {
        FilterInfo filter = Servlets.filter("gatehouse", GatehouseFilter.class).setAsyncSupported(true);
        initParams.forEach(filter::addInitParam);
        DeploymentInfo deployment =
                deployment(contextPath).addFilter(filter).setResourceManager(new PathResourceManager(webapp));
        deployment.addListener(Servlets.listener(EchoListener.class));
        deployment.addServlet(
                Servlets.servlet("by-role", Annotated.Reports.class).addMapping("/by-role"));
        deployment.addServlet(Servlets.servlet("by-container", Secured.class).addMapping("/by-container"));
        for (DispatcherType type : DispatcherType.values()) {
            deployment.addFilterUrlMapping("gatehouse", "/*", type);
        }
        return run(deployment);
    }

    private static DeploymentInfo deployment(String contextPath) {
        return Servlets.deployment()
                .setDeploymentName("app")
                .setContextPath(contextPath)
                .addServletContextAttribute(WebSocketDeploymentInfo.ATTRIBUTE_NAME, new WebSocketDeploymentInfo())
                .setClassLoader(EmbeddedUndertow.class.getClassLoader());
    }

    private static Running run(DeploymentInfo deployment) throws Exception {
        DeploymentManager manager = Servlets.newContainer().addDeployment(deployment);
        manager.deploy();
        PathHandler root = new PathHandler().addPrefixPath(deployment.getContextPath(), manager.start());
        Undertow server = Undertow.builder()
                .setServerOption(UndertowOptions.ENABLE_HTTP2, true)
                .addHttpListener(0, "127.0.0.1")
                .setHandler(root)
                .build();
        server.start();
        int port = ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
        return new Running(port, () -> {
            server.stop();
            manager.stop();
            manager.undeploy();
        });
    }
}
