package dev.gatehouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.Gatehouse;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.identity.Impersonator;
import dev.gatehouse.identity.NewUser;
import dev.gatehouse.organizations.NewInvitation;
import dev.gatehouse.spi.Keyring;
import dev.gatehouse.spi.Mailer.Mail;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every secret that works once, used by fifty at once on two nodes and PostgreSQL (ATTACKS Q01): one row a kind. {@code
 * -Dgatehouse.race.rounds=200} runs the long one.
 */
class SingleUseRaceTest {
    private static final int THREADS = 50;
    private static final int ROUNDS = Integer.getInteger("gatehouse.race.rounds", 2);
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
                kind("recovery code", this::recoveryCode));
    }

    private DynamicTest kind(String name, Supplier<Use> make) {
        return DynamicTest.dynamicTest(name, () -> {
            for (int round = 0; round < ROUNDS; round++) {
                Use use = make.get();
                List<Boolean> accepted = race.start(n -> use.apply(n % 2 == 0 ? first : second));
                assertThat(accepted.stream().filter(yes -> yes))
                        .as("round " + round)
                        .hasSize(1);
                assertThat(use.apply(first)).as("afterwards").isFalse();
            }
        });
    }
}
