package dev.gatehouse.containers;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;

/** Puts WebSocket endpoints in place once the container's part is there: one to be protected, one for anybody. */
public final class EchoListener implements ServletContextListener {
    @Override
    public void contextInitialized(ServletContextEvent started) {
        ServerContainer sockets =
                (ServerContainer) started.getServletContext().getAttribute(ServerContainer.class.getName());
        try {
            for (String path : new String[] {"/socket", "/open-socket"}) {
                sockets.addEndpoint(ServerEndpointConfig.Builder.create(Echo.class, path)
                        .configurator(new Echo.Handshake())
                        .build());
            }
        } catch (DeploymentException e) {
            throw new IllegalStateException(e);
        }
    }
}
