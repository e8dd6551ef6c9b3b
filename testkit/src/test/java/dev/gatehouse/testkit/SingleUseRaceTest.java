package dev.gatehouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.Gatehouse;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Request;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.identity.Impersonator;
import dev.gatehouse.identity.NewUser;
import dev.gatehouse.identity.SignedIn;
import dev.gatehouse.identity.Source;
import dev.gatehouse.identity.Step;
import dev.gatehouse.organizations.NewInvitation;
import dev.gatehouse.passkeys.Ceremony;
import dev.gatehouse.spi.Keyring;
import dev.gatehouse.spi.Mailer.Mail;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every secret that works once, used by fifty at once on two nodes and PostgreSQL (ATTACKS Q01): one row a kind. {@code
 * -Drace.rounds=200} runs the long one, with {@code -Drace.kind=passkey} of one kind.
 */
class SingleUseRaceTest {
    private static final int THREADS = 50;
    private static final int ROUNDS = Integer.getInteger("race.rounds", 2);
    private static final String GRANT = "urn:workos:oauth:grant-type:";
    private static final String CALLBACK = "https://app.example/callback";
    private static final String OPERATOR = "support@example.com";
    private static final Pattern CODE = Pattern.compile("\\n([0-9]{6})\\n");

    private final String url = Postgres.url(Postgres.schema());
    private final Keyring keyring = LocalKeyring.random();
    private final List<Mail> mails = new CopyOnWriteArrayList<>();
    private final Gatehouse first = node();
    private final Gatehouse second = node();
    private final Race race = new Race(THREADS);
    private int number;

    private Gatehouse node() {
        return Gatehouse.builder()
                .keyring(keyring)
                .mailer(mails::add)
                .executor(Runnable::run)
                .set(Setting.JDBC_URL, url)
                .set(Setting.API_KEY, Calls.KEY)
                .set(Setting.CLIENT_ID, Calls.CLIENT)
                .set(Setting.ORIGIN, PasskeyStage.ORIGIN)
                .set(Setting.SIGN_IN_METHODS, "password, magic-code, passkey")
                .set(Setting.RATE_LIMITS, "false")
                .set(Setting.EMAIL_VERIFICATION, "off")
                .set(Setting.IMPERSONATION_OPERATORS, OPERATOR)
                .set(Setting.PASSWORD_HASH_MEMORY, "4096")
                .set(Setting.PASSWORD_HASH_PASSES, "1")
                .build();
    }

    @AfterEach
    void close() {
        race.close();
        first.close();
        second.close();
    }

    /** Whether a node accepted the secret. */
    @FunctionalInterface
    private interface Use extends Function<Gatehouse, Boolean> {}

    /** Somebody of whom no limit knows yet. */
    private record Person(String id, String email) {}

    private Person person() {
        String email = "person" + ++number + "@example.com";
        return new Person(first.users().create(NewUser.of(email).verified()).id(), email);
    }

    private static boolean signedIn(JsonNode answer) {
        return answer.has("access_token");
    }

