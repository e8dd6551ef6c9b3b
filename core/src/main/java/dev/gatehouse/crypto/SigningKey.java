package dev.gatehouse.crypto;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * An RSA key of 2048 bits that signs access tokens (RS256, RFC 7518 §3.3), with a self-signed certificate, since the
 * contract's key set carries one per key.
 */
public final class SigningKey {
    private final RSAKey key;
    // kept, since making them anew for every token costs more than verifying it
    private final RSAPublicKey publicKey;
    private final RSAPrivateKey privateKey;

    private SigningKey(RSAKey key) throws JOSEException {
        this.key = key;
        this.publicKey = key.toRSAPublicKey();
        this.privateKey = key.toRSAPrivateKey();
    }

    /** Makes a key. */
    public static SigningKey generate(String keyId, Instant now) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            KeyPair pair = generator.generateKeyPair();
            X500Principal name = new X500Principal("CN=" + keyId);
            X509Certificate certificate = new JcaX509CertificateConverter()
                    .getCertificate(new JcaX509v3CertificateBuilder(
                                    name,
                                    BigInteger.valueOf(now.toEpochMilli()),
                                    Date.from(now.minus(Duration.ofDays(1))),
                                    Date.from(now.plus(Duration.ofDays(3650))),
                                    name,
                                    pair.getPublic())
                            .build(new JcaContentSignerBuilder("SHA256withRSA").build(pair.getPrivate())));
            byte[] encoded = certificate.getEncoded();
            return new SigningKey(new RSAKey.Builder((RSAPublicKey) pair.getPublic())
                    .privateKey((RSAPrivateKey) pair.getPrivate())
                    .keyID(keyId)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.RS256)
                    .x509CertChain(List.of(com.nimbusds.jose.util.Base64.encode(encoded)))
                    .x509CertSHA256Thumbprint(Base64URL.encode(Digest.sha256(encoded)))
                    .build());
        } catch (GeneralSecurityException | OperatorCreationException | JOSEException e) {
            throw new IllegalStateException("cannot make an RSA key", e);
        }
    }

    /** Reads what {@link #secret} wrote. */
    public static SigningKey read(Secret secret) {
        try {
            return new SigningKey(RSAKey.parse(secret.text(RevealSecret.access())));
        } catch (ParseException | JOSEException e) {
            throw new IllegalStateException("a stored signing key cannot be read", e);
        }
    }

    /** The whole key as JSON, private parts included: to be sealed, never shown. */
    public Secret secret() {
        return Secret.of(key.toJSONString());
    }

    /** Identifier in token headers and key sets. */
    public String id() {
        return key.getKeyID();
    }

    /** What a key set publishes (RFC 7517): {@code alg kty use kid n e x5c x5t#S256}, no private part. */
    public Map<String, Object> published() {
        return key.toPublicJWK().toJSONObject();
    }

    RSAPublicKey publicKey() {
        return publicKey;
    }

    RSAPrivateKey privateKey() {
        return privateKey;
    }

    @Override
    public String toString() {
        return "SigningKey[" + id() + "]";
    }
}
