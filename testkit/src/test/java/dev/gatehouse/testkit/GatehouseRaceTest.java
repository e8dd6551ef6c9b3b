package dev.gatehouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.Gatehouse;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.spi.Keyring;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * ATTACKS, group "Race conditions", on PostgreSQL with two nodes. More races, on H2, are in core's {@code RaceTest}; what
 * the storage must do about them is in {@link RaceContract}.
 */
@Timeout(180)
class GatehouseRaceTest {
    private static final int THREADS = 50;
    private static final int ROUNDS = 5;

    private final String url = Postgres.url(Postgres.schema());
    private final Keyring keyring = LocalKeyring.random();
    private final Gatehouse first = node();
    private final Gatehouse second = node();
    private final Race race = new Race(THREADS);

    private Gatehouse node() {
        return Calls.builder(keyring)
                .set(Setting.JDBC_URL, url)
                .set(Setting.RATE_LIMITS, "false")
                .set(Setting.REFRESH_WINDOW, "10m")
                .build();
    }

    @AfterEach
    void close() {
        race.close();
        first.close();
        second.close();
    }

    private Gatehouse node(int number) {
        return number % 2 == 0 ? first : second;
    }

    private static Set<String> values(List<JsonNode> answers, String member) {
        return answers.stream()
                .map(answer -> answer.path(member).asText())
                .filter(text -> !text.isEmpty())
                .collect(Collectors.toSet());
    }

    private int events(String name) {
        return first.events().after(Set.of(name), null, 1_000).size();
    }

    @Test
    @DisplayName("Q01 of fifty uses of one half sign-in exactly one begins a session")
    void singleUse() {
        String user = Calls.user(first, "ada@example.com");
        String acme = first.organizations().create("Acme").id();
        first.organizations().addMember(acme, user, null);
        first.organizations().addMember(first.organizations().create("Other").id(), user, null);
        for (int round = 1; round <= ROUNDS; round++) {
            String pending = Calls.signIn(first, "ada@example.com")
                    .path("pending_authentication_token")
                    .asText();
            assertThat(pending).isNotEmpty();
            List<JsonNode> chosen = race.start(n -> Calls.authenticate(
                    node(n),
                    "urn:workos:oauth:grant-type:organization-selection",
                    "\"pending_authentication_token\":\"%s\",\"organization_id\":\"%s\"".formatted(pending, acme)));
            assertThat(values(chosen, "access_token")).hasSize(1);
            assertThat(values(chosen, "code")).containsExactly("invalid_pending_authentication_token");
            assertThat(events("session.created")).isEqualTo(round);
        }
    }

    @Test
    @DisplayName("Q02 fifty holders of one refresh token get one successor, and nobody is signed out")
    void refresh() {
        Calls.user(first, "ada@example.com");
        String token =
                Calls.signIn(first, "ada@example.com").path("refresh_token").asText();
        for (int round = 0; round < ROUNDS; round++) {
            String spent = token;
            List<JsonNode> refreshed = race.start(n -> Calls.refresh(node(n), spent));
            assertThat(refreshed).allMatch(answer -> answer.has("access_token"));
            Set<String> successors = values(refreshed, "refresh_token");
            assertThat(successors).hasSize(1).doesNotContain(spent);
            token = successors.iterator().next();
        }
        assertThat(events("session.revoked")).isZero();
    }

    @Test
    @DisplayName("Q03 fifty sign-ups with one address make one user with one event")
    void signUp() {
        for (int round = 1; round <= ROUNDS; round++) {
            String email = "\"email\":\"ada" + round + "@example.com\"";
            List<JsonNode> made = race.start(n -> Calls.post(node(n), "/user_management/users", "{" + email + "}"));
            assertThat(values(made, "id")).hasSize(1);
            assertThat(values(made, "code")).containsExactly("user_creation_error");
            assertThat(events("user.created")).isEqualTo(round);
        }
    }

    /** What an app with the secret of RFC 6238's examples shows now. */
    static String code() throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec("12345678901234567890".getBytes(StandardCharsets.US_ASCII), "HmacSHA1"));
        ByteBuffer step = ByteBuffer.allocate(8).putLong(0, Instant.now().getEpochSecond() / 30);
        byte[] hash = mac.doFinal(step.array());
        int word = ByteBuffer.wrap(hash).getInt(hash[19] & 15) & 0x7fffffff;
        return "%06d".formatted(word % 1_000_000);
    }

    @Test
    @DisplayName("Q01, P10 of fifty uses of one TOTP code one is right, and of fifty guesses five are judged")
    void codes() throws GeneralSecurityException {
        for (int round = 1; round <= ROUNDS; round++) {
            String user = Calls.user(first, "ada" + round + "@example.com");
            JsonNode enrolled = Calls.post(
                    first,
                    "/user_management/users/" + user + "/auth_factors",
                    "{\"type\":\"totp\",\"totp_secret\":\"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\"}");
            String asked = enrolled.at("/authentication_challenge/id").asText();
            String again =
                    "/auth/factors/" + enrolled.at("/authentication_factor/id").asText() + "/challenge";
            String body = "{\"code\":\"" + code() + "\"}";
            List<JsonNode> used = race.start(n -> Calls.post(
                    node(n),
                    "/auth/challenges/"
                            + (n % 2 == 0
                                    ? asked
                                    : Calls.post(node(n), again, "{}")
                                            .path("id")
                                            .asText())
                            + "/verify",
                    body));
            assertThat(used.stream().filter(a -> a.path("valid").asBoolean())).hasSize(1);
            assertThat(values(used, "code"))
                    .isSubsetOf("authentication_challenge_previously_verified", "one_time_code_too_many_attempts");

            JsonNode fresh = Calls.post(
                    first, "/auth/factors/enroll", "{\"type\":\"totp\",\"totp_issuer\":\"A\",\"totp_user\":\"a\"}");
            String guessed = Calls.post(
                            first, "/auth/factors/" + fresh.path("id").asText() + "/challenge", "{}")
                    .path("id")
                    .asText();
            List<JsonNode> guesses = race.start(
                    n -> Calls.post(node(n), "/auth/challenges/" + guessed + "/verify", "{\"code\":\"wrong\"}"));
            assertThat(guesses.stream().filter(a -> a.has("valid"))).hasSize(5);
            assertThat(guesses.stream().filter(a -> a.path("code").asText().equals("one_time_code_too_many_attempts")))
                    .hasSize(THREADS - 5);
        }
    }

    @Test
    @DisplayName("Q08, P10 of fifty guesses at once ten are checked")
    void guesses() {
        Calls.user(first, "ada@example.com");
        List<JsonNode> guesses = race.start(n -> Calls.authenticate(
                node(n), "password", "\"email\":\"ada@example.com\",\"password\":\"wrong " + n + "\""));
        assertThat(guesses.stream().filter(a -> a.path("code").asText().equals("invalid_credentials")))
                .hasSize(10);
        assertThat(guesses.stream().filter(a -> a.path("code").asText().equals("rate_limit_exceeded")))
                .hasSize(THREADS - 10);
        assertThat(events("authentication.password_failed")).isEqualTo(10);
    }
}
