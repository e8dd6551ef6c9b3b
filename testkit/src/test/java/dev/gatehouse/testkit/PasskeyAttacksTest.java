package dev.gatehouse.testkit;

import static dev.gatehouse.testkit.PasskeyStage.phone;
import static dev.gatehouse.testkit.PasskeyStage.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.config.Setting;
import dev.gatehouse.identity.Step;
import dev.gatehouse.passkeys.Ceremony;
import dev.gatehouse.passkeys.Passkey;
import dev.gatehouse.spi.Mailer.Mail;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ATTACKS, group "Passkeys (WebAuthn)", through the Java API. Each begins with what is not attacked, which works. */
class PasskeyAttacksTest {
    private final PasskeyStage stage = new PasskeyStage();
    private final SoftwareAuthenticator phone = phone();
    private String ada = "";

    @BeforeEach
    void aPasskeyThatWorks() {
        ada = stage.user("ada@example.com");
        stage.enroll(ada, phone);
        assertThat(stage.signedIn(phone)).isEqualTo(ada);
    }

    @AfterEach
    void close() {
        stage.close();
    }

    /** A sign-in with this authenticator, which must be refused for this reason, and leave its trace. */
    private void refusedSignIn(SoftwareAuthenticator authenticator, String why) {
        int before = stage.events("authentication.passkey_failed").size();
        assertThat(refused(() -> stage.signIn(authenticator)))
                .startsWith("invalid_passkey")
                .contains(why);
        assertThat(stage.events("authentication.passkey_failed")).hasSize(before + 1);
        authenticator.honest();
        assertThat(stage.signedIn(authenticator)).as("it was the lie").isEqualTo(ada);
    }

    /** An enrolment that must be refused for this reason; a true one by the same authenticator works. */
    private void refusedEnrollment(SoftwareAuthenticator authenticator, String why) {
        int before = stage.passkeys.list(ada).size();
        assertThat(refused(() -> stage.enroll(ada, authenticator)))
                .startsWith("invalid_passkey")
                .contains(why);
        assertThat(stage.passkeys.list(ada)).hasSize(before);
        stage.passkeys.delete(ada, stage.enroll(ada, phone()).id());
    }

    @Test
    @DisplayName("K01 a challenge that is absent, not ours, or another's is refused")
    void challenges() {
        refusedSignIn(phone.challenge(""), "another challenge");
        refusedSignIn(phone.challenge("AAAA"), "another challenge");
        refusedSignIn(
                phone.clientData(text -> text.replaceFirst("\"challenge\":\"[^\"]*\",", "")), "another challenge");
        refusedEnrollment(phone().challenge("AAAA"), "another challenge");
        Ceremony mine = stage.passkeys.beginSignIn(PasskeyStage.BROWSER);
        Ceremony other = stage.passkeys.beginSignIn(PasskeyStage.BROWSER);
        String answer = phone.get(mine.options());
        assertThat(refused(() -> stage.answer(other, answer))).contains("another challenge");
        assertThat(stage.answer(mine, answer)).isInstanceOf(Step.Finished.class);
    }

