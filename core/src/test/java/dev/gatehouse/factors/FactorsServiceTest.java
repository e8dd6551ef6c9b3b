package dev.gatehouse.factors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.SteerableClock;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.crypto.Envelope;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.crypto.RandomTokens;
import dev.gatehouse.crypto.RevealSecret;
import dev.gatehouse.crypto.Ulid;
import dev.gatehouse.engine.Actor;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.engine.Json;
import dev.gatehouse.engine.Outcome;
import dev.gatehouse.spi.Query;
import dev.gatehouse.spi.Row;
import dev.gatehouse.spi.Storage;
import dev.gatehouse.store.MemoryStorage;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What identity asks of factors, inside its own transactions. */
class FactorsServiceTest {
    private static final String A = "a:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private static final String B = "b:ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=";
    private static final String ADA = "user_01ADA";
    private static final String BOB = "user_01BOB";

    private final Storage storage = new MemoryStorage();
    private final SteerableClock clock = new SteerableClock();
    private final Engine engine = new Engine(storage, new Ulid(), clock, new Json());
    private final Factors factors = factors(A);

    private static Factors factors(String keys) {
        return new Factors(
                new Envelope(LocalKeyring.parse(keys)),
                new RandomTokens(),
                (call, userId) -> userId.equals(ADA) || userId.equals(BOB));
    }

    private <T> T run(Function<Call, T> step) {
        return engine.run("env", Actor.SYSTEM, step);
    }

    private Outcome<Integer> use(String user, String code) {
        return run(call -> factors.useRecoveryCode(call, user, code));
    }

    private int left(String user) {
        return run(call -> factors.recoveryCodesLeft(call, user));
    }

    private List<Factor> ofUser(String user) {
        return run(call -> factors.ofUser(call, user));
    }

    private List<Row> rows(String kind) {
        return storage.inTransaction(tx -> tx.find(new Query("env", kind, Map.of(), null, null, null, false, 1_000)));
    }

