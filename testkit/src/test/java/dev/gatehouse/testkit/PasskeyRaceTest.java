package dev.gatehouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.identity.Source;
import dev.gatehouse.passkeys.Ceremony;
import dev.gatehouse.passkeys.Passkey;
import dev.gatehouse.spi.Keyring;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Races for passkeys, on PostgreSQL with two nodes. */
@Timeout(180)
class PasskeyRaceTest {
    private static final int THREADS = 50;
    private static final String BROWSER = "browser";
    private static final String WON = "";

    private final String url = Postgres.url(Postgres.schema());
    private final Keyring keyring = LocalKeyring.random();
    private final Gatehouse first = node();
    private final Gatehouse second = node();
    private final Race race = new Race(THREADS);
    private final SoftwareAuthenticator phone = SoftwareAuthenticator.at(PasskeyStage.ORIGIN);

    private Gatehouse node() {
        return Gatehouse.builder()
                .keyring(keyring)
                .set(Setting.JDBC_URL, url)
                .set(Setting.ORIGIN, PasskeyStage.ORIGIN)
                .set(Setting.SIGN_IN_METHODS, "passkey")
                .set(Setting.CLIENT_ID, Calls.CLIENT)
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

    private Gatehouse node(int number) {
        return number % 2 == 0 ? first : second;
    }

    private static String code(Runnable work) {
        try {
            work.run();
            return WON;
        } catch (ApiException e) {
            return e.code();
        }
    }

    private int events(String name) {
        return first.events().after(Set.of(name), null, 1_000).size();
    }

    private Passkey enroll(String user, SoftwareAuthenticator authenticator) {
        Ceremony begun = first.passkeys().beginEnrollment(user, BROWSER);
        String answer = authenticator.create(begun.options());
        return first.passkeys().finishEnrollment(user, BROWSER, begun.state(), answer, "Phone");
    }

    @Test
    @DisplayName("Q01, K01 of fifty redemptions of one passkey answer exactly one begins a session")
    void oneAnswer() {
        enroll(Calls.user(first, "ada@example.com"), phone);
        for (int round = 1; round <= 5; round++) {
            Ceremony begun = second.passkeys().beginSignIn(BROWSER);
            String answer = phone.get(begun.options());
            List<String> codes = race.start(n -> code(() -> node(n).passkeys()
                    .finishSignIn(BROWSER, begun.state(), answer, null, new Source("10.0.0." + n, null))));
            assertThat(codes.stream().filter(WON::equals)).hasSize(1);
            assertThat(codes.stream().filter("passkey_challenge_previously_used"::equals))
                    .hasSize(THREADS - 1);
            assertThat(events("session.created")).isEqualTo(round);
            assertThat(events("authentication.passkey_succeeded")).isEqualTo(round);
        }
    }

    @Test
    @DisplayName("Q01, K12 of fifty uses of one enrolment exactly one makes a passkey")
    void oneEnrollment() {
        String ada = Calls.user(first, "ada@example.com");
        Ceremony begun = first.passkeys().beginEnrollment(ada, BROWSER);
        List<String> answers = Stream.generate(
                        () -> SoftwareAuthenticator.at(PasskeyStage.ORIGIN).create(begun.options()))
                .limit(THREADS)
                .toList();
        List<String> codes = race.start(n ->
                code(() -> node(n).passkeys().finishEnrollment(ada, BROWSER, begun.state(), answers.get(n), "Phone")));
        assertThat(codes.stream().filter(WON::equals)).hasSize(1);
        assertThat(first.passkeys().list(ada)).hasSize(1);
    }

    @Test
    @DisplayName("K16 of fifty enrolments at once as many succeed as there is room for")
    void cap() {
        String ada = Calls.user(first, "ada@example.com");
        for (int i = 0; i < 40; i++) {
            enroll(ada, SoftwareAuthenticator.at(PasskeyStage.ORIGIN));
        }
        record Begun(Ceremony ceremony, String answer) {}
        List<Begun> begun = Stream.generate(() -> first.passkeys().beginEnrollment(ada, BROWSER))
                .limit(THREADS)
                .map(c -> new Begun(
                        c, SoftwareAuthenticator.at(PasskeyStage.ORIGIN).create(c.options())))
                .toList();
        List<String> codes = race.start(n -> code(() -> node(n).passkeys()
                .finishEnrollment(ada, BROWSER, begun.get(n).ceremony.state(), begun.get(n).answer, "Phone")));
        assertThat(codes.stream().filter(WON::equals)).hasSize(10);
        assertThat(codes.stream().filter("too_many_passkeys"::equals)).hasSize(THREADS - 10);
        assertThat(first.passkeys().list(ada)).hasSize(50);
    }

    @Test
    @DisplayName("K18 of fifty removals at once one passkey is left")
    void lastOne() {
        String ada = Calls.user(first, "ada@example.com");
        List<Passkey> all = Stream.generate(() -> enroll(ada, SoftwareAuthenticator.at(PasskeyStage.ORIGIN)))
                .limit(THREADS)
                .toList();
        List<String> codes = race.start(n ->
                code(() -> node(n).passkeys().delete(ada, all.get(n).id())));
        assertThat(codes.stream().filter(WON::equals)).hasSize(THREADS - 1);
        assertThat(codes.stream().filter("last_passkey"::equals)).hasSize(1);
        assertThat(first.passkeys().list(ada)).hasSize(1);
    }
}
