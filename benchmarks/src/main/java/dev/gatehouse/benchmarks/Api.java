package dev.gatehouse.benchmarks;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.api.Answer;
import dev.gatehouse.api.Request;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** The REST API in process, as the server of an application calls it. */
record Api(Gatehouse gatehouse) {
    static final String AUTHENTICATE = "/user_management/authenticate";
    static final String USERS = "/user_management/users";
    private static final byte[] NOTHING = {};
    private static final Map<String, List<String>> READS = Map.of("authorization", List.of("Bearer " + Ours.KEY));
    private static final Map<String, List<String>> WRITES =
            Map.of("authorization", List.of("Bearer " + Ours.KEY), "content-type", List.of("application/json"));

    /** The answer to a body of JSON, which must be a yes. */
    String post(String path, String body) {
        return text(gatehouse.api(
                new Request("POST", path, "", WRITES, body.getBytes(StandardCharsets.UTF_8), "127.0.0.1", true)));
    }

    String get(String path, String query) {
        return text(gatehouse.api(new Request("GET", path, query, READS, NOTHING, "127.0.0.1", true)));
    }

    /** The body of {@code authenticate}. */
    String grant(String type, String more) {
        return "{\"grant_type\":\"%s\",\"client_id\":\"%s\",\"client_secret\":\"%s\",%s}"
                .formatted(type, Ours.CLIENT, Ours.KEY, more);
    }

    private static String text(Answer answer) {
        if (answer.status() >= 300) {
            throw new IllegalStateException(answer.status() + " " + answer.text());
        }
        return answer.text();
    }

    /** The first member of this name, a string. */
    static String text(String json, String name) {
        String before = "\"" + name + "\":\"";
        int start = json.indexOf(before);
        if (start < 0) {
            throw new IllegalStateException("no " + name + " in " + json);
        }
        return json.substring(start + before.length(), json.indexOf('"', start + before.length()));
    }
}