    private String mailedCode() {
        Matcher matcher = CODE.matcher(mails.get(mails.size() - 1).text());
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    private Use magicCode() {
        String email = person().email;
        String code = Calls.post(first, "/user_management/magic_auth", "{\"email\":\"" + email + "\"}")
                .path("code")
                .asText();
        return node -> signedIn(Calls.authenticate(
                node, GRANT + "magic-auth:code", "\"email\":\"%s\",\"code\":\"%s\"".formatted(email, code)));
    }

    private Use verificationCode() {
        String path = "/user_management/users/"
                + first.users()
                        .create(NewUser.of("new" + ++number + "@example.com"))
                        .id() + "/email_verification/";
        Calls.post(first, path + "send", "{}");
        String body = "{\"code\":\"" + mailedCode() + "\"}";
        return node -> Calls.post(node, path + "confirm", body).has("user");
    }

    private Use emailChangeCode() {
        String path = "/user_management/users/" + person().id + "/email_change/";
        Calls.post(first, path + "send", "{\"new_email\":\"changed" + number + "@example.com\"}");
        String body = "{\"code\":\"" + mailedCode() + "\"}";
        return node -> Calls.post(node, path + "confirm", body).has("user");
    }

    private Use resetToken() {
        String token = Calls.post(first, "/user_management/password_reset", "{\"email\":\"" + person().email + "\"}")
                .path("password_reset_token")
                .asText();
        String body = "{\"token\":\"%s\",\"new_password\":\"violet-lamp-paperclip-42\"}".formatted(token);
        return node -> Calls.post(node, "/user_management/password_reset/confirm", body)
                .has("user");
    }

    private Use authorizationCode() {
        String link = first.impersonations().redirect(person().id, new Impersonator(OPERATOR, "race"), null, CALLBACK);
        String code = link.substring(link.indexOf("code=") + 5);
        return node -> signedIn(Calls.authenticate(node, "authorization_code", "\"code\":\"%s\"".formatted(code)));
    }

    private Use pendingToken() {
        Person person = person();
        String acme = first.organizations().create("Acme").id();
        first.organizations().addMember(acme, person.id, null);
        first.organizations().addMember(first.organizations().create("Other").id(), person.id, null);
        String code = Calls.post(first, "/user_management/magic_auth", "{\"email\":\"" + person.email + "\"}")
                .path("code")
                .asText();
        String pending = Calls.authenticate(
                        first,
                        GRANT + "magic-auth:code",
                        "\"email\":\"%s\",\"code\":\"%s\"".formatted(person.email, code))
                .path("pending_authentication_token")
                .asText();
        return node -> signedIn(Calls.authenticate(
                node,
                GRANT + "organization-selection",
                "\"pending_authentication_token\":\"%s\",\"organization_id\":\"%s\"".formatted(pending, acme)));
    }

    private Use invitation() {
        String id = first.invitations()
                .send(NewInvitation.of(person().email)
                        .to(first.organizations().create("Acme").id(), null))
                .id();
        return node -> Calls.post(node, "/user_management/invitations/" + id + "/accept", "")
                .path("state")
                .asText()
                .equals("accepted");
    }

    private Use recoveryCode() {
        Person person = person();
        String code = first.users().newRecoveryCodes(person.id).get(0);
        return node -> node.users().useRecoveryCode(person.id, code);
    }

    private Use totpCode() throws GeneralSecurityException {
        JsonNode enrolled = Calls.post(
                first,
                "/user_management/users/" + person().id + "/auth_factors",
                "{\"type\":\"totp\",\"totp_secret\":\"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\"}");
        String again =
                "/auth/factors/" + enrolled.at("/authentication_factor/id").asText() + "/challenge";
        String body = "{\"code\":\"" + GatehouseRaceTest.code() + "\"}";
        // a challenge for each, so that it is the code that works once
        return node -> Calls.post(
                        node,
                        "/auth/challenges/"
                                + Calls.post(node, again, "{}").path("id").asText() + "/verify",
                        body)
                .path("valid")
                .asBoolean();
    }

    private Use deviceCode() {
        String email = person().email;
        String code = Calls.post(first, "/user_management/magic_auth", "{\"email\":\"" + email + "\"}")
                .path("code")
                .asText();
        String token = Calls.authenticate(
                        first, GRANT + "magic-auth:code", "\"email\":\"%s\",\"code\":\"%s\"".formatted(email, code))
                .path("access_token")
                .asText();
        String env = first.environment().id();
        SignedIn who = first.sessions().byToken(env, Calls.CLIENT, token);
        assertThat(who).isNotNull();
        String cookie = first.pages().sessionCookie() + "="
                + first.sessions().seal(env, first.pages().sessionCookie(), who.sessionId());
        // another network each time: one may not ask for ever
        JsonNode device = Calls.json(first.api(request(
                "/user_management/authorize/device",
                "",
                "application/json",
                "{\"client_id\":\"" + Calls.CLIENT + "\"}")));
        String page = first.pages()
                .handle(request("GET", "/auth/device", cookie, "", ""))
                .text();
        Matcher csrf = Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"").matcher(page);
        assertThat(csrf.find()).as(page).isTrue();
        String form = "decision=allow&csrf=%s&user_code=%s"
                .formatted(
                        URLEncoder.encode(csrf.group(1), StandardCharsets.UTF_8),
                        device.path("user_code").asText());
        assertThat(first.pages()
                        .handle(request("/auth/device/decide", cookie, "application/x-www-form-urlencoded", form))
                        .status())
                .isEqualTo(200);
        return node -> signedIn(Calls.authenticate(
                node,
                "urn:ietf:params:oauth:grant-type:device_code",
                "\"device_code\":\"%s\"".formatted(device.path("device_code").asText())));
    }

