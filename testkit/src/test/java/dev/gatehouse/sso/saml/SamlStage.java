package dev.gatehouse.sso.saml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.testkit.SamlIdp;
import dev.gatehouse.testkit.SamlKeys;
import dev.gatehouse.testkit.SteerableClock;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A service provider and the published identity provider, which know each other. */
final class SamlStage implements AutoCloseable {
    static final String SP = "https://sp.example.com";
    static final String ACS = "https://sp.example.com/sso/saml/acs/wz5SpShhRIcSEyMM";
    static final String SLO = "https://sp.example.com/sso/saml/slo/wz5SpShhRIcSEyMM";
    static final String REQUEST = "_request";

    /** Made once: keys take a while. */
    static final SamlKey OURS = key(SamlKeys.rsa(2048));

    final SteerableClock clock = new SteerableClock();
    final SamlIdp idp = SamlIdp.start(clock).user("ada@example.com", Map.of("email", List.of("ada@example.com")));
    final Saml saml = new Saml();
    SamlOptions options = SamlOptions.strict();
    List<X509Certificate> certificates = List.of(idp.certificate());

    static SamlKey key(SamlKeys keys) {
        return new SamlKey(keys.certificate(), keys.privateKey());
    }

    static SamlOptions relaxed() {
        return new SamlOptions(true, true, true, Duration.ofSeconds(60), null, false, null);
    }

    SamlConnection connection() {
        return new SamlConnection(
                SP, ACS, SLO, idp.entityId(), idp.ssoUrl(), idp.sloUrl(), certificates, OURS, List.of(OURS), options);
    }

    Instant now() {
        return clock.instant();
    }

    /** Reads what the identity provider answers now. */
    SamlAssertion signIn() {
        return read(idp.answer(REQUEST, SP, ACS));
    }

    SamlAssertion read(String base64) {
        return saml.response(connection(), base64, Expected.answerTo(REQUEST), now());
    }

    /** Nobody is signed in, and this step says why. */
    SamlRefusal refused(Step step) {
        return refused(step, idp.answer(REQUEST, SP, ACS));
    }

    SamlRefusal refused(Step step, String base64) {
        SamlRefusal[] refusal = new SamlRefusal[1];
        assertThatThrownBy(() -> read(base64)).isInstanceOfSatisfying(SamlRefusal.class, e -> refusal[0] = e);
        assertThat(refusal[0].step()).as(refusal[0].getMessage()).isEqualTo(step);
        return refusal[0];
    }

    @Override
    public void close() {
        idp.close();
    }
}
