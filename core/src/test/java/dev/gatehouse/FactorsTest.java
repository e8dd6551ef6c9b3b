package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rest.Reply;
import dev.gatehouse.factors.Authenticator;
import dev.gatehouse.spi.Query;
import dev.gatehouse.spi.Row;
import dev.gatehouse.spi.Storage;
import dev.gatehouse.store.MemoryStorage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Authenticator apps and challenges over REST. */
class FactorsTest {
    private static final String ENROLL = "{\"type\":\"totp\",\"totp_issuer\":\"Acme\",\"totp_user\":\"ada\"}";
    private static final String PATH = "/user_management/users/";

    private final Storage storage = new MemoryStorage();
    private final Rest rest = new Rest(storage, "staging");

    @AfterEach
    void close() {
        rest.close();
    }

    private record App(String id, String secret) {}

    private App enrolled() {
        Reply made = rest.made("/auth/factors/enroll", ENROLL);
        return new App(made.text("/id"), made.text("/totp/secret"));
    }

    private String challenge(App app) {
        return rest.made("/auth/factors/" + app.id + "/challenge", "{}").text("/id");
    }

    private Reply verify(String challenge, String code) {
        return rest.post("/auth/challenges/" + challenge + "/verify", "{\"code\":\"%s\"}".formatted(code));
    }

    private Instant now() {
        return rest.clock.instant();
    }

    private String code(App app) {
        return Authenticator.code(app.secret, now());
    }

    private String wrong(App app) {
        return Authenticator.wrong(app.secret, now());
    }

    private static void assertValid(Reply reply, boolean valid) {
        assertThat(reply.status()).as(reply.json().toString()).isEqualTo(201);
        assertThat(reply.json().at("/valid").isBoolean()).isTrue();
        assertThat(reply.json().at("/valid").asBoolean()).isEqualTo(valid);
    }

    private static void assertRefused(Reply reply, int status, String code) {
        assertThat(reply.status()).as(reply.json().toString()).isEqualTo(status);
        assertThat(reply.text("/code")).isEqualTo(code);
    }