    private Request request(String path, String cookie, String type, String body) {
        return request("POST", path, cookie, type, body);
    }

    private Request request(String method, String path, String cookie, String type, String body) {
        return new Request(
                method,
                path,
                "",
                Map.of(
                        "content-type",
                        List.of(type),
                        "cookie",
                        List.of(cookie),
                        "sec-fetch-site",
                        List.of("same-origin")),
                body.getBytes(StandardCharsets.UTF_8),
                "10.0." + number / 250 + "." + number % 250,
                true);
    }

    private Use passkeyAnswer() {
        String user = person().id;
        SoftwareAuthenticator phone = SoftwareAuthenticator.at(PasskeyStage.ORIGIN);
        Ceremony made = first.passkeys().beginEnrollment(user, "browser");
        first.passkeys().finishEnrollment(user, "browser", made.state(), phone.create(made.options()), "Phone");
        Ceremony begun = first.passkeys().beginSignIn("browser");
        String answer = phone.get(begun.options());
        AtomicInteger network = new AtomicInteger();
        return node -> {
            Source source = new Source("10.1." + number % 250 + "." + network.incrementAndGet(), null);
            try {
                return node.passkeys().finishSignIn("browser", begun.state(), answer, null, source)
                        instanceof Step.Finished;
            } catch (ApiException e) {
                return false;
            }
        };
    }

    @TestFactory
    @DisplayName("Q01 of fifty uses at once exactly one is accepted, whatever the secret")
    Stream<DynamicTest> kinds() {
        Calls.post(first, "/user_management/redirect_uris", "{\"uri\":\"" + CALLBACK + "\"}");
        return Stream.of(
                        kind("magic code", this::magicCode),
                        kind("verification code", this::verificationCode),
                        kind("e-mail change code", this::emailChangeCode),
                        kind("password reset token", this::resetToken),
                        kind("authorization code", this::authorizationCode),
                        kind("half sign-in", this::pendingToken),
                        kind("invitation", this::invitation),
                        kind("recovery code", this::recoveryCode),
                        kind("TOTP code", this::totpCode),
                        kind("device code", this::deviceCode),
                        kind("passkey answer", this::passkeyAnswer))
                .filter(test -> test.getDisplayName().contains(System.getProperty("race.kind", "")));
    }

    private DynamicTest kind(String name, Callable<Use> make) {
        return DynamicTest.dynamicTest(name, () -> {
            long begun = System.nanoTime();
            for (int round = 0; round < ROUNDS; round++) {
                Use use = make.call();
                List<Boolean> accepted = race.start(n -> use.apply(n % 2 == 0 ? first : second));
                assertThat(accepted.stream().filter(yes -> yes))
                        .as("round " + round)
                        .hasSize(1);
                assertThat(use.apply(first)).as("afterwards").isFalse();
            }
            long took = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun);
            System.out.println(
                    name + ": " + ROUNDS + " rounds of " + THREADS + ", " + ROUNDS + " accepted, " + took + " s");
        });
    }
}
