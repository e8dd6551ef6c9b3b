package dev.gatehouse.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/** Whatever comes as an access token, it is ours or nobody's: see {@code bin/fuzz}. */
class JwtFuzzTest {
    private final JwtProbe probe = new JwtProbe();

    @FuzzTest
    void accessTokensAreOursOrRefused(byte[] token) {
        String text = new String(token, StandardCharsets.ISO_8859_1);
        // nobody guesses a signature
        assertThat(probe.token(text)).isEqualTo(text.equals(JwtProbe.GOOD));
    }

    @FuzzTest
    @DictionaryFile(resourcePath = "/dev/gatehouse/sso/oidc/claims.dict")
    void whatOurKeySignedIsReadOrRefused(byte[] headerAndClaims) {
        probe.signedParts(headerAndClaims);
    }
}
