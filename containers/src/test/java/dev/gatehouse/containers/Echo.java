package dev.gatehouse.containers;

import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.Session;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.Principal;

/** A WebSocket endpoint that says what it hears, and whom it hears. */
public final class Echo extends Endpoint {
    @Override
    public void onOpen(Session session, EndpointConfig config) {
        Principal who = session.getUserPrincipal();
        Object shaken = config.getUserProperties().get("who");
        session.addMessageHandler(
                String.class, new Answer(session, (who == null ? null : who.getName()) + " " + shaken));
    }

    private record Answer(Session session, String who) implements MessageHandler.Whole<String> {
        @Override
        public void onMessage(String message) {
            try {
                session.getBasicRemote().sendText(message + " from " + who);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Keeps who shook hands. */
    static final class Handshake extends ServerEndpointConfig.Configurator {
        @Override
        public void modifyHandshake(ServerEndpointConfig config, HandshakeRequest request, HandshakeResponse response) {
            Principal who = request.getUserPrincipal();
            config.getUserProperties().put("who", who == null ? "nobody" : who.getName());
        }
    }
}
