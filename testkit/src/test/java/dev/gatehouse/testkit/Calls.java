package dev.gatehouse.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.Gatehouse;
import dev.gatehouse.api.Answer;
import dev.gatehouse.api.Request;
import dev.gatehouse.config.Setting;
import dev.gatehouse.identity.NewUser;
import dev.gatehouse.spi.Keyring;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** REST calls of a whole Gatehouse, in process. */
final class Calls {
    static final String KEY = "sk_test_abcdefghijklmnopqrstuvwxyz";
    static final String CLIENT = "client_01TEST";
    static final String PASSWORD = "correct-horse-battery-9";
    private static final ObjectMapper JSON = new ObjectMapper();

    private Calls() {}

    /** A Gatehouse that {@link #post} can call, with passwords that cost little. */
    static Gatehouse.Builder builder(Keyring keyring) {
        return Gatehouse.builder()
                .keyring(keyring)
                .set(Setting.API_KEY, KEY)
                .set(Setting.CLIENT_ID, CLIENT)
                .set(Setting.PASSWORD_HASH_MEMORY, "4096")
                .set(Setting.PASSWORD_HASH_PASSES, "1");
    }

    static JsonNode post(Gatehouse gatehouse, String path, String body) {
        Answer answer = gatehouse.api(new Request(
                "POST",
                path,
                "",
                Map.of("content-type", List.of("application/json"), "authorization", List.of("Bearer " + KEY)),
                body.getBytes(StandardCharsets.UTF_8),
                "127.0.0.1",
                false));
        return json(answer);
    }

    /** Reads {@code path} with this query, which may be empty. */
    static JsonNode get(Gatehouse gatehouse, String path, String query) {
        return json(gatehouse.api(new Request(
                "GET",
                path,
                query,
                Map.of("authorization", List.of("Bearer " + KEY)),
                new byte[0],
                "127.0.0.1",
                false)));
    }

    /** An answer with its body read. */
    static JsonNode json(Answer answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new AssertionError(answer.text(), e);
        }
    }

    static JsonNode authenticate(Gatehouse gatehouse, String grant, String more) {
        return post(
                gatehouse,
                "/user_management/authenticate",
                "{\"grant_type\":\"%s\",\"client_id\":\"%s\",\"client_secret\":\"%s\",%s}"
                        .formatted(grant, CLIENT, KEY, more));
    }

    static JsonNode signIn(Gatehouse gatehouse, String email) {
        return authenticate(gatehouse, "password", "\"email\":\"%s\",\"password\":\"%s\"".formatted(email, PASSWORD));
    }

    static JsonNode refresh(Gatehouse gatehouse, String token) {
        return authenticate(gatehouse, "refresh_token", "\"refresh_token\":\"%s\"".formatted(token));
    }

    static String user(Gatehouse gatehouse, String email) {
        return gatehouse
                .users()
                .create(NewUser.of(email).withPassword(PASSWORD))
                .id();
    }
}