    private static String refusal(Outcome<?> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Refused.class);
        ApiException error = ((Outcome.Refused<?>) outcome).error();
        assertThat(error.status()).isEqualTo(400);
        return error.code();
    }

    private static void assertTaken(Outcome<Integer> outcome, int left) {
        assertThat(outcome).isEqualTo(new Outcome.Done<>(left));
    }

    private String body() {
        return rows("recovery_codes").stream().map(Row::body).toList().toString();
    }

    @Test
    @DisplayName("P31 ten codes of ten characters, each good once, for its own user alone")
    void once() {
        List<String> codes = run(call -> factors.newRecoveryCodes(call, ADA));
        assertThat(codes).hasSize(10).doesNotHaveDuplicates().allMatch(c -> c.matches("[2-9A-HJ-NP-Z]{10}"));
        assertThat(left(ADA)).isEqualTo(10);
        assertThat(left(BOB)).isZero();
        assertThat(refusal(use(BOB, codes.get(0)))).isEqualTo("invalid_one_time_code");
        run(call -> factors.newRecoveryCodes(call, BOB));
        assertThat(refusal(use(BOB, codes.get(0)))).isEqualTo("invalid_one_time_code");
        for (int i = 0; i < 10; i++) {
            assertTaken(use(ADA, codes.get(i)), 9 - i);
            assertThat(refusal(use(ADA, codes.get(i)))).isEqualTo("invalid_one_time_code");
        }
        assertThat(left(ADA)).isZero();
        assertThat(left(BOB)).isEqualTo(10);
    }

    @Test
    void codesAreReadAsPeopleTypeThem() {
        List<String> codes = run(call -> factors.newRecoveryCodes(call, ADA));
        String code = codes.get(0);
        for (String wrong : List.of("", "x", code.substring(1), code + "A", "\u212a" + code.substring(1))) {
            assertThat(refusal(use(ADA, wrong))).as(wrong).isEqualTo("invalid_one_time_code");
        }
        assertTaken(use(ADA, code), 9);
        assertTaken(use(ADA, codes.get(1).toLowerCase(Locale.ROOT)), 8);
        assertTaken(use(ADA, codes.get(2).substring(0, 5) + "-" + codes.get(2).substring(5)), 7);
        assertTaken(
                use(ADA, " " + codes.get(3).substring(0, 5) + " " + codes.get(3).substring(5) + " "), 6);
    }

    @Test
    @DisplayName("P31 new codes replace all earlier ones, and nobody's user gets any")
    void regenerated() {
        List<String> old = run(call -> factors.newRecoveryCodes(call, ADA));
        assertTaken(use(ADA, old.get(0)), 9);
        List<String> fresh = run(call -> factors.newRecoveryCodes(call, ADA));
        Set<String> all = new HashSet<>(old);
        all.addAll(fresh);
        assertThat(all).hasSize(20);
        for (String code : old) {
            assertThat(refusal(use(ADA, code))).isEqualTo("invalid_one_time_code");
        }
        assertTaken(use(ADA, fresh.get(0)), 9);
        assertThatThrownBy(() -> run(call -> factors.newRecoveryCodes(call, "user_01NOBODY")))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("not found");
    }

    @Test
    @DisplayName("P31 neither a code nor a digest of one lies open in the database")
    void stored() {
        List<String> codes = run(call -> factors.newRecoveryCodes(call, ADA));
        String body = body();
        assertThat(body).contains("\"sealed\":\"a.");
        codes.forEach(code -> assertThat(body).doesNotContain(code));
        String salt = body.replaceAll(".*\"salt\":\"([^\"]+)\".*", "$1");
        assertThat(salt).hasSize(22);
        codes.forEach(code ->
                assertThat(body).doesNotContain(dev.gatehouse.crypto.Digest.of("recovery_code", salt + '\0' + code)));
    }

    @Test
    @DisplayName("P31 thirty wrong recovery codes a day, and then not even a right one")
    void bruteForce() {
        List<String> codes = run(call -> factors.newRecoveryCodes(call, ADA));
        for (int i = 0; i < 29; i++) {
            assertThat(refusal(use(ADA, "AAAAAAAAAA"))).isEqualTo("invalid_one_time_code");
        }
        assertTaken(use(ADA, codes.get(0)), 9);
        assertThat(refusal(use(ADA, "AAAAAAAAAA"))).isEqualTo("invalid_one_time_code");
        assertThat(refusal(use(ADA, codes.get(1)))).isEqualTo("one_time_code_too_many_attempts");
        List<String> fresh = run(call -> factors.newRecoveryCodes(call, ADA));
        assertThat(refusal(use(ADA, fresh.get(0))))
                .as("new codes are no new tries")
                .isEqualTo("one_time_code_too_many_attempts");
        clock.pass(Tries.WINDOW);
        assertTaken(use(ADA, fresh.get(0)), 9);
    }

    private Enrolled enrolled(String user) {
        return run(call -> factors.enroll(call, EnrollInput.of(user, "Acme", "ada")));
    }

    private String challenge(Enrolled enrolled) {
        return run(call -> factors.challenge(call, enrolled.factor().id())).id();
    }

    private static String secret(Enrolled enrolled) {
        return enrolled.secret().text(RevealSecret.access());
    }

    private Outcome<Factor> verify(String user, String challenge, String code) {
        return verify(factors, user, challenge, code);
    }

    private Outcome<Factor> verify(Factors by, String user, String challenge, String code) {
        return run(call -> by.verifyOf(call, user, challenge, code));
    }

    @Test
    @DisplayName("P29 a challenge is answered by the user whose factor it asks, and another's answer does not count")
    void bound() {
        Enrolled adas = enrolled(ADA);
        String challenge = challenge(adas);
        String code = Authenticator.code(secret(adas), clock.instant());
        for (int i = 0; i < 10; i++) {
            assertThat(refusal(verify(BOB, challenge, code))).isEqualTo("invalid_one_time_code");
        }
        assertThat(refusal(verify(ADA, "auth_challenge_01NONE", code))).isEqualTo("invalid_one_time_code");
        assertThat(refusal(verify(ADA, adas.factor().id(), code))).isEqualTo("invalid_one_time_code");
        Enrolled nobodys = enrolled(null);
        String loose = challenge(nobodys);
        assertThat(refusal(verify(ADA, loose, Authenticator.code(secret(nobodys), clock.instant()))))
                .isEqualTo("invalid_one_time_code");
        Outcome<Factor> right = verify(ADA, challenge, code);
        assertThat(right.orThrow().id()).isEqualTo(adas.factor().id());
    }

    @Test
    void refusalsOfASignInSayWhy() {
        Enrolled adas = enrolled(ADA);
        String wrong = Authenticator.wrong(secret(adas), clock.instant());
        String code = Authenticator.code(secret(adas), clock.instant());
        String first = challenge(adas);
        String second = challenge(adas);
        assertThat(refusal(verify(ADA, first, wrong))).isEqualTo("invalid_one_time_code");
        assertThat(verify(ADA, first, code)).isInstanceOf(Outcome.Done.class);
        assertThat(refusal(verify(ADA, first, code))).isEqualTo("one_time_code_previously_used");
        for (int i = 0; i < 5; i++) {
            assertThat(refusal(verify(ADA, second, code))).isEqualTo("one_time_code_previously_used");
        }
        assertThat(refusal(verify(ADA, second, code))).isEqualTo("one_time_code_too_many_attempts");
        String third = challenge(adas);
        clock.pass(Challenge.LIFE);
        String later = Authenticator.code(secret(adas), clock.instant());
        assertThat(refusal(verify(ADA, third, later))).isEqualTo("one_time_code_expired");
        assertThat(verify(ADA, challenge(adas), later)).isInstanceOf(Outcome.Done.class);
    }

    @Test
    void aFactorIsVerifiedOnceACodeWasRight() {
        Enrolled adas = enrolled(ADA);
        enrolled(BOB);
        assertThat(ofUser(ADA)).singleElement().matches(f -> !f.verified());
        verify(ADA, challenge(adas), Authenticator.wrong(secret(adas), clock.instant()));
        assertThat(ofUser(ADA)).singleElement().matches(f -> !f.verified());
        Instant first = clock.instant();
        verify(ADA, challenge(adas), Authenticator.code(secret(adas), first)).orThrow();
        assertThat(ofUser(ADA)).extracting(Factor::verifiedAt).containsExactly(first);
        clock.pass(Duration.ofSeconds(60));
        verify(ADA, challenge(adas), Authenticator.code(secret(adas), clock.instant()))
                .orThrow();
        assertThat(ofUser(ADA)).extracting(Factor::verifiedAt).containsExactly(first);
    }

    @Test
    void recoveryCodesGoWithTheLastFactorAndEverythingWithTheUser() {
        Enrolled one = enrolled(ADA);
        Enrolled two = enrolled(ADA);
        Enrolled bobs = enrolled(BOB);
        String code = run(call -> factors.newRecoveryCodes(call, ADA)).get(0);
        run(call -> factors.newRecoveryCodes(call, BOB));
        delete(one);
        assertTaken(use(ADA, code), 9);
        delete(two);
        assertThat(left(ADA)).isZero();
        delete(two);
        challenge(bobs);
        run(call -> {
            factors.forget(call, BOB);
            return true;
        });
        assertThat(ofUser(BOB)).isEmpty();
        for (String kind :
                List.of("authentication_factor", "authentication_challenge", "totp_secret", "recovery_codes")) {
            assertThat(rows(kind)).as(kind).isEmpty();
        }
    }

    private void delete(Enrolled enrolled) {
        run(call -> {
            factors.delete(call, enrolled.factor());
            return true;
        });
    }

    @Test
    void aRootKeyCanBeTakenAwayOnceEverythingIsSealedAnew() {
        Enrolled adas = enrolled(ADA);
        String code = run(call -> factors.newRecoveryCodes(call, ADA)).get(0);
        for (int i = 0; i < 150; i++) {
            enrolled(null);
        }
        Factors both = factors(B + "," + A);
        Factors only = factors(B);
        String right = Authenticator.code(secret(adas), clock.instant());
        String challenge = challenge(adas);
        assertThat(refusal(verify(only, ADA, challenge, right)))
                .as("the old key alone opens it")
                .isEqualTo("invalid_one_time_code");
        assertThat(refusal(run(call -> only.useRecoveryCode(call, ADA, code)))).isEqualTo("invalid_one_time_code");

        both.reseal(engine, "env");
        assertThat(body()).contains("\"sealed\":\"b.");
        assertThat(rows("totp_secret")).hasSize(151).allMatch(row -> row.body().contains("\"sealed\":\"b."));
        assertThat(verify(only, ADA, challenge, right)).isInstanceOf(Outcome.Done.class);
        assertTaken(run(call -> only.useRecoveryCode(call, ADA, code)), 9);
        both.reseal(engine, "env");
    }

    @Test
    void usingAFactorSealsItAnew() {
        Enrolled adas = enrolled(ADA);
        Factors both = factors(B + "," + A);
        String right = Authenticator.code(secret(adas), clock.instant());
        String challenge = challenge(adas);
        assertThat(verify(both, ADA, challenge, right)).isInstanceOf(Outcome.Done.class);
        assertThat(rows("totp_secret"))
                .singleElement()
                .matches(row -> row.body().contains("\"sealed\":\"b."));
    }

    @Test
    @DisplayName("L02 nothing that holds a secret prints it")
    void nothingPrints() {
        Enrolled adas = enrolled(ADA);
        assertThat(adas + " " + adas.view()).doesNotContain(secret(adas)).doesNotContain("data:image");
        assertThat(adas.view().totp().uri()).contains(secret(adas));
        run(call -> {
            assertThat(call.find(TotpSecret.TYPE, TotpSecret.idOf(adas.factor().id())))
                    .get()
                    .hasToString("TotpSecret[" + TotpSecret.idOf(adas.factor().id()) + "]");
            factors.newRecoveryCodes(call, ADA);
            assertThat(call.find(RecoveryCodes.TYPE, RecoveryCodes.idOf(ADA)))
                    .get()
                    .hasToString("RecoveryCodes[recovery_codes_01ADA]");
            return true;
        });
    }
}
