package dev.gatehouse.testkit;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Map;
import java.util.UUID;

/**
 * A key that {@link OidcIdp} signs with.
 *
 * @param id its {@code kid}
 * @param algorithm {@code RS256}, {@code PS256} or {@code ES256}
 */
record OidcKey(String id, String algorithm, KeyPair pair) {
    static OidcKey make(String algorithm) {
        boolean elliptic = algorithm.equals("ES256");
        if (!elliptic && !algorithm.equals("RS256") && !algorithm.equals("PS256")) {
            throw new IllegalArgumentException("no RS256, PS256 or ES256: " + algorithm);
        }
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(elliptic ? "EC" : "RSA");
            generator.initialize(elliptic ? 256 : 2048);
            return new OidcKey(UUID.randomUUID().toString(), algorithm, generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Its public half, as a key set has it. */
    Map<String, Object> published() {
        JWK key = pair.getPublic() instanceof ECPublicKey elliptic
                ? new ECKey.Builder(Curve.P_256, elliptic)
                        .keyID(id)
                        .keyUse(KeyUse.SIGNATURE)
                        .build()
                : new RSAKey.Builder((RSAPublicKey) pair.getPublic())
                        .keyID(id)
                        .keyUse(KeyUse.SIGNATURE)
                        .build();
        Map<String, Object> members = key.toJSONObject();
        members.put("alg", algorithm);
        return members;
    }

    /** By the JDK, so that nothing of it is what is tested. */
    byte[] sign(byte[] what) {
        try {
            Signature signature = Signature.getInstance(
                    switch (algorithm) {
                        case "ES256" -> "SHA256withECDSAinP1363Format";
                        case "PS256" -> "RSASSA-PSS";
                        default -> "SHA256withRSA";
                    });
            if (algorithm.equals("PS256")) {
                signature.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
            }
            signature.initSign(pair.getPrivate());
            signature.update(what);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
