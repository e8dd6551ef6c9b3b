package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.api.Answer;
import dev.gatehouse.api.Request;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.engine.Route;
import dev.gatehouse.identity.SignedIn;
import dev.gatehouse.spi.Keyring;
import dev.gatehouse.spi.Storage;
import dev.gatehouse.store.MemoryStorage;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A Gatehouse in memory with a steerable clock, and a client of its REST API. */
final class Rest implements AutoCloseable {
    static final String PASSWORD = "correct-horse-battery-9";
    static final String KEY = "sk_test_abcdefghijklmnopqrstuvwxyz";
    static final String CLIENT = "client_01TEST";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Keyring KEYRING = LocalKeyring.random();

    final Gatehouse gatehouse;
    final SteerableClock clock;
    /** Fails a test in which a word is told that is not in the closed vocabulary. */
    final StrictTelemetry telemetry = new StrictTelemetry(this::operations);

    Rest() {
        this(new MemoryStorage(), "staging");
    }

    /** Two of these on one storage are two environments of one installation. */
    Rest(Storage storage, String environment) {
        this(
                storage,
                KEYRING,
                new SteerableClock(),
                builder -> builder.set(Setting.ENVIRONMENT, environment)
                        .set(Setting.API_KEY, environment.equals("staging") ? KEY : KEY + "_" + environment)
                        .set(Setting.CLIENT_ID, environment.equals("staging") ? CLIENT : CLIENT + environment));
    }

    /** One with settings of its own; two with the same storage, keyring and clock are two nodes. */
    Rest(Storage storage, Keyring keyring, SteerableClock clock, UnaryOperator<Gatehouse.Builder> more) {
        this.clock = clock;
        gatehouse = more.apply(Gatehouse.builder()
                        .storage(storage)
                        .keyring(keyring)
                        .clock(clock)
                        .telemetry(telemetry)
                        .set(Setting.ENVIRONMENT, "staging")
                        .set(Setting.API_KEY, KEY)
                        .set(Setting.CLIENT_ID, CLIENT)
                        .set(Setting.PASSWORD_HASH_MEMORY, "4096")
                        .set(Setting.PASSWORD_HASH_PASSES, "1")
                        // time stands still in most tests, so a window would never end
                        .set(Setting.RATE_LIMITS, "false")
                        // nobody has a record, and nobody asks a real name server
                        .dnsTxt(name -> List.of()))
                .build();
    }

    private Set<String> operations() {
        return gatehouse.routes().stream().map(Route::key).collect(Collectors.toSet());
    }

    record Reply(int status, JsonNode json, Answer answer) {
        String text(String pointer) {
            return json.at(pointer).asText();
        }
    }

    Reply call(String method, String target, String body, Map<String, String> headers) {
        return reply(send(method, target, body, headers));
    }

    /** The answer as it is, whatever it is. */
    Answer send(String method, String target, String body, Map<String, String> headers) {
        int question = target.indexOf('?');
        Map<String, List<String>> all = new TreeMap<>();
        headers.forEach((name, value) -> all.put(name, List.of(value)));
        return gatehouse.api(new Request(
                method,
                question < 0 ? target : target.substring(0, question),
                question < 0 ? "" : target.substring(question + 1),
                all,
                body.getBytes(StandardCharsets.UTF_8),
                "127.0.0.1",
                false));
    }

    /** An answer with its body read. */
    static Reply reply(Answer answer) {
        try {
            return new Reply(answer.status(), JSON.readTree(answer.body()), answer);
        } catch (java.io.IOException e) {
            throw new AssertionError("not JSON: " + answer.text(), e);
        }
    }

    Reply call(String method, String target, String body) {
        return call(method, target, body, Map.of("authorization", "Bearer " + KEY, "content-type", "application/json"));
    }

    /** A call with another API key. */
    Reply as(String key, String method, String target, String body) {
        return call(method, target, body, Map.of("authorization", "Bearer " + key, "content-type", "application/json"));
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

    /** Exchanges an authorization code. */
    Reply exchange(String code) {
        return post("/user_management/authenticate", """
                {"grant_type":"authorization_code","client_id":"%s","client_secret":"%s","code":"%s"}""".formatted(CLIENT, KEY, code));
    }

    /** Another grant of authenticate, with members of its own; the client proves itself. */
    Reply grant(String grant, Map<String, String> members) {
        Map<String, String> body = new TreeMap<>(members);
        body.put("grant_type", "urn:workos:oauth:grant-type:" + grant);
        body.put("client_id", CLIENT);
        body.put("client_secret", KEY);
        return post("/user_management/authenticate", JSON.valueToTree(body).toString());
    }

    /** Finishes a half sign-in by choosing an organization. */
    Reply choose(String pending, String organization) {
        return post("/user_management/authenticate", """
                {"grant_type":"urn:workos:oauth:grant-type:organization-selection","client_id":"%s","client_secret":"%s",\
                "pending_authentication_token":"%s","organization_id":"%s"}""".formatted(CLIENT, KEY, pending, organization));
    }

    /** Whom an access token proves to the filter, or null. */
    @Nullable
    SignedIn bearer(String token) {
        return gatehouse.sessions().byToken(gatehouse.environment().id(), CLIENT, token);
    }

    /** A call that must succeed, for what a test begins with. */
    Reply made(String target, String body) {
        Reply reply = post(target, body);
        assertThat(reply.status()).as(reply.json().toString()).isLessThan(300);
        return reply;
    }

    /** Makes a user with {@link #PASSWORD}; its id. */
    String user(String email) {
        return made("/user_management/users", "{\"email\":\"%s\",\"password\":\"%s\"}".formatted(email, PASSWORD))
                .text("/id");
    }

    String organization(String name) {
        return made("/organizations", "{\"name\":\"%s\"}".formatted(name)).text("/id");
    }

    String member(String userId, String organizationId) {
        return made(
                        "/user_management/organization_memberships",
                        "{\"user_id\":\"%s\",\"organization_id\":\"%s\"}".formatted(userId, organizationId))
                .text("/id");
    }

    /** Signs a user of {@link #user} in; must succeed. */
    Reply signIn(String email) {
        Reply in = password(email, PASSWORD);
        assertThat(in.status()).as(in.json().toString()).isEqualTo(200);
        return in;
    }

    /** How many events of these names there are, at most a hundred. */
    int events(String names) {
        return get("/events?limit=100&events=" + names).json().at("/data").size();
    }

    /** The session that an answer of authenticate began. */
    static String sessionOf(Reply in) {
        String[] parts = in.text("/access_token").split("\\.", -1);
        try {
            return JSON.readTree(Base64.getUrlDecoder().decode(parts[1]))
                    .path("sid")
                    .asText();
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        gatehouse.close();
    }
}
