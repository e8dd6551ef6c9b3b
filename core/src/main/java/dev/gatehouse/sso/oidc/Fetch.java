package dev.gatehouse.sso.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Parameters;
import dev.gatehouse.engine.Json;
import dev.gatehouse.spi.Outbound;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** Calls a provider's endpoints: five seconds, one megabyte, JSON, no redirects (ATTACKS O06, O17). */
final class Fetch {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int MOST = 1 << 20;

    private final Outbound outbound;
    private final Json json;

    Fetch(Outbound outbound, Json json) {
        this.outbound = outbound;
        this.json = json;
    }

    /** A JSON answer, read strictly. */
    record Reply(int status, JsonNode body) {}

    /** @throws OidcRefusal of that step if there is no JSON answer */
    Reply get(OidcStep step, String url, Map<String, String> headers) {
        return call(step, new Outbound.Request("GET", uri(step, url), with(headers), new byte[0], PATIENCE, MOST));
    }

    /** As {@link #get}, of a form that is sent once: a code is never sent again. */
    Reply post(OidcStep step, String url, Map<String, String> headers, Map<String, String> form) {
        Map<String, String> all = with(headers);
        all.put("Content-Type", "application/x-www-form-urlencoded");
        byte[] body = Parameters.encode(form).getBytes(StandardCharsets.UTF_8);
        return call(step, new Outbound.Request("POST", uri(step, url), all, body, PATIENCE, MOST));
    }

    private static Map<String, String> with(Map<String, String> headers) {
        Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        all.put("Accept", "application/json");
        all.put("User-Agent", "gatehouse");
        all.putAll(headers);
        return all;
    }

    private static URI uri(OidcStep step, String url) {
        try {
            return URI.create(url);
        } catch (IllegalArgumentException e) {
            throw new OidcRefusal(step, "an address", url);
        }
    }

    private Reply call(OidcStep step, Outbound.Request request) {
        Outbound.Response response;
        try {
            response = outbound.call(request);
        } catch (IOException e) {
            throw new OidcRefusal(step, "an answer of " + request.uri().getHost(), e.getMessage());
        }
        try {
            return new Reply(response.status(), json.readRequest(response.body()));
        } catch (ApiException e) {
            throw new OidcRefusal(step, "JSON", "status " + response.status() + " without JSON that can be read");
        }
    }
}
