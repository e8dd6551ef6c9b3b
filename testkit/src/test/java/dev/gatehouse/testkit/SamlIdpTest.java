package dev.gatehouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.sso.saml.Ask;
import dev.gatehouse.sso.saml.AuthnRequest;
import dev.gatehouse.sso.saml.Expected;
import dev.gatehouse.sso.saml.IdpMetadata;
import dev.gatehouse.sso.saml.Saml;
import dev.gatehouse.sso.saml.SamlAssertion;
import dev.gatehouse.sso.saml.SamlConnection;
import dev.gatehouse.sso.saml.SamlOptions;
import dev.gatehouse.sso.saml.SamlRefusal;
import dev.gatehouse.sso.saml.Step;
import dev.gatehouse.testkit.SamlIdp.Misbehaviour;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The published identity provider, as an application's tests use it. */
class SamlIdpTest {
    private static final String SP = "https://sp.example.com";
    private static final String ACS = "https://sp.example.com/acs";

    private final Saml saml = new Saml();

    private SamlConnection connection(SamlIdp idp) throws Exception {
        byte[] metadata = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(idp.metadataUrl())).build(),
                        HttpResponse.BodyHandlers.ofByteArray())
                .body();
        IdpMetadata read = saml.idpMetadata(metadata, null, Instant.now(), true);
        return new SamlConnection(
                SP,
                ACS,
                null,
                read.entityId(),
                read.ssoUrl(),
                read.sloUrl(),
                read.certificates(),
                null,
                List.of(),
                SamlOptions.strict());
    }

    private SamlAssertion signIn(SamlIdp idp, SamlConnection connection) {
        AuthnRequest request = saml.authnRequest(connection, Ask.redirect("state"), Instant.now());
        SamlIdp.Form form = idp.signIn(String.valueOf(request.redirectUrl()));
        return saml.response(connection, form.response(), Expected.answerTo(request.id()), Instant.now());
    }

    @Test
    void signsInWhomTheTestSays() throws Exception {
        try (SamlIdp idp = SamlIdp.start()) {
            idp.user("ada@example.com", Map.of("firstName", List.of("Ada"), "groups", List.of("admins", "ops")));
            SamlAssertion ada = signIn(idp, connection(idp));
            assertThat(ada.nameId()).isEqualTo("ada@example.com");
            assertThat(ada.attributes()).containsEntry("groups", List.of("admins", "ops"));
            idp.user("0815", Map.of()).nameIdFormat(null);
            assertThat(signIn(idp, connection(idp)).nameIdFormat()).isNull();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "UNSIGNED, SIGNATURE",
        "WRONG_KEY, SIGNATURE",
        "SHA1, ALGORITHM",
        "EXPIRED, TIME",
        "NOT_YET_VALID, TIME",
        "WRONG_AUDIENCE, AUDIENCE",
        "WRONG_RECIPIENT, RECIPIENT",
        "WRONG_DESTINATION, DESTINATION",
        "WRONG_ISSUER, ISSUER",
        "WRONG_REQUEST, IN_RESPONSE_TO",
        "DENIED, STATUS",
        "TWO_ASSERTIONS, STRUCTURE",
        "WRAPPED, STRUCTURE",
        "COMMENT_IN_NAME, STRUCTURE"
    })
    void misbehavesAsAsked(Misbehaviour how, Step step) throws Exception {
        try (SamlIdp idp = SamlIdp.start()) {
            SamlConnection connection = connection(idp);
            assertThat(signIn(idp, connection)).isNotNull();
            idp.misbehave(how);
            assertThatThrownBy(() -> signIn(idp, connection))
                    .isInstanceOfSatisfying(
                            SamlRefusal.class, e -> assertThat(e.step()).isEqualTo(step));
            idp.honest();
            assertThat(signIn(idp, connection)).isNotNull();
        }
    }

    @Test
    void everyMisbehaviourHasItsRow() throws Exception {
        CsvSource rows = SamlIdpTest.class
                .getDeclaredMethod("misbehavesAsAsked", Misbehaviour.class, Step.class)
                .getAnnotation(CsvSource.class);
        assertThat(rows.value()).hasSameSizeAs(Misbehaviour.values());
    }

    @Test
    void itsPageSubmitsTheResponse() throws Exception {
        try (SamlIdp idp = SamlIdp.start()) {
            SamlConnection connection = connection(idp);
            Ask byPost = new Ask(Ask.Binding.POST, "a&b", true, null);
            AuthnRequest request = saml.authnRequest(connection, byPost, Instant.now());
            StringBuilder form = new StringBuilder();
            request.postForm()
                    .fields()
                    .forEach((name, value) -> form.append(form.isEmpty() ? "" : "&")
                            .append(name)
                            .append('=')
                            .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
            HttpResponse<String> page = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(request.postForm().action()))
                                    .POST(HttpRequest.BodyPublishers.ofString(form.toString()))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(page.body())
                    .contains("action=\"" + ACS + "\"", "name=\"RelayState\" value=\"a&amp;b\"", "SAMLResponse");
            assertThat(idp.lastRequest()).contains("ForceAuthn=\"true\"");
        }
    }

    /** As docs/saml.md has it. */
    @Test
    void theGuide() throws Exception {
        try (SamlIdp idp = SamlIdp.start()) {
            idp.user("ada@example.com", Map.of("email", List.of("ada@example.com"), "groups", List.of("admins")));
            assertThat(signIn(idp, connection(idp)).nameId()).isEqualTo("ada@example.com");
            idp.misbehave(SamlIdp.Misbehaviour.WRONG_AUDIENCE);
            assertThatThrownBy(() -> signIn(idp, connection(idp))).hasMessageContaining("step 10");
            idp.honest()
                    .unsigned(message ->
                            message.getDocumentElement().setAttribute("Destination", "https://other.example"));
            assertThatThrownBy(() -> signIn(idp, connection(idp))).hasMessageContaining("step 9");
            String unasked = idp.honest().unsolicited(SP, ACS);
            assertThat(new String(Base64.getDecoder().decode(unasked))).doesNotContain("InResponseTo");
        }
    }
}
