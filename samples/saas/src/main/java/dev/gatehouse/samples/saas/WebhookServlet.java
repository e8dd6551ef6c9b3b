package dev.gatehouse.samples.saas;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.crypto.Secret;
import dev.gatehouse.identity.User;
import dev.gatehouse.webhooks.WebhookEndpoint;
import dev.gatehouse.webhooks.WebhookSignature;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Takes Gatehouse's webhooks and keeps what the page about activity shows. Anybody can reach it: the signature decides. */
final class WebhookServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    static final String PATH = "/webhooks/gatehouse";
    private static final int MOST = 1 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Set<String> EVENTS = Set.of(
            "organization_membership.created",
            "organization_membership.updated",
            "invitation.created",
            "invitation.accepted",
            "invitation.revoked",
            "api_key.created",
            "api_key.revoked");

    private final transient Waybill app;
    private final transient Clock clock;
    private final String endpoint;

    WebhookServlet(Waybill app, Clock clock, String origin) {
        this.app = app;
        this.clock = clock;
        this.endpoint = register(app, origin + PATH);
    }

    /** Registers the address at the first start; later ones find it, and move it when the port is another. */
    private static String register(Waybill app, String url) {
        Optional<WebhookEndpoint> known = app.gatehouse().webhooks().list(null, 100).stream()
                .filter(endpoint -> endpoint.endpointUrl().endsWith(PATH))
                .findFirst();
        WebhookEndpoint now = known.isEmpty()
                ? app.gatehouse().webhooks().create(url, EVENTS)
                : app.gatehouse().webhooks().update(known.get().id(), url, true, EVENTS);
        return now.id();
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        byte[] body = request.getInputStream().readNBytes(MOST);
        Secret secret = app.gatehouse().webhooks().secret(endpoint);
        String header = request.getHeader(WebhookSignature.HEADER);
        boolean genuine = header != null
                && WebhookSignature.verify(header, body, secret, WebhookSignature.TOLERANCE, clock.instant());
        if (!genuine) {
            response.sendError(401);
            return;
        }
        keep(JSON.readTree(body));
        response.setStatus(204);
    }

    private void keep(JsonNode event) {
        JsonNode data = event.path("data");
        String organization =
                data.path("organization_id").asText(data.at("/owner/id").asText());
        String text = told(event.path("event").asText(), data);
        if (!organization.isEmpty() && !text.isEmpty()) {
            app.activities()
                    .add(
                            event.path("id").asText(),
                            organization,
                            Instant.parse(event.path("created_at").asText()),
                            text);
        }
    }

    private String told(String event, JsonNode data) {
        String role = data.at("/role/slug").asText();
        if (data.path("status").asText().equals("pending")) {
            return ""; // invited, and told as that
        }
        return switch (event) {
            case "organization_membership.created" -> who(data) + " joined as " + role;
            case "organization_membership.updated" -> who(data) + " is " + role + " now";
            case "invitation.created" -> data.path("email").asText() + " was invited";
            case "invitation.accepted" -> data.path("email").asText() + " accepted the invitation";
            case "invitation.revoked" ->
                "The invitation of " + data.path("email").asText() + " was taken back";
            case "api_key.created" -> "The API key " + data.path("name").asText() + " was made";
            case "api_key.revoked" -> "The API key " + data.path("name").asText() + " was revoked";
            default -> "";
        };
    }

    private String who(JsonNode data) {
        return app.gatehouse()
                .users()
                .find(data.path("user_id").asText())
                .map(User::displayName)
                .orElse("Somebody who left");
    }
}
