package dev.gatehouse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.api.Answer;
import dev.gatehouse.api.Request;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.spi.Storage;
import dev.gatehouse.store.MemoryStorage;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A Gatehouse in memory with a steerable clock, and a client of its REST API. */
final class Rest implements AutoCloseable {
    static final String KEY = "sk_test_abcdefghijklmnopqrstuvwxyz";
    static final String CLIENT = "client_01TEST";
    private static final ObjectMapper JSON = new ObjectMapper();

    final Gatehouse gatehouse;
    final SteerableClock clock = new SteerableClock();

    Rest() {
        this(new MemoryStorage(), "staging");
    }

    Rest(Storage storage, String environment) {
        gatehouse = Gatehouse.builder()
                .storage(storage)
                .keyring(LocalKeyring.random())
                .clock(clock)
                .set(Setting.ENVIRONMENT, environment)
                .set(Setting.API_KEY, environment.equals("staging") ? KEY : KEY + "_" + environment)
                .set(Setting.CLIENT_ID, environment.equals("staging") ? CLIENT : CLIENT + environment)
                .set(Setting.PASSWORD_HASH_MEMORY, "4096")
                .set(Setting.PASSWORD_HASH_PASSES, "1")
                .build();
    }

    static final class SteerableClock extends Clock {
        private volatile Instant now = Instant.parse("2026-06-01T10:00:00Z");

        void pass(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    record Reply(int status, JsonNode json, Answer answer) {
        String text(String pointer) {
            return json.at(pointer).asText();
        }
    }

    Reply call(String method, String target, String body, Map<String, String> headers) {
        int question = target.indexOf('?');
        Map<String, List<String>> all = new TreeMap<>();
        headers.forEach((name, value) -> all.put(name, List.of(value)));
        Answer answer = gatehouse.api(new Request(
                method,
                question < 0 ? target : target.substring(0, question),
                question < 0 ? "" : target.substring(question + 1),
                all,
                body.getBytes(StandardCharsets.UTF_8),
                "127.0.0.1",
                false));
        try {
            return new Reply(answer.status(), JSON.readTree(answer.body()), answer);
        } catch (java.io.IOException e) {
            throw new AssertionError("not JSON: " + answer.text(), e);
        }
    }

    Reply call(String method, String target, String body) {
        return call(method, target, body, Map.of("authorization", "Bearer " + KEY, "content-type", "application/json"));
    }

    Reply get(String target) {
        return call("GET", target, "");
    }

    Reply post(String target, String body) {
        return call("POST", target, body);
    }

    /** Signs in with a password; the body of the answer. */
    Reply password(String email, String password) {
        return post("/user_management/authenticate", """
                {"grant_type":"password","client_id":"%s","client_secret":"%s","email":"%s","password":"%s"}""".formatted(CLIENT, KEY, email, password));
    }

    Reply refresh(String token) {
        return post("/user_management/authenticate", """
                {"grant_type":"refresh_token","client_id":"%s","client_secret":"%s","refresh_token":"%s"}""".formatted(CLIENT, KEY, token));
    }

    @Override
    public void close() {
        gatehouse.close();
    }
}
