package dev.gatehouse.testkit;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A key with a certificate that it has signed itself, of either side of SAML, for tests.
 *
 * @param certificate valid since 2020, for ten years
 * @param privateKey its key
 */
public record SamlKeys(X509Certificate certificate, PrivateKey privateKey) {
    private static final SecureRandom RANDOM = new SecureRandom();

    /** An RSA key of so many bits. */
    public static SamlKeys rsa(int bits) {
        return make("RSA", bits, "SHA256withRSA", "2030-01-01T00:00:00Z");
    }

    /** An EC key on the curve of so many bits. */
    public static SamlKeys ec(int bits) {
        return make("EC", bits, "SHA256withECDSA", "2030-01-01T00:00:00Z");
    }

    /** An RSA key of 2048 bits whose certificate ended in 2021. */
    public static SamlKeys expired() {
        return make("RSA", 2048, "SHA256withRSA", "2021-01-01T00:00:00Z");
    }

    /** An RSA key of 2048 bits whose certificate ends then. */
    public static SamlKeys until(Instant end) {
        return make("RSA", 2048, "SHA256withRSA", end.toString());
    }

    /** A DSA key, which nobody should take any more. */
    public static SamlKeys dsa() {
        return make("DSA", 2048, "SHA256withDSA", "2030-01-01T00:00:00Z");
    }

    /** An EC key on a named curve, of those too that nobody should take. */
    public static SamlKeys ecOn(String curve) {
        try {
            // the JDK has no such curves, so that it cannot make them; it reads them
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", new BouncyCastleProvider());
            generator.initialize(new ECGenParameterSpec(curve));
            return certified(
                    generator.generateKeyPair(),
                    new JcaContentSignerBuilder("SHA256withECDSA").setProvider(new BouncyCastleProvider()),
                    "2030-01-01T00:00:00Z");
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalArgumentException("no key on " + curve, e);
        }
    }

    /** A key of your own, RSA or EC. */
    public static SamlKeys of(KeyPair pair) {
        boolean rsa = pair.getPublic() instanceof RSAPublicKey;
        try {
            return certified(
                    pair,
                    new JcaContentSignerBuilder(rsa ? "SHA256withRSA" : "SHA256withECDSA"),
                    "2030-01-01T00:00:00Z");
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalArgumentException("neither RSA nor EC", e);
        }
    }

    private static SamlKeys make(String kind, int bits, String algorithm, String end) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
            generator.initialize(bits);
            return certified(generator.generateKeyPair(), new JcaContentSignerBuilder(algorithm), end);
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalArgumentException("no key of " + kind + " with " + bits + " bits", e);
        }
    }

    private static SamlKeys certified(KeyPair pair, JcaContentSignerBuilder signer, String end)
            throws GeneralSecurityException, OperatorCreationException {
        X500Name name = new X500Name("CN=test");
        var certificate = new JcaX509v3CertificateBuilder(
                name,
                new BigInteger(63, RANDOM).add(BigInteger.ONE),
                Date.from(Instant.parse("2020-01-01T00:00:00Z")),
                Date.from(Instant.parse(end)),
                name,
                pair.getPublic());
        return new SamlKeys(
                new JcaX509CertificateConverter()
                        .setProvider(new BouncyCastleProvider())
                        .getCertificate(certificate.build(signer.build(pair.getPrivate()))),
                pair.getPrivate());
    }

    @Override
    public String toString() {
        return "SamlKeys[" + certificate.getPublicKey().getAlgorithm() + "]";
    }
}