    private static Set<String> names(Reply reply, String pointer) {
        Set<String> names = new TreeSet<>();
        reply.json().at(pointer).fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void aFactorIsEnrolledAskedAndRemoved() {
        Reply made = rest.post("/auth/factors/enroll", ENROLL);
        assertThat(made.status()).isEqualTo(201);
        assertThat(names(made, "")).containsExactly("created_at", "id", "object", "totp", "type", "updated_at");
        assertThat(made.text("/object")).isEqualTo("authentication_factor");
        assertThat(made.text("/type")).isEqualTo("totp");
        assertThat(made.text("/id")).matches("auth_factor_[0-9A-Z]{26}");
        String secret = made.text("/totp/secret");
        assertThat(secret).matches("[A-Z2-7]{32}");
        assertThat(made.text("/totp/uri")).isEqualTo("otpauth://totp/Acme:ada?secret=" + secret + "&issuer=Acme");
        assertThat(made.text("/totp/qr_code")).startsWith("data:image/png;base64,");

        App app = new App(made.text("/id"), secret);
        Reply asked = rest.post("/auth/factors/" + app.id + "/challenge", "{\"sms_template\":\"Your {{code}}\"}");
        assertThat(asked.status()).isEqualTo(201);
        assertThat(names(asked, ""))
                .containsExactly("authentication_factor_id", "created_at", "expires_at", "id", "object", "updated_at");
        assertThat(asked.text("/object")).isEqualTo("authentication_challenge");
        assertThat(asked.text("/authentication_factor_id")).isEqualTo(app.id);
        assertThat(asked.text("/expires_at")).isEqualTo("2026-06-01T10:10:00.000Z");

        String challenge = asked.text("/id");
        assertValid(verify(challenge, wrong(app)), false);
        Reply right = verify(challenge, code(app));
        assertValid(right, true);
        assertThat(right.text("/challenge/id")).isEqualTo(challenge);
        assertRefused(verify(challenge, code(app)), 422, "authentication_challenge_previously_verified");

        assertThat(rest.call("DELETE", "/auth/factors/" + app.id, "").status()).isEqualTo(204);
        assertThat(rest.get("/auth/factors/" + app.id).status()).isEqualTo(404);
        assertThat(rest.call("DELETE", "/auth/factors/" + app.id, "").status()).isEqualTo(404);
        assertThat(rest.post("/auth/factors/" + app.id + "/challenge", "{}").status())
                .isEqualTo(404);
        assertThat(verify(challenge, code(app)).status()).isEqualTo(404);
        assertThat(rows())
                .as("nothing of it is left")
                .noneMatch(row -> row.body().contains(app.id));
    }

    @Test
    void theEarlierPathNamesTheChallengeInItsBody() {
        App app = enrolled();
        String body = "{\"authentication_challenge_id\":\"%s\",\"code\":\"%s\"}";
        Reply right = rest.post("/auth/challenges/verify", body.formatted(challenge(app), code(app)));
        assertValid(right, true);
        assertThat(rest.post("/auth/challenges/verify", body.formatted("auth_challenge_none", "123456"))
                        .status())
                .isEqualTo(404);
        assertThat(rest.post("/auth/challenges/verify", "{\"code\":\"123456\"}").status())
                .isEqualTo(422);
    }

    @Test
    void aUsersFactorTakesItsNamesFromTheUser() {
        String ada = rest.user("ada+1@example.com");
        Reply made = rest.post(PATH + ada + "/auth_factors", "{\"type\":\"totp\"}");
        assertThat(made.status()).as(made.json().toString()).isEqualTo(201);
        assertThat(names(made, "")).containsExactly("authentication_challenge", "authentication_factor");
        assertThat(made.text("/authentication_factor/user_id")).isEqualTo(ada);
        assertThat(made.text("/authentication_factor/totp/issuer")).isEqualTo("Gatehouse");
        assertThat(made.text("/authentication_factor/totp/user")).isEqualTo("ada+1@example.com");
        assertThat(made.text("/authentication_factor/totp/uri"))
                .startsWith("otpauth://totp/Gatehouse:ada%2B1%40example.com?secret=");
        assertThat(made.text("/authentication_challenge/authentication_factor_id"))
                .isEqualTo(made.text("/authentication_factor/id"));
        App app = new App(made.text("/authentication_factor/id"), made.text("/authentication_factor/totp/secret"));
        assertValid(verify(made.text("/authentication_challenge/id"), code(app)), true);

        Reply named = rest.made(PATH + ada + "/auth_factors", """
                {"type":"totp","totp_issuer":"Ümläut Co","totp_user":"Ada L."}""");
        assertThat(named.text("/authentication_factor/totp/uri")).contains("%C3%9Cml%C3%A4ut%20Co:Ada%20L.");
        Reply list = rest.get(PATH + ada + "/auth_factors");
        assertThat(list.text("/object")).isEqualTo("list");
        assertThat(list.text("/data/0/id")).isEqualTo(named.text("/authentication_factor/id"));
        assertThat(list.text("/data/1/id")).isEqualTo(app.id);
        assertThat(names(list, "/data/0/totp")).containsExactly("issuer", "user");
        assertThat(rest.get("/auth/factors/" + app.id).json())
                .isEqualTo(list.json().at("/data/1"));
        String bob = rest.user("bob@example.com");
        assertThat(rest.get(PATH + bob + "/auth_factors").json().at("/data")).isEmpty();
    }

    @Test
    void aSecretFromAnotherSystemGoesOnMakingCodes() {
        String ada = rest.user("ada@example.com");
        String body = "{\"type\":\"totp\",\"totp_secret\":\"%s\"}";
        String old = "GEZDGNBVGY3TQOJQGEZDGNBVGY";
        Reply made = rest.made(PATH + ada + "/auth_factors", body.formatted(old.toLowerCase(java.util.Locale.ROOT)));
        assertThat(made.text("/authentication_factor/totp/secret")).isEqualTo(old);
        App app = new App(made.text("/authentication_factor/id"), old);
        assertValid(verify(made.text("/authentication_challenge/id"), code(app)), true);
        for (String bad :
                List.of("", "GEZDGNBVGY3TQOJQ", "GEZDGNBVGY3TQOJQGEZDGNBV", "not base 32!", "A".repeat(104))) {
            Reply refused = rest.post(PATH + ada + "/auth_factors", body.formatted(bad));
            assertRefused(refused, 422, "invalid_request_parameters");
            assertThat(refused.text("/errors/0/code")).isEqualTo("totp_secret_invalid");
            assertThat(refused.text("/errors/0/message")).contains("16 to 64 bytes");
        }
        assertThat(rest.get(PATH + ada + "/auth_factors").json().at("/data")).hasSize(1);
    }

    @Test
    void whatCannotBeEnrolledIsSaidAtOnce() {
        assertThat(rest.post("/auth/factors/enroll", ENROLL).status()).isEqualTo(201);
        assertErrors("{}", "type_string_required");
        assertErrors("{\"type\":\"totp\"}", "totp_issuer_string_required", "totp_user_string_required");
        assertErrors(
                "{\"type\":\"totp\",\"totp_issuer\":\"A:B\",\"totp_user\":\"" + "x".repeat(255) + "\"}",
                "totp_issuer_invalid",
                "totp_user_too_long");
        assertErrors(
                "{\"type\":\"totp\",\"totp_issuer\":\"" + "x".repeat(65) + "\",\"totp_user\":\"" + "\u00e9".repeat(151)
                        + "\"}",
                "totp_issuer_invalid",
                "totp_user_too_long");
        assertErrors("{\"type\":\"sms\",\"phone_number\":\"+15555555555\"}", "type_not_supported");
        assertErrors("{\"type\":\"generic_otp\"}", "type_not_supported");
        assertErrors("{\"type\":\"webauthn\"}", "type_invalid");
        assertErrors(ENROLL.replace("}", ",\"user_id\":\"user_01JZZZZZZZZZZZZZZZZZZZZZZZ\"}"), "user_not_found");
        String ada = rest.user("ada@example.com");
        assertThat(rest.post(PATH + ada + "/auth_factors", "{\"type\":\"sms\"}").text("/errors/0/code"))
                .isEqualTo("type_not_supported");
        for (int i = 0; i < 20; i++) {
            rest.made("/auth/factors/enroll", ENROLL.replace("}", ",\"user_id\":\"" + ada + "\"}"));
        }
        assertErrors(ENROLL.replace("}", ",\"user_id\":\"" + ada + "\"}"), "too_many_factors");
    }

    private void assertErrors(String body, String... codes) {
        Reply refused = rest.post("/auth/factors/enroll", body);
        assertRefused(refused, 422, "invalid_request_parameters");
        List<String> found = new ArrayList<>();
        refused.json().at("/errors").forEach(e -> found.add(e.get("code").asText()));
        assertThat(found).containsExactly(codes);
    }

    @Test
    @DisplayName(
            "P25 a code is good once: not for a second challenge, nor by another path, nor an earlier step after it")
    void replay() {
        String ada = rest.user("ada@example.com");
        Reply made = rest.made(PATH + ada + "/auth_factors", "{\"type\":\"totp\"}");
        App app = new App(made.text("/authentication_factor/id"), made.text("/authentication_factor/totp/secret"));
        String ofUser = made.text("/authentication_challenge/id");
        String standalone = challenge(app);
        String before = Authenticator.code(app.secret, now().minusSeconds(30));
        String code = code(app);
        assertValid(verify(ofUser, code), true);
        assertValid(verify(standalone, code), false);
        assertValid(verify(standalone, before), false);
        assertValid(
                rest.post(
                        "/auth/challenges/verify",
                        "{\"authentication_challenge_id\":\"%s\",\"code\":\"%s\"}".formatted(challenge(app), code)),
                false);
        rest.clock.pass(Duration.ofSeconds(30));
        assertValid(verify(standalone, code), false);
        assertValid(verify(standalone, code(app)), true);
    }

    @Test
    @DisplayName("P25 only six ASCII digits are a code, however they are sent")
    void spellings() {
        App app = enrolled();
        String code = code(app);
        String arabic = code.chars()
                .mapToObj(c -> String.valueOf((char) (c - '0' + 0x660)))
                .reduce("", String::concat);
        String wide = code.chars()
                .mapToObj(c -> String.valueOf((char) (c - '0' + 0xff10)))
                .reduce("", String::concat);
        for (String other : List.of(" " + code, code + " ", "0" + code, arabic, wide)) {
            assertValid(verify(challenge(app), other), false);
        }
        for (String body :
                List.of("{\"code\":" + Integer.parseInt(code) + "}", "{\"code\":[\"" + code + "\"]}", "{}")) {
            assertThat(rest.post("/auth/challenges/" + challenge(app) + "/verify", body)
                            .status())
                    .isEqualTo(422);
        }
        assertValid(verify(challenge(app), code), true);
    }

    @Test
    @DisplayName("P26 the step before and the one after are good, the next ones are not")
    void drift() {
        for (int step = -3; step <= 3; step++) {
            App app = enrolled();
            String code = Authenticator.code(app.secret, now().plusSeconds(30L * step));
            assertValid(verify(challenge(app), code), Math.abs(step) <= 1);
        }
    }

    @Test
    void aChallengeEndsAfterTenMinutes() {
        App app = enrolled();
        String early = challenge(app);
        String late = challenge(app);
        rest.clock.pass(Duration.ofMinutes(10).minusMillis(1));
        assertValid(verify(early, code(app)), true);
        rest.clock.pass(Duration.ofMillis(1));
        rest.clock.pass(Duration.ofSeconds(30));
        assertRefused(verify(late, code(app)), 422, "authentication_challenge_expired");
        rest.gatehouse.maintain();
        assertThat(verify(late, code(app)).status()).isEqualTo(404);
    }

    @Test
    @DisplayName("P12 a challenge takes five wrong codes, and then not even the right one")
    void attempts() {
        App app = enrolled();
        String challenge = challenge(app);
        for (int i = 0; i < 5; i++) {
            assertValid(verify(challenge, wrong(app)), false);
        }
        assertRefused(verify(challenge, wrong(app)), 400, "one_time_code_too_many_attempts");
        assertRefused(verify(challenge, code(app)), 400, "one_time_code_too_many_attempts");
        assertValid(verify(challenge(app), code(app)), true);
    }

    @Test
    @DisplayName("P12 new challenges do not give a factor new tries: thirty wrong codes a day, success gives none back")
    void attemptsOfADay() {
        App app = enrolled();
        App other = enrolled();
        for (int i = 0; i < 29; i++) {
            assertValid(verify(challenge(app), wrong(app)), false);
        }
        assertValid(verify(challenge(app), code(app)), true);
        assertValid(verify(challenge(app), wrong(app)), false);
        rest.clock.pass(Duration.ofSeconds(30));
        assertRefused(verify(challenge(app), code(app)), 400, "one_time_code_too_many_attempts");
        assertValid(verify(challenge(other), code(other)), true);
        rest.clock.pass(Duration.ofHours(24).minusSeconds(31));
        assertRefused(verify(challenge(app), code(app)), 400, "one_time_code_too_many_attempts");
        rest.clock.pass(Duration.ofSeconds(1));
        assertValid(verify(challenge(app), code(app)), true);
    }

    @Test
    @DisplayName("P27 a secret is answered once, and is in no other answer, no event and no row")
    void secretsStayHidden() throws Exception {
        String ada = rest.user("ada@example.com");
        Reply made = rest.made(PATH + ada + "/auth_factors", "{\"type\":\"totp\"}");
        String secret = made.text("/authentication_factor/totp/secret");
        App app = new App(made.text("/authentication_factor/id"), secret);
        assertThat(made.json().toString()).contains(secret);
        assertValid(verify(made.text("/authentication_challenge/id"), code(app)), true);
        String events =
                "user.created,user.updated,user.deleted,authentication.mfa_succeeded,authentication_factor.created,"
                        + "authentication_factor.updated,authentication_challenge.created,totp_secret.created";
        List<String> shown = new ArrayList<>();
        for (String target : List.of(
                "/auth/factors/" + app.id,
                PATH + ada + "/auth_factors",
                PATH + ada,
                "/events?limit=100&events=" + events)) {
            Reply reply = rest.get(target);
            assertThat(reply.status()).isEqualTo(200);
            shown.add(reply.json().toString());
        }
        shown.add(
                rest.made("/auth/factors/" + app.id + "/challenge", "{}").json().toString());
        assertThat(shown.get(0)).contains(app.id);
        assertThat(shown.get(3)).contains("user.created").doesNotContain("totp", "factor");
        List<Row> rows = rows();
        rows.forEach(row -> shown.add(row.body()));
        assertThat(shown).anyMatch(text -> text.contains("sealed"));
        String hex = java.util.HexFormat.of().formatHex(bytes(secret));
        String base64 = java.util.Base64.getEncoder().withoutPadding().encodeToString(bytes(secret));
        String base64url = java.util.Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(secret));
        for (String text : shown) {
            assertThat(text).doesNotContain(secret, hex, base64, base64url, "otpauth", "qr_code");
        }
    }

