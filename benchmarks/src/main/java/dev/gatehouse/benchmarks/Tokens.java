package dev.gatehouse.benchmarks;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.UUID;

/** Access tokens like ours, for peers and limits. */
final class Tokens {
    private Tokens() {}

    static RSAKey key() throws JOSEException {
        return new RSAKeyGenerator(2048).keyID("key-1").generate();
    }

    static JWTClaimsSet claims() {
        Instant now = Instant.now();
        return new JWTClaimsSet.Builder()
                .issuer("https://app.example.test")
                .subject("user_01HXYZ0123456789ABCDEFGHJK")
                .claim("sid", "session_01HXYZ0123456789ABCDEFGHJK")
                .claim("org_id", "org_01HXYZ0123456789ABCDEFGHJK")
                .claim("role", "admin")
                .claim("permissions", List.of("posts:read", "posts:write"))
                .jwtID(UUID.randomUUID().toString())
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(36_000)))
                .build();
    }

    static String sign(RSAKey key) throws JOSEException {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("key-1").build(), claims());
        token.sign(new RSASSASigner(key));
        return token.serialize();
    }
}