    @Test
    @DisplayName("K01 a challenge is answered once, within five minutes, by its browser, for what it was made")
    void challengesAreBound() {
        Ceremony once = stage.passkeys.beginSignIn(PasskeyStage.BROWSER);
        String answer = phone.get(once.options());
        assertThat(stage.answer(once, answer)).isInstanceOf(Step.Finished.class);
        assertThat(refused(() -> stage.answer(once, answer))).startsWith("passkey_challenge_previously_used");

        Ceremony wrongFirst = stage.passkeys.beginSignIn(PasskeyStage.BROWSER);
        assertThat(refused(() -> stage.answer(wrongFirst, "{}"))).startsWith("invalid_passkey");
        assertThat(refused(() -> stage.answer(wrongFirst, phone.get(wrongFirst.options()))))
                .as("a wrong answer spends it too")
                .startsWith("passkey_challenge_previously_used");

        Ceremony slow = stage.passkeys.beginSignIn(PasskeyStage.BROWSER);
        stage.pass(Duration.ofMinutes(5).minusMillis(1));
        assertThat(stage.answer(slow, phone.get(slow.options()))).isInstanceOf(Step.Finished.class);
        Ceremony late = stage.passkeys.beginSignIn(PasskeyStage.BROWSER);
        stage.pass(Duration.ofMinutes(5));
        assertThat(refused(() -> stage.answer(late, phone.get(late.options()))))
                .startsWith("passkey_challenge_expired");
        stage.pass(Duration.ofDays(1));
        stage.gatehouse.maintain();
        assertThat(refused(() -> stage.answer(once, answer)))
                .as("nor when what remembers it is swept")
                .startsWith("passkey_challenge_expired");

        Ceremony foreign = stage.passkeys.beginSignIn("browser-2");
        assertThat(refused(() -> stage.answer(foreign, phone.get(foreign.options()))))
                .startsWith("passkey_challenge_expired");
        Ceremony enrollment = stage.passkeys.beginEnrollment(ada, PasskeyStage.BROWSER);
        String signIn = stage.passkeys.beginSignIn(PasskeyStage.BROWSER).options();
        assertThat(refused(() -> stage.answer(enrollment, phone.get(signIn)))).startsWith("passkey_challenge_expired");
        assertThat(refused(() -> stage.answer(new Ceremony("", ""), "{}"))).startsWith("passkey_challenge_expired");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://app.example.com",
                "https://evil.example.com",
                "https://example.com",
                "https://app.example.com:8443",
                "https://app.example.com:443",
                "https://app.example.com/",
                "https://app.example.com.evil.com",
                "https://app.example.com@evil.com",
                "https://\u0430pp.example.com",
                "https://APP.example.com",
                "null",
                "",
                "android:apk-key-hash:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
            })
    @DisplayName("K02 origins are an exact list")
    void origins(String origin) {
        refusedSignIn(phone.origin(origin), "origin");
        refusedEnrollment(phone().origin(origin), "origin");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"crossOrigin\":true",
                "\"crossOrigin\":\"false\"",
                "\"crossOrigin\":null",
                "\"crossOrigin\":1",
                "\"crossOrigin\":true,\"topOrigin\":\"https://app.example.com\"",
                "\"topOrigin\":\"https://evil.example.org\""
            })
    @DisplayName("K03 no frame of another site uses a passkey")
    void frames(String members) {
        refusedSignIn(phone.framed(members), "frame");
        refusedEnrollment(phone().framed(members), "frame");
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.com", "evil.example.com", "app.example.com.", ""})
    @DisplayName("K04 an answer for another relying party is refused")
    void relyingParties(String rpId) {
        refusedSignIn(phone.rpId(rpId), "RpId");
        refusedEnrollment(phone().rpId(rpId), "RpId");
    }

    @Test
    @DisplayName("K05 making is not using, and the other way round")
    void types() {
        refusedSignIn(phone.type("webauthn.create"), "type");
        refusedEnrollment(phone().type("webauthn.get"), "type");
        refusedSignIn(phone.type("payment.get"), "type");
        refusedSignIn(phone.type("WEBAUTHN.GET"), "type");
    }

    @Test
    @DisplayName("K06 somebody was there and verified, and what is said of syncing is consistent and stays")
    void flags() {
        refusedSignIn(phone.user(false, true), "present");
        refusedSignIn(phone.user(true, false), "verify");
        refusedSignIn(phone.backup(false, true), "synced");
        refusedSignIn(phone.backup(false, false), "synced");
        refusedEnrollment(phone().user(false, true), "present");
        refusedEnrollment(phone().user(true, false), "verify");
        refusedEnrollment(phone().backup(false, true), "synced");
        assertThat(stage.signedIn(phone.backup(true, false)))
                .as("a passkey may be synced later")
                .isEqualTo(ada);
        assertThat(stage.passkeys.list(ada).get(0).backedUp()).isFalse();
    }

    /** An ECDSA signature in DER as its two numbers, 32 bytes each. */
    private static byte[] fixedWidth(byte[] der) {
        byte[] out = new byte[64];
        int at = 4;
        for (int part = 0; part < 2; part++) {
            int length = der[at - 1];
            byte[] number = new BigInteger(1, Arrays.copyOfRange(der, at, at + length)).toByteArray();
            int size = Math.min(32, number.length);
            System.arraycopy(number, number.length - size, out, 32 * part + 32 - size, size);
            at += length + 2;
        }
        return out;
    }

    @Test
    @DisplayName("K07 a signature over other bytes, empty, of zeros, in another form or by another key is refused")
    void signatures() {
        UnaryOperator<byte[]> flipped = bytes -> {
            byte[] other = bytes.clone();
            other[other.length - 1] ^= 1;
            return other;
        };
        refusedSignIn(phone.signature(flipped), "webauthn4j");
        refusedSignIn(phone.signature(bytes -> new byte[0]), "signature is missing");
        refusedSignIn(phone.signature(bytes -> new byte[64]), "webauthn4j");
        // CVE-2022-21449: r = s = 0
        refusedSignIn(phone.signature(bytes -> new byte[] {0x30, 6, 2, 1, 0, 2, 1, 0}), "webauthn4j");
        refusedSignIn(phone.signature(PasskeyAttacksTest::fixedWidth), "webauthn4j");
        refusedSignIn(phone.signature(bytes -> Arrays.copyOf(bytes, bytes.length + 1)), "webauthn4j");
        refusedSignIn(
                phone.signature(bytes -> new SoftwareKey(SoftwareAuthenticator.Algorithm.ES256).sign(bytes)),
                "webauthn4j");
        // changed after it was signed
        Ceremony ceremony = stage.passkeys.beginSignIn(PasskeyStage.BROWSER);
        String answer = phone.get(ceremony.options());
        String data = answer.replaceAll(".*\"authenticatorData\":\"([^\"]+)\".*", "$1");
        byte[] counted = Base64.getUrlDecoder().decode(data);
        counted[36]++;
        String changed =
                answer.replace(data, Base64.getUrlEncoder().withoutPadding().encodeToString(counted));
        assertThat(refused(() -> stage.answer(ceremony, changed))).contains("webauthn4j");
    }

    @Test
    @DisplayName("K07 keys of algorithms that were not offered, or that are not what they say, are refused")
    void algorithms() {
        refusedEnrollment(phone().algorithm(SoftwareAuthenticator.Algorithm.RS1), "");
        refusedEnrollment(phone().algorithm(SoftwareAuthenticator.Algorithm.ES384), "");
        refusedEnrollment(
                phone().algorithm(SoftwareAuthenticator.Algorithm.RS256).namedAlgorithm(-7), "");
        refusedEnrollment(
                phone().algorithm(SoftwareAuthenticator.Algorithm.ES384).namedAlgorithm(-7), "");
        refusedEnrollment(
                phone().algorithm(SoftwareAuthenticator.Algorithm.ES256).namedAlgorithm(-257), "");
        refusedEnrollment(
                phone().algorithm(SoftwareAuthenticator.Algorithm.EDDSA).namedAlgorithm(-7), "");
        refusedEnrollment(phone().namedAlgorithm(0), "");
    }

    @Test
    @DisplayName("K08, K09 a passkey signs in its owner and nobody else, and names him")
    void owners() {
        String bob = stage.user("bob@example.com");
        SoftwareAuthenticator bobs = phone();
        stage.enroll(bob, bobs);
        assertThat(stage.signedIn(bobs)).isEqualTo(bob);
        assertThat(refused(() -> stage.signIn(bobs.userHandle(ada.getBytes(StandardCharsets.UTF_8)))))
                .contains("user handle");
        assertThat(refused(() -> stage.signIn(
                        bobs.honest().credentialId(Base64.getUrlDecoder().decode(phone.newest())))))
                .as("Bob signs under the name of Ada's passkey")
                .startsWith("invalid_passkey");
        assertThat(refused(() -> stage.signIn(bobs.userHandle(ada.getBytes(StandardCharsets.UTF_8)))))
                .as("and as her")
                .contains("webauthn4j");
        JsonNode trace = stage.events("authentication.passkey_failed").get(2).data();
        assertThat(trace.path("user_id").asText()).as("whom it was about").isEqualTo(ada);
        assertThat(trace.at("/error/code").asText()).isEqualTo("invalid_passkey");
        refusedSignIn(phone.userHandle(new byte[0]), "userHandle is missing");
        refusedSignIn(phone.userHandle(new byte[64]), "user handle");
        refusedSignIn(phone.userHandle(new byte[65]), "userHandle is missing, too long");
    }

    @Test
    @DisplayName("K10 a credential id is registered once in an environment")
    void registeredTwice() {
        String bob = stage.user("bob@example.com");
        byte[] adas = Base64.getUrlDecoder().decode(phone.newest());
        for (String user : List.of(bob, ada)) {
            assertThat(refused(() -> stage.enroll(user, phone().credentialId(adas))))
                    .startsWith("passkey_already_registered");
        }
        assertThat(stage.passkeys.list(bob)).isEmpty();
        assertThat(stage.signedIn(phone)).isEqualTo(ada);
        stage.enroll(bob, phone());
        assertThat(stage.passkeys.list(bob)).hasSize(1);
    }

    @Test
    @DisplayName("K11, K12 an enrolment is its user's and its browser's, and makes one passkey")
    void enrollments() {
        String bob = stage.user("bob@example.com");
        SoftwareAuthenticator thief = phone();
        Ceremony begun = stage.passkeys.beginEnrollment(bob, "thief");
        String answer = thief.create(begun.options());
        assertThat(refused(() -> stage.passkeys.finishEnrollment(ada, "thief", begun.state(), answer, "x")))
                .as("for another user")
                .startsWith("passkey_challenge_expired");
        assertThat(refused(() -> stage.passkeys.finishEnrollment(bob, "browser", begun.state(), answer, "x")))
                .as("in another browser")
                .startsWith("passkey_challenge_expired");
        Ceremony signIn = stage.passkeys.beginSignIn("thief");
        assertThat(refused(() -> stage.passkeys.finishEnrollment(bob, "thief", signIn.state(), answer, "x")))
                .as("with another state")
                .startsWith("passkey_challenge_expired");
        stage.passkeys.finishEnrollment(bob, "thief", begun.state(), answer, "x");
        assertThat(refused(() -> stage.passkeys.finishEnrollment(
                        bob, "thief", begun.state(), phone().create(begun.options()), "x")))
                .as("a second one")
                .startsWith("passkey_challenge_previously_used");
        assertThat(stage.passkeys.list(bob)).hasSize(1);
        assertThat(refused(() -> stage.passkeys.beginEnrollment("user_01HZZZZZZZZZZZZZZZZZZZZZZZ", "b")))
                .startsWith("entity_not_found");
    }

    @Test
    @DisplayName("the owner is told of a new passkey, and only of one that was kept")
    void told() {
        List<Mail> mails = new ArrayList<>();
        try (PasskeyStage mailing =
                new PasskeyStage(builder -> builder.mailer(mails::add).executor(Runnable::run))) {
            String bob = mailing.user("bob@example.com");
            Ceremony begun = mailing.passkeys.beginEnrollment(bob, "browser");
            String answer = phone().create(begun.options());
            refused(() -> mailing.passkeys.finishEnrollment(bob, "browser", begun.state(), answer, ""));
            assertThat(mails).isEmpty();
            mailing.enroll(bob, phone());
            assertThat(mails).singleElement().satisfies(mail -> {
                assertThat(mail.to()).isEqualTo("bob@example.com");
                assertThat(mail.subject()).isEqualTo("A passkey was added to your Fieldnotes account");
                assertThat(mail.text()).contains(PasskeyStage.ORIGIN + "/auth/account");
            });
        }
    }

    @Test
    @DisplayName("K13 a counter that goes back is refused and told; one that stays at 0 is not")
    void counters() {
        String bob = stage.user("bob@example.com");
        SoftwareAuthenticator key = phone().securityKey();
        stage.enroll(bob, key);
        assertThat(stage.signedIn(key)).isEqualTo(bob);
        assertThat(stage.signedIn(key)).isEqualTo(bob);
        assertThat(stage.passkeys.list(bob).get(0).signCount()).as("kept").isEqualTo(2);
        for (long back : new long[] {2, 1, 0}) {
            assertThat(refused(() -> stage.signIn(key.signCount(back)))).contains("copied");
            assertThat(stage.passkeys.list(bob).get(0).signCount()).isEqualTo(2);
        }
        assertThat(stage.events("authentication.passkey_failed")).hasSize(3);
        assertThat(stage.signedIn(key.signCount(0xffff_ffffL)))
                .as("gaps are normal")
                .isEqualTo(bob);
        assertThat(stage.passkeys.list(bob).get(0).signCount()).isEqualTo(0xffff_ffffL);
        for (int i = 0; i < 3; i++) {
            assertThat(stage.signedIn(phone)).as("0 stays 0").isEqualTo(ada);
        }
    }

    @Test
    @DisplayName("K14 attestation is not asked for, and one that comes is neither read nor trusted")
    void attestation() {
        for (String format : List.of("packed", "tpm", "apple", "nope")) {
            Passkey made = stage.enroll(ada, phone().attestation(bytes -> relabelled(bytes, format)));
            assertThat(made.aaguid()).isEqualTo("00000000-0000-0000-0000-000000000000");
        }
    }

    /** The same attestation object under another format, with a statement that is none. */
    private static byte[] relabelled(byte[] none, String format) {
        byte[] data = Arrays.copyOfRange(none, 1 + 4 + 5 + 8 + 1, none.length);
        byte[] head = new CborWriter()
                .map(3)
                .text("fmt")
                .text(format)
                .text("attStmt")
                .map(1)
                .text("x5c")
                .bytes(new byte[3_000])
                .done();
        return joined(head, data);
    }

    private static byte[] joined(byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(p -> p.length).sum();
        byte[] all = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    private static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    @Test
    @DisplayName("K15 CBOR that is deep, long, ambiguous or goes on is refused at once")
    void bombs() {
        byte[] huge = {0x5b, 0x7f, -1, -1, -1, -1, -1, -1, -1};
        byte[] repeated = new CborWriter().text("fmt").text("none").done();
        List<UnaryOperator<byte[]>> bombs = List.of(
                good -> filled(15_000, 0x81),
                good -> joined(filled(15_000, 0xa1), new byte[] {0}),
                good -> filled(15_000, 0xc1),
                good -> huge,
                good -> new byte[] {(byte) 0xba, -1, -1, -1, -1, 1, 1},
                good -> new byte[] {(byte) 0x9b, 0x7f, -1, -1, -1, -1, -1, -1, -1},
                good -> joined(new byte[] {(byte) 0xa4}, Arrays.copyOfRange(good, 1, good.length), repeated),
                good -> joined(good, new byte[] {0}),
                good -> joined(
                        new byte[] {(byte) 0xbf}, Arrays.copyOfRange(good, 1, good.length), new byte[] {(byte) 0xff}),
                good -> joined(new byte[] {(byte) 0xb8, 3}, Arrays.copyOfRange(good, 1, good.length)),
                good -> Arrays.copyOf(good, good.length - 1),
                good -> new byte[] {(byte) 0xa0},
                good -> new byte[] {(byte) 0xf6},
                good -> new byte[0]);
        for (UnaryOperator<byte[]> bomb : bombs) {
            refusedEnrollment(phone().attestation(bomb), "");
        }
        UnaryOperator<byte[]> extended = data -> {
            byte[] flagged = data.clone();
            flagged[32] |= (byte) 0x80;
            return flagged;
        };
        List<UnaryOperator<byte[]>> dataBombs = List.of(
                data -> joined(data, new byte[] {0}),
                data -> joined(extended.apply(data), filled(1_000, 0x81)),
                data -> joined(extended.apply(data), huge),
                extended,
                data -> Arrays.copyOf(data, 36));
        for (UnaryOperator<byte[]> bomb : dataBombs) {
            refusedEnrollment(phone().authenticatorData(bomb), "");
            refusedSignIn(phone.authenticatorData(bomb), "");
        }
        // the key's algorithm a second time
        refusedEnrollment(
                phone().authenticatorData(data -> {
                    byte[] more = joined(data, new byte[] {3, 0x26});
                    more[37 + 16 + 2 + 32]++;
                    return more;
                }),
                "member twice");
        Ceremony ceremony = stage.passkeys.beginEnrollment(ada, PasskeyStage.BROWSER);
        String bomb = phone().attestation(good -> filled(15_000, 0x81)).create(ceremony.options());
        long begun = System.nanoTime();
        refused(() -> stage.passkeys.finishEnrollment(ada, PasskeyStage.BROWSER, ceremony.state(), bomb, "x"));
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofMillis(50));
    }

    @Test
    @DisplayName("K16 a credential id has 1 to 1023 bytes, and a user at most fifty passkeys")
    void caps() {
        String bob = stage.user("bob@example.com");
        SoftwareAuthenticator longest = phone().credentialIdLength(1_023);
        stage.enroll(bob, longest);
        assertThat(stage.signedIn(longest)).isEqualTo(bob);
        refusedEnrollment(phone().credentialIdLength(1_024), "rawId");
        refusedEnrollment(phone().credentialIdLength(0), "rawId");
        for (int i = 1; i < 50; i++) {
            stage.enroll(bob, phone());
        }
        assertThat(refused(() -> stage.enroll(bob, phone()))).startsWith("too_many_passkeys");
        assertThat(stage.passkeys.list(bob)).hasSize(50);
    }

    @Test
    @DisplayName("K17 a sign-in asks for no passkey in particular, so it tells nothing of who has some")
    void nobodyIsNamed() {
        String one = stage.passkeys.beginSignIn(PasskeyStage.BROWSER).options();
        stage.passkeys.deleteAll(ada);
        stage.gatehouse.users().delete(ada);
        String other = stage.passkeys.beginSignIn(PasskeyStage.BROWSER).options();
        String challenge = "\"challenge\":\"[^\"]+\"";
        assertThat(one).matches(".*" + challenge + ".*").doesNotContain("allowCredentials");
        assertThat(one.replaceAll(challenge, "")).isEqualTo(other.replaceAll(challenge, ""));
        assertThat(one).isNotEqualTo(other);
    }

    @Test
    @DisplayName("K18 the last passkey stays where nothing else signs in, and nobody removes another's")
    void lastOne() {
        String bob = stage.user("bob@example.com");
        Passkey bobs = stage.enroll(bob, phone());
        assertThat(refused(() -> stage.passkeys.delete(ada, bobs.id()))).startsWith("entity_not_found");
        assertThat(refused(() -> stage.passkeys.rename(ada, bobs.id(), "mine"))).startsWith("entity_not_found");
        stage.passkeys.delete(bob, bobs.id());
        assertThat(stage.passkeys.list(bob)).as("he has a password").isEmpty();

        try (PasskeyStage only = new PasskeyStage(b -> b.set(Setting.SIGN_IN_METHODS, "passkey"))) {
            String eve = only.user("eve@example.com");
            Passkey first = only.enroll(eve, phone());
            Passkey second = only.enroll(eve, phone());
            only.passkeys.delete(eve, first.id());
            assertThat(refused(() -> only.passkeys.delete(eve, second.id()))).startsWith("last_passkey");
            assertThat(only.passkeys.list(eve)).hasSize(1);
            assertThat(only.passkeys.deleteAll(eve)).as("the application may").isEqualTo(1);
        }
    }

    @Test
    @DisplayName("K19 a credential id has one spelling")
    void spellings() {
        UnaryOperator<String> padded = answer -> answer.replaceFirst("\"rawId\":\"([^\"]+)\"", "\"rawId\":\"$1=\"");
        UnaryOperator<String> spare = answer -> {
            String id = phone.newest();
            String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
            char next = alphabet.charAt(alphabet.indexOf(id.charAt(id.length() - 1)) + 1);
            return answer.replace(id, id.substring(0, id.length() - 1) + next);
        };
        UnaryOperator<String> two = answer -> answer.replaceFirst("\"id\":\"[^\"]+\"", "\"id\":\"AAAA\"");
        for (UnaryOperator<String> change : List.of(padded, spare, two)) {
            Ceremony ceremony = stage.passkeys.beginSignIn(PasskeyStage.BROWSER);
            String answer = phone.get(ceremony.options());
            assertThat(change.apply(answer)).isNotEqualTo(answer);
            assertThat(refused(() -> stage.answer(ceremony, change.apply(answer))))
                    .startsWith("invalid_passkey");
        }
        assertThat(stage.signedIn(phone)).isEqualTo(ada);
    }

    @Test
    @DisplayName(
            "K20 client data with a member twice, a byte order mark or other text is refused; more members are not")
    void clientData() {
        refusedSignIn(
                phone.clientData(text -> text.replace("{", "{\"origin\":\"" + PasskeyStage.ORIGIN + "\",")), "twice");
        refusedSignIn(phone.clientData(text -> "\ufeff" + text), "JSON");
        refusedSignIn(phone.clientData(text -> text + "{}"), "JSON");
        refusedSignIn(phone.clientData(text -> "[" + text + "]"), "type");
        refusedSignIn(phone.clientData(text -> text.replace("\"type\"", "\"Type\"")), "type");
        refusedSignIn(phone.clientData(text -> ""), "clientDataJSON is missing");
        refusedSignIn(phone.clientData(text -> text.replace("}", ",\"x\":\"" + "y".repeat(5_000) + "\"}")), "too long");
        assertThat(stage.signedIn(
                        phone.clientData(text -> text.replace("}", ",\"extra\":\"a\\u0062\",\"x\":{\"y\":[1]}}"))))
                .isEqualTo(ada);
    }
}
