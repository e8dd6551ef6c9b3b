package dev.gatehouse.sso.saml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Single logout in both directions (ATTACKS S78 to S81, S86). */
class SamlLogoutTest {
    private final SamlStage stage = new SamlStage();
    private final SamlLogout logout = stage.saml.logout();

    @AfterEach
    void close() {
        stage.close();
    }

    private static String query(String url) {
        return url.substring(url.indexOf('?') + 1);
    }

    private SamlLogout.Received read(String query) {
        return logout.readRedirect(stage.connection(), query, stage.now());
    }

    private static void refused(Step step, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SamlRefusal.class,
                        e -> assertThat(e.step()).as(e.getMessage()).isEqualTo(step));
    }

    @Test
    void requestsAreReadByRedirectAndPost() {
        String url = stage.idp.logoutRequest(SamlStage.SLO, "_session", "state & more");
        SamlLogout.Request request = (SamlLogout.Request) read(query(url));
        assertThat(request.name().value()).isEqualTo("ada@example.com");
        assertThat(request.name().format()).endsWith("emailAddress");
        assertThat(request.sessionIndexes()).containsExactly("_session");
        assertThat(request.relayState()).isEqualTo("state & more");
        assertThat(request.replayUntil()).isAfter(stage.now());
        assertThat(request.toString()).doesNotContain("ada@");
        String posted = stage.idp.posted(stage.idp.logoutRequestXml(SamlStage.SLO, null));
        SamlLogout.Request again = logout.readPostedRequest(stage.connection(), posted, null, stage.now());
        assertThat(again.sessionIndexes()).isEmpty();
    }

    @Test
    void responsesAreReadByRedirectAndPost() {
        String url = stage.idp.logoutResponse(SamlStage.SLO, "_ours", null);
        SamlLogout.Response response = (SamlLogout.Response) read(query(url));
        assertThat(response.inResponseTo()).isEqualTo("_ours");
        String posted = stage.idp.posted(stage.idp.logoutResponseXml(SamlStage.SLO, "_ours"));
        assertThat(logout.readPostedResponse(stage.connection(), posted, "state", stage.now())
                        .relayState())
                .isEqualTo("state");
    }

    @Test
    void theProviderUnderstandsOurRequest() throws Exception {
        SamlLogout.Name ada = new SamlLogout.Name("ada@example.com", "urn:f", "urn:q", SamlStage.SP);
        SamlLogout.Sent sent = logout.request(stage.connection(), ada, List.of("_session"), "state", stage.now());
        stage.idp.answersLogoutAt(SamlStage.SLO);
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(sent.redirectUrl())).build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(stage.idp.lastRequest()).contains("_session", "ada@example.com", "urn:q", SamlStage.SP);
        String back = answer.headers().firstValue("Location").orElseThrow();
        SamlLogout.Response response = (SamlLogout.Response) read(query(back));
        assertThat(response.inResponseTo()).isEqualTo(sent.id());
        assertThat(response.relayState()).isEqualTo("state");
    }

    /** What we send is read by what reads: the same connection seen from the other side. */
    @Test
    void ourMessagesVerify() {
        SamlConnection c = stage.connection();
        SamlConnection mirrored = new SamlConnection(
                c.idpEntityId(),
                c.acsUrl(),
                c.idpSloUrl(),
                c.spEntityId(),
                c.idpSsoUrl(),
                c.sloUrl(),
                List.of(SamlStage.OURS.certificate()),
                null,
                List.of(),
                c.options());
        String url = logout.response(c, "_theirs", true, null, stage.now()).redirectUrl();
        SamlLogout.Response read = (SamlLogout.Response) logout.readRedirect(mirrored, query(url), stage.now());
        assertThat(read.inResponseTo()).isEqualTo("_theirs");
        String failed = logout.response(c, "_theirs", false, null, stage.now()).redirectUrl();
        refused(Step.STATUS, () -> logout.readRedirect(mirrored, query(failed), stage.now()));
        SamlLogout.Name ada = new SamlLogout.Name("ada@example.com", null, null, null);
        String request = logout.request(c, ada, List.of(), null, stage.now()).redirectUrl();
        assertThat(logout.readRedirect(mirrored, query(request), stage.now())).isInstanceOf(SamlLogout.Request.class);
    }

    private void refusedWhenChanged(Step step, UnaryOperator<String> change) {
        String honest = query(stage.idp.logoutRequest(SamlStage.SLO, null, "state"));
        assertThat(read(honest)).isNotNull();
        refused(step, () -> read(change.apply(honest)));
    }

    @Test
    @DisplayName("S79 unsigned, changed or by another key")
    void onlySignedMessagesEndSessions() {
        refusedWhenChanged(Step.SIGNATURE, q -> q.replaceFirst("&Signature=.*", ""));
        refusedWhenChanged(Step.SIGNATURE, q -> q.replaceFirst("&SigAlg=[^&]*", ""));
        refusedWhenChanged(Step.SIGNATURE, q -> q.replace("state", "other"));
        refusedWhenChanged(Step.SIGNATURE, q -> q.replaceFirst("&RelayState=[^&]*", ""));
        refusedWhenChanged(Step.SIGNATURE, q -> q.replaceFirst("RelayState=[^&]*", "RelayState="));
        String honest = query(stage.idp.logoutRequest(SamlStage.SLO, null, null));
        assertThat(read(honest)).isNotNull();
        refused(Step.SIGNATURE, () -> read(honest + "&RelayState="));
        stage.idp.newKeys("RSA", 2048);
        refused(Step.SIGNATURE, () -> read(query(stage.idp.logoutRequest(SamlStage.SLO, null, null))));
        refused(
                Step.SIGNATURE,
                () -> logout.readPostedRequest(
                        stage.connection(),
                        stage.idp.posted(stage.idp.logoutRequestXml(SamlStage.SLO, null)),
                        null,
                        stage.now()));
        String unsigned = Base64.getEncoder()
                .encodeToString(stage.idp.logoutRequestXml(SamlStage.SLO, null).getBytes(StandardCharsets.UTF_8));
        refused(Step.SIGNATURE, () -> logout.readPostedRequest(stage.connection(), unsigned, null, stage.now()));
    }

    @Test
    @DisplayName("S80 expired, of another issuer, for another address")
    void onlyCurrentMessagesForUs() {
        String honest = query(stage.idp.logoutRequest(SamlStage.SLO, null, null));
        assertThat(read(honest)).isNotNull();
        stage.clock.pass(Duration.ofMinutes(6));
        refused(Step.TIME, () -> read(honest));
        refused(Step.DESTINATION, () -> read(query(stage.idp.logoutRequest(SamlStage.SLO + "/", null, null))));
        String entityId = stage.idp.entityId();
        String issuer = query(stage.idp.entityId("https://other.example").logoutRequest(SamlStage.SLO, null, null));
        stage.idp.entityId(entityId);
        refused(Step.ISSUER, () -> read(issuer));
    }

    @Test
    @DisplayName("S78 a response of sign-in is no logout message, and a request is no response")
    void kindsAreNotMixed() {
        String response = stage.idp.answer(SamlStage.REQUEST, SamlStage.SP, SamlStage.SLO);
        refused(Step.STRUCTURE, () -> logout.readPostedResponse(stage.connection(), response, null, stage.now()));
        String request = stage.idp.posted(stage.idp.logoutRequestXml(SamlStage.SLO, null));
        assertThat(logout.readPostedRequest(stage.connection(), request, null, stage.now()))
                .isNotNull();
        refused(Step.STRUCTURE, () -> logout.readPostedResponse(stage.connection(), request, null, stage.now()));
        refusedWhenChanged(Step.SIGNATURE, q -> q.replaceFirst("SAMLRequest", "SAMLResponse"));
    }

    @Test
    @DisplayName("S81 the signature is of the query as it came, and each parameter comes once")
    void queriesAreReadInOneWay() {
        String evil = query(stage.idp.logoutResponse(SamlStage.SLO, "_x", null)).replaceFirst("&.*", "");
        refusedWhenChanged(Step.ENCODING, q -> evil + "&" + q);
        refusedWhenChanged(Step.ENCODING, q -> q + "&" + evil);
        refusedWhenChanged(Step.ENCODING, q -> q + "&" + q.replaceFirst("&.*", ""));
        refusedWhenChanged(Step.ENCODING, q -> q + "&RelayState=other");
        refusedWhenChanged(Step.ENCODING, q -> q + "&Signature=AAAA");
        refusedWhenChanged(Step.ENCODING, q -> q + "&%53AMLRequest=AAAA");
        refusedWhenChanged(Step.ENCODING, q -> q + "&samlrequest=AAAA");
        refusedWhenChanged(Step.ENCODING, q -> q + "&Relay%53tate=other");
        refusedWhenChanged(Step.ENCODING, q -> q + "&SAMLEncoding=urn:other");
        refusedWhenChanged(Step.ENCODING, q -> q.replaceFirst("SAMLRequest=[^&]*", "x=y"));
        // another spelling of the same is another text, and was not signed
        refusedWhenChanged(
                Step.SIGNATURE,
                q -> q.replace("%2F", "%2f").replace("%2B", "%2b").replace("%3D", "%3d"));
        // while the order and what is foreign do not matter
        String honest = query(stage.idp.logoutRequest(SamlStage.SLO, null, "state"));
        String[] parts = honest.split("&");
        assertThat(read(parts[3] + "&a=b&" + parts[2] + "&" + parts[1] + "&" + parts[0]))
                .isNotNull();
    }

    @Test
    @DisplayName("S81 lower case is verified as it came")
    void lowerCaseIsSignedAsItCame() throws Exception {
        String signed = query(logout.response(stage.connection(), "_x", true, null, stage.now())
                        .redirectUrl())
                .replaceFirst("&Signature=.*", "")
                .replace("%2F", "%2f")
                .replace("%3A", "%3a")
                .replace("%3D", "%3d")
                .replace("%2B", "%2b");
        var signature = java.security.Signature.getInstance("SHA256withRSA");
        signature.initSign(SamlStage.OURS.privateKey());
        signature.update(signed.getBytes(StandardCharsets.UTF_8));
        String query = signed + "&Signature="
                + URLEncoder.encode(Base64.getEncoder().encodeToString(signature.sign()), StandardCharsets.UTF_8);
        stage.certificates = List.of(SamlStage.OURS.certificate());
        // verified, and then it is from ourselves
        refused(Step.ISSUER, () -> read(query));
    }

    @Test
    @DisplayName("S86 what swells is cut off, and nothing leaks")
    void bombsAreCutOff() throws Exception {
        byte[] spaces = new byte[1024 * 1024];
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (var out = new DeflaterOutputStream(bomb, new Deflater(9, true))) {
            for (int i = 0; i < 100; i++) {
                out.write(spaces);
            }
        }
        byte[] start = java.util.Arrays.copyOf(bomb.toByteArray(), 60_000);
        refused(Step.ENCODING, () -> Wire.inflate(Base64.getEncoder().encodeToString(start)));
        refused(Step.ENCODING, () -> Wire.inflate(Base64.getEncoder().encodeToString(bomb.toByteArray())));
        byte[] gzip = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 0};
        refused(Step.ENCODING, () -> Wire.inflate(Base64.getEncoder().encodeToString(gzip)));
        byte[] honest = Base64.getDecoder().decode(Wire.deflate("<a/>"));
        assertThat(Wire.inflate(Wire.deflate("<a/>"))).isEqualTo("<a/>".getBytes());
        byte[] more = java.util.Arrays.copyOf(honest, honest.length + 1);
        refused(Step.ENCODING, () -> Wire.inflate(Base64.getEncoder().encodeToString(more)));
        byte[] less = java.util.Arrays.copyOf(honest, honest.length - 1);
        refused(Step.ENCODING, () -> Wire.inflate(Base64.getEncoder().encodeToString(less)));
        for (int i = 0; i < 20_000; i++) {
            refused(Step.ENCODING, () -> Wire.inflate("AAAA////"));
        }
    }

    @Test
    void logoutNeedsAKeyAndAnAddress() {
        SamlConnection c = stage.connection();
        SamlConnection without = new SamlConnection(
                c.spEntityId(),
                c.acsUrl(),
                c.sloUrl(),
                c.idpEntityId(),
                c.idpSsoUrl(),
                null,
                List.of(),
                null,
                List.of(),
                c.options());
        assertThatThrownBy(() -> logout.response(without, "_x", true, null, stage.now()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
