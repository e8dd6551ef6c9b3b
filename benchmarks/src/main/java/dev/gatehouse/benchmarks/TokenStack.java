package dev.gatehouse.benchmarks;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.gatehouse.sso.oidc.IdToken;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.Set;

/** Who verifies an ID token. Each answers with the subject. */
public enum TokenStack {
    /** What cannot be gone below: base64 and one RSA verification. */
    LIMIT("limit: base64, RSA") {
        @Override
        Work work(String token, RSAKey key) throws Exception {
            Signature verifying = Signature.getInstance("SHA256withRSA");
            verifying.initVerify(key.toRSAPublicKey());
            return () -> {
                int last = token.lastIndexOf('.');
                byte[] claims = Base64.getUrlDecoder().decode(token.substring(token.indexOf('.') + 1, last));
                verifying.update(token.substring(0, last).getBytes(StandardCharsets.US_ASCII));
                return verifying.verify(Base64.getUrlDecoder().decode(token.substring(last + 1))) && claims.length > 0
                        ? SUBJECT
                        : "";
            };
        }
    },

    /** Form, signature, issuer, audience, times, hash of the access token. */
    GATEHOUSE("Gatehouse, steps 5 to 9 and 11") {
        @Override
        Work work(String token, RSAKey key) {
            IdToken ours = new IdToken(ISSUER, CLIENT, new JWKSet(key.toPublicJWK()).toString());
            return () -> ours.verify(token, ACCESS_TOKEN);
        }
    },

    /** Signature, issuer, audience and times. */
    NIMBUS("Nimbus, DefaultJWTProcessor") {
        @Override
        Work work(String token, RSAKey key) {
            DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
            processor.setJWSKeySelector(new JWSVerificationKeySelector<>(
                    JWSAlgorithm.RS256, new ImmutableJWKSet<>(new JWKSet(key.toPublicJWK()))));
            processor.setJWTClaimsSetVerifier(new DefaultJWTClaimsVerifier<>(
                    CLIENT, new JWTClaimsSet.Builder().issuer(ISSUER).build(), Set.of("sub", "iat", "exp")));
            return () -> processor.process(token, null).getSubject();
        }
    };

    static final String SUBJECT = "0f9d8a5e-1f0b-4d3c-9c7a-2d1e6f3b4a5c";
    private static final String ISSUER = "https://idp.example.test";
    private static final String CLIENT = "client-1";
    private static final String ACCESS_TOKEN = "an-access-token-of-the-provider";

    /** Verifies once. */
    interface Work {
        String verify() throws Exception;
    }

    private final String label;

    TokenStack(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    Role role() {
        return this == LIMIT ? Role.LIMIT : this == GATEHOUSE ? Role.OURS : Role.PEER;
    }

    abstract Work work(String token, RSAKey key) throws Exception;

    Work work() throws Exception {
        RSAKey key = new RSAKeyGenerator(2048).keyID("key-1").generate();
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(ACCESS_TOKEN.getBytes(StandardCharsets.US_ASCII));
        // fresh enough for the longest run: at most ten minutes old for ours
        Instant now = Instant.now();
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("key-1").build(),
                new JWTClaimsSet.Builder()
                        .issuer(ISSUER)
                        .audience(CLIENT)
                        .subject(SUBJECT)
                        .issueTime(Date.from(now))
                        .expirationTime(Date.from(now.plusSeconds(3_600)))
                        .claim("nonce", "n-0S6_WzA2Mj")
                        .claim(
                                "at_hash",
                                Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, 16)))
                        .claim("email", "alice.lidell@example.test")
                        .claim("name", "Alice Lidell")
                        .claim("groups", java.util.List.of("group-0", "group-1", "group-2", "group-3"))
                        .build());
        token.sign(new RSASSASigner(key));
        return work(token.serialize(), key);
    }
}
