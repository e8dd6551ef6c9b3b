package dev.gatehouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.config.Setting;
import dev.gatehouse.identity.Session;
import dev.gatehouse.identity.Step;
import dev.gatehouse.passkeys.Ceremony;
import dev.gatehouse.passkeys.Passkey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What passkeys do when everybody behaves. */
class PasskeyTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final PasskeyStage stage = new PasskeyStage();
    private final SoftwareAuthenticator phone = PasskeyStage.phone();

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void aPasskeySignsInWithoutAPasswordAndWithoutASecondStep() {
        String ada = stage.user("ada@example.com");
        Passkey made = stage.enroll(ada, phone);
        assertThat(made.userId()).isEqualTo(ada);
        assertThat(made.backedUp()).isTrue();
        assertThat(made.lastUsedAt()).isNull();
        assertThat(made.transports()).containsExactly("internal", "hybrid");
        stage.pass(Duration.ofMinutes(1));

        Step step = stage.signIn(phone);

        Session session = ((Step.Finished) step).grant().session();
        assertThat(session.authMethod()).isEqualTo("passkey");
        assertThat(session.authenticationMethod()).isEqualTo("Passkey");
        assertThat(stage.passkeys.list(ada)).hasSize(1);
        Passkey used = stage.passkeys.list(ada).get(0);
        assertThat(used.lastUsedAt()).isEqualTo(made.createdAt().plusSeconds(60));
        assertThat(used.updatedAt()).as("a use is no change").isEqualTo(made.updatedAt());
        JsonNode event = stage.events("authentication.passkey_succeeded").get(0).data();
        assertThat(event.path("type").asText()).isEqualTo("passkey");
        assertThat(event.path("user_id").asText()).isEqualTo(ada);
        assertThat(event.path("email").asText()).isEqualTo("ada@example.com");
    }

    @ParameterizedTest
    @EnumSource(names = {"ES256", "EDDSA", "RS256"})
    void everyOfferedAlgorithmWorks(SoftwareAuthenticator.Algorithm algorithm) {
        String ada = stage.user("ada@example.com");
        stage.enroll(ada, phone.algorithm(algorithm));
        assertThat(stage.signedIn(phone)).isEqualTo(ada);
        assertThat(stage.passkeys.list(ada).get(0).algorithm())
                .isEqualTo(
                        algorithm == SoftwareAuthenticator.Algorithm.ES256
                                ? -7
                                : algorithm == SoftwareAuthenticator.Algorithm.EDDSA ? -8 : -257);
    }

    @Test
    void theOptionsAskForWhatAPasskeyIs() throws Exception {
        String ada = stage.user("ada@example.com");
        stage.enroll(ada, phone);
        JsonNode create = JSON.readTree(stage.passkeys.beginEnrollment(ada, "b").options());
        assertThat(create.at("/rp/id").asText()).isEqualTo("app.example.com");
        assertThat(create.at("/rp/name").asText()).isEqualTo("Fieldnotes");
        assertThat(create.at("/user/name").asText()).isEqualTo("ada@example.com");
        assertThat(create.at("/user/displayName").asText()).isEqualTo("Ada Lovelace");
        assertThat(new String(
                        Base64.getUrlDecoder().decode(create.at("/user/id").asText()), StandardCharsets.UTF_8))
                .as("no personal data")
                .isEqualTo(ada);
        assertThat(StreamSupport.stream(create.path("pubKeyCredParams").spliterator(), false)
                        .map(p -> p.path("alg").asInt()))
                .containsExactly(-7, -8, -257);
        assertThat(create.at("/authenticatorSelection/residentKey").asText()).isEqualTo("required");
        assertThat(create.at("/authenticatorSelection/userVerification").asText())
                .isEqualTo("required");
        assertThat(create.at("/attestation").asText()).isEqualTo("none");
        assertThat(create.at("/excludeCredentials/0/id").asText()).isEqualTo(phone.newest());

        JsonNode get = JSON.readTree(stage.passkeys.beginSignIn("b").options());
        assertThat(get.at("/rpId").asText()).isEqualTo("app.example.com");
        assertThat(get.at("/userVerification").asText()).isEqualTo("required");
        assertThat(Base64.getUrlDecoder().decode(get.at("/challenge").asText())).hasSize(32);
        assertThat(get.has("allowCredentials")).isFalse();
    }

    @Test
    void passkeysHaveNamesAndGo() {
        String ada = stage.user("ada@example.com");
        Passkey first = stage.enroll(ada, phone);
        Passkey second = stage.enroll(ada, PasskeyStage.phone());
        stage.passkeys.rename(ada, first.id(), "  Grandmother's phone ");
        assertThat(stage.passkeys.list(ada).stream().map(Passkey::name))
                .containsExactly("Grandmother's phone", "Phone");
        assertThat(PasskeyStage.refused(() -> stage.passkeys.rename(ada, first.id(), " ")))
                .startsWith("invalid_request_parameters");
        assertThat(PasskeyStage.refused(() -> stage.passkeys.rename(ada, first.id(), "x".repeat(101))))
                .startsWith("invalid_request_parameters");
        stage.passkeys.delete(ada, first.id());
        assertThat(stage.passkeys.list(ada)).extracting(Passkey::id).containsExactly(second.id());
        assertThat(PasskeyStage.refused(() -> stage.signIn(phone))).startsWith("unknown_passkey");
        assertThat(stage.passkeys.deleteAll(ada)).isEqualTo(1);
        assertThat(stage.passkeys.list(ada)).isEmpty();
    }

    @Test
    void whoIsDeletedHasNoPasskeys() {
        String ada = stage.user("ada@example.com");
        stage.enroll(ada, phone);
        assertThat(stage.signedIn(phone)).isEqualTo(ada);
        assertThat(stage.gatehouse.users().delete(ada)).isTrue();
        assertThat(stage.passkeys.list(ada)).isEmpty();
        assertThat(PasskeyStage.refused(() -> stage.signIn(phone))).startsWith("unknown_passkey");
    }

    /** A lost password is no lost device: passkeys stay, and the person sees them on the account page. */
    @Test
    void anotherPasswordLeavesPasskeys() {
        String ada = stage.user("ada@example.com");
        stage.enroll(ada, phone);
        stage.gatehouse.users().setPassword(ada, "violet-lamp-paperclip-42");
        assertThat(stage.signedIn(phone)).isEqualTo(ada);
    }

    @Test
    void whereMfaIsRequiredAPasskeyIsBothFactorsAndAPasswordIsOne() {
        try (PasskeyStage strict = new PasskeyStage(b -> b.set(Setting.MFA, "required"))) {
            String ada = strict.user("ada@example.com");
            strict.enroll(ada, phone);
            assertThat(Calls.signIn(strict.gatehouse, "ada@example.com")
                            .path("code")
                            .asText())
                    .isEqualTo("mfa_enrollment");
            assertThat(strict.signedIn(phone)).isEqualTo(ada);
        }
    }

    @Test
    void severalOrganizationsAreChosenAfterAPasskeyAsAfterAPassword() {
        String ada = stage.user("ada@example.com");
        stage.enroll(ada, phone);
        for (String name : List.of("Acme", "Other")) {
            stage.gatehouse
                    .organizations()
                    .addMember(stage.gatehouse.organizations().create(name).id(), ada, null);
        }
        Step step = stage.signIn(phone);
        assertThat(step).isInstanceOf(Step.ChooseOrganization.class);
        JsonNode chosen = Calls.authenticate(
                stage.gatehouse,
                "urn:workos:oauth:grant-type:organization-selection",
                "\"pending_authentication_token\":\"%s\",\"organization_id\":\"%s\""
                        .formatted(
                                ((Step.ChooseOrganization) step).pendingToken(),
                                ((Step.ChooseOrganization) step)
                                        .choices()
                                        .get(0)
                                        .id()));
        assertThat(chosen.path("authentication_method").asText()).isEqualTo("Passkey");
    }

    @Test
    void relatedOriginsShareThePasskeysOfOneDomain() {
        try (PasskeyStage two = new PasskeyStage(b ->
                b.set(Setting.PASSKEY_RP_ID, "example.com").set(Setting.PASSKEY_ORIGINS, "https://shop.example.org"))) {
            String ada = two.user("ada@example.com");
            two.enroll(ada, phone);
            assertThat(two.signedIn(phone)).isEqualTo(ada);
            assertThat(two.signedIn(phone.origin("https://shop.example.org"))).isEqualTo(ada);
            assertThat(two.passkeys.relatedOrigins())
                    .containsExactlyInAnyOrder(PasskeyStage.ORIGIN, "https://shop.example.org");
        }
    }

    @Test
    void wherePasskeysCannotWorkOrAreOffTheyAreRefused() {
        for (String origin : List.of("http://127.0.0.1:8080", "http://intranet.example.com", "https://[::1]:8443")) {
            try (PasskeyStage none = new PasskeyStage(b -> b.set(Setting.ORIGIN, origin))) {
                assertThat(none.passkeys.on()).as(origin).isFalse();
                assertThat(PasskeyStage.refused(() -> none.passkeys.beginSignIn("b")))
                        .startsWith("authentication_method_not_allowed");
            }
        }
        try (PasskeyStage off = new PasskeyStage(b -> b.set(Setting.SIGN_IN_METHODS, "password"))) {
            assertThat(off.passkeys.on()).isFalse();
        }
        try (PasskeyStage local = new PasskeyStage(b -> b.set(Setting.ORIGIN, "http://localhost:8080"))) {
            assertThat(local.passkeys.on()).isTrue();
        }
    }

    @Test
    void aCeremonyOfAnOlderReleaseOrOtherBrowserIsNoSignIn() {
        String ada = stage.user("ada@example.com");
        stage.enroll(ada, phone);
        Ceremony ceremony = stage.passkeys.beginSignIn("another browser");
        String answer = phone.get(ceremony.options());
        assertThat(PasskeyStage.refused(() -> stage.answer(ceremony, answer))).startsWith("passkey_challenge_expired");
    }
}
