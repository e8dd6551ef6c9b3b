package dev.gatehouse.sso;

import dev.gatehouse.crypto.Envelope;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Key pairs with which Gatehouse signs to providers and opens what they encrypt to it: RSA of 3072 bits, ten years. */
final class OwnKeys {
    private static final String PURPOSE = "connection key";
    private static final int BITS = 3_072;
    private static final int DAYS = 3_652;

    private final Envelope envelope;

    OwnKeys(Envelope envelope) {
        this.envelope = envelope;
    }

    /** A new pair of a connection, whose key names it. It takes a moment: outside of transactions. */
    Connection.OwnKey generate(String connectionKey, Instant now) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(BITS);
            KeyPair pair = generator.generateKeyPair();
            X509Certificate certificate = SelfSigned.certificate("CN=Gatehouse " + connectionKey, pair, now);
            return new Connection.OwnKey(
                    Base64.getEncoder().encodeToString(certificate.getEncoded()),
                    envelope.seal(PURPOSE, connectionKey, pair.getPrivate().getEncoded()),
                    now);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot make a key pair", e);
        }
    }

    /** On its own, since to load what names classes of BouncyCastle is to verify the signature of its jar. */
    private static final class SelfSigned {
        static X509Certificate certificate(String subject, KeyPair pair, Instant now) throws GeneralSecurityException {
            X500Principal name = new X500Principal(subject);
            try {
                return new JcaX509CertificateConverter()
                        .getCertificate(new JcaX509v3CertificateBuilder(
                                        name,
                                        BigInteger.valueOf(now.toEpochMilli()),
                                        Date.from(now.minus(1, ChronoUnit.DAYS)),
                                        Date.from(now.plus(DAYS, ChronoUnit.DAYS)),
                                        name,
                                        pair.getPublic())
                                .build(new JcaContentSignerBuilder("SHA256withRSA").build(pair.getPrivate())));
            } catch (OperatorCreationException e) {
                throw new GeneralSecurityException(e);
            }
        }
    }

    /** The private key of a pair. */
    PrivateKey open(Connection connection, Connection.OwnKey pair) {
        byte[] encoded = envelope.open(PURPOSE, connection.key(), pair.privateKey())
                .orElseThrow(() ->
                        new IllegalStateException(connection.id() + ": its key opens under none of the root keys"));
        try {
            return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no private key", e);
        }
    }

    /** The same pair sealed under the first root key. */
    Connection.OwnKey reseal(Connection connection, Connection.OwnKey pair) {
        return envelope.current(pair.privateKey())
                ? pair
                : envelope.open(PURPOSE, connection.key(), pair.privateKey())
                        .map(plain -> new Connection.OwnKey(
                                pair.certificate(), envelope.seal(PURPOSE, connection.key(), plain), pair.createdAt()))
                        .orElse(pair);
    }

    /**
     * A certificate.
     *
     * @param text PEM, or base64 of DER, with or without white space
     * @throws IllegalArgumentException if it is none
     */
    static X509Certificate certificate(String text) {
        String base64 = text.replaceAll("-----(BEGIN|END) CERTIFICATE-----", "").replaceAll("\\s", "");
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(
                            new ByteArrayInputStream(Base64.getDecoder().decode(base64)));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("no X.509 certificate", e);
        }
    }
}
