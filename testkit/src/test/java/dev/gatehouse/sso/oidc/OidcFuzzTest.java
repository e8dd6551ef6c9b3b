package dev.gatehouse.sso.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/** Whatever an OpenID provider says, it is read or refused: see {@code bin/fuzz}. */
class OidcFuzzTest {
    private static final String LOGOUT = OidcProbe.signed(OidcSeeds.logoutToken());

    private final OidcProbe probe = new OidcProbe();

    @FuzzTest
    void tokensAreReadOrRefused(byte[] token) {
        String text = new String(token, StandardCharsets.ISO_8859_1);
        if (probe.token(text)) {
            // nobody guesses a signature
            assertThat(text).isIn(OidcProbe.signed(OidcSeeds.idToken()), LOGOUT);
        }
    }

    @FuzzTest
    @DictionaryFile(resourcePath = "/dev/gatehouse/sso/oidc/claims.dict")
    void whatAProviderSignsIsReadOrRefused(byte[] headerAndClaims) {
        probe.signedParts(headerAndClaims);
    }

    @FuzzTest
    @DictionaryFile(resourcePath = "/dev/gatehouse/sso/oidc/claims.dict")
    void answersAreReadOrRefused(byte[] json) {
        probe.answer(json);
    }

    @FuzzTest
    void descriptionsAreReadOrRefused(byte[] json) {
        probe.description(json);
    }

    @FuzzTest
    @DictionaryFile(resourcePath = "/dev/gatehouse/sso/oidc/claims.dict")
    void keySetsAreReadOrRefused(byte[] json) {
        probe.keySet(json, LOGOUT);
    }
}