    private static byte[] bytes(String base32) {
        java.math.BigInteger number = java.math.BigInteger.ZERO;
        for (int c : base32.chars().toArray()) {
            number =
                    number.shiftLeft(5).or(java.math.BigInteger.valueOf("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c)));
        }
        byte[] digits = number.toByteArray();
        return java.util.Arrays.copyOfRange(digits, digits.length - 20, digits.length);
    }

    /** Everything that is stored of this environment's factors and events. */
    private List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        String env = rest.gatehouse.environment().id();
        for (String kind : List.of(
                "authentication_factor",
                "authentication_challenge",
                "totp_secret",
                "recovery_codes",
                "user",
                "event",
                "outbox")) {
            rows.addAll(storage.inTransaction(
                    tx -> tx.find(new Query(env, kind, Map.of(), null, null, null, false, 1_000))));
        }
        return rows;
    }

    @Test
    @DisplayName("P27 a secret that is moved to another factor's row makes no code right")
    void secretsAreBoundToTheirFactor() {
        App app = enrolled();
        App other = enrolled();
        assertValid(verify(challenge(app), code(app)), true);
        String env = rest.gatehouse.environment().id();
        storage.inTransaction(tx -> {
            Row mine = tx.get(env, "totp_secret", "totp_secret_" + app.id.substring(12))
                    .orElseThrow();
            Row theirs = tx.get(env, "totp_secret", "totp_secret_" + other.id.substring(12))
                    .orElseThrow();
            String swapped = mine.body().replace(app.id.substring(12), other.id.substring(12));
            return tx.replace(
                    new Row(
                            env,
                            theirs.kind(),
                            theirs.id(),
                            theirs.version(),
                            theirs.createdAt(),
                            theirs.updatedAt(),
                            null,
                            swapped),
                    dev.gatehouse.spi.Keys.NONE);
        });
        rest.clock.pass(Duration.ofSeconds(30));
        assertValid(verify(challenge(other), Authenticator.code(app.secret, now())), false);
        assertValid(verify(challenge(other), Authenticator.code(other.secret, now())), false);
        assertValid(verify(challenge(app), code(app)), true);
    }

    @Test
    @DisplayName("T01 another environment's key finds no factor and no challenge, and spends nothing of them")
    void otherEnvironments() {
        try (Rest other = new Rest(storage, "other")) {
            String key = Rest.KEY + "_other";
            App app = enrolled();
            String challenge = challenge(app);
            assertThat(other.as(key, "POST", "/auth/factors/enroll", ENROLL).status())
                    .isEqualTo(201);
            for (String[] call : new String[][] {
                {"GET", "/auth/factors/" + app.id, ""},
                {"DELETE", "/auth/factors/" + app.id, ""},
                {"POST", "/auth/factors/" + app.id + "/challenge", "{}"},
                {"POST", "/auth/challenges/" + challenge + "/verify", "{\"code\":\"" + code(app) + "\"}"},
                {
                    "POST",
                    "/auth/challenges/verify",
                    "{\"authentication_challenge_id\":\"" + challenge + "\",\"code\":\"" + code(app) + "\"}"
                }
            }) {
                assertThat(other.as(key, call[0], call[1], call[2]).status())
                        .as(call[1])
                        .isEqualTo(404);
            }
            String ada = rest.user("ada@example.com");
            assertThat(rest.get(PATH + ada + "/auth_factors").status()).isEqualTo(200);
            assertThat(other.as(key, "GET", PATH + ada + "/auth_factors", "").status())
                    .isEqualTo(404);
            assertThat(other.as(key, "POST", PATH + ada + "/auth_factors", "{\"type\":\"totp\"}")
                            .status())
                    .isEqualTo(404);
            assertThat(other.as(
                                    key,
                                    "POST",
                                    "/auth/factors/enroll",
                                    ENROLL.replace("}", ",\"user_id\":\"" + ada + "\"}"))
                            .status())
                    .isEqualTo(422);
            assertValid(verify(challenge, code(app)), true);
        }
    }

    @Test
    void aDeletedUserLeavesNoFactor() {
        String ada = rest.user("ada@example.com");
        String bob = rest.user("bob@example.com");
        Reply adas = rest.made(PATH + ada + "/auth_factors", "{\"type\":\"totp\"}");
        Reply bobs = rest.made(PATH + bob + "/auth_factors", "{\"type\":\"totp\"}");
        String factor = "/auth/factors/" + adas.text("/authentication_factor/id");
        assertThat(rest.get(factor).status()).isEqualTo(200);
        assertThat(rest.call("DELETE", PATH + ada, "").status()).isEqualTo(200);
        assertThat(rest.get(factor).status()).isEqualTo(404);
        assertThat(verify(adas.text("/authentication_challenge/id"), "123456").status())
                .isEqualTo(404);
        assertThat(rest.get(PATH + ada + "/auth_factors").status()).isEqualTo(404);
        assertThat(rows().stream()
                        .filter(row ->
                                row.kind().startsWith("totp") || row.kind().startsWith("auth")))
                .as("the other's factor, challenge and secret")
                .hasSize(3);
        assertThat(rest.get("/auth/factors/" + bobs.text("/authentication_factor/id"))
                        .status())
                .isEqualTo(200);
    }
}
