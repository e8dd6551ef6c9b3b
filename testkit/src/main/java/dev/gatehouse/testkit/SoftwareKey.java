package dev.gatehouse.testkit;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;

/** A key pair of an authenticator, and how COSE (RFC 9053) spells its public half. */
final class SoftwareKey {
    private static final int ED25519_BYTES = 32;

    private final SoftwareAuthenticator.Algorithm algorithm;
    private final KeyPair pair;

    SoftwareKey(SoftwareAuthenticator.Algorithm algorithm) {
        this.algorithm = algorithm;
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm.generator());
            switch (algorithm) {
                case ES256 -> generator.initialize(new ECGenParameterSpec("secp256r1"));
                case ES384 -> generator.initialize(new ECGenParameterSpec("secp384r1"));
                case RS256, RS1 -> generator.initialize(2_048);
                case EDDSA -> {
                    // there is one size only
                }
            }
            pair = generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    byte[] sign(byte[] data) {
        try {
            Signature signature = Signature.getInstance(algorithm.signature());
            signature.initSign(pair.getPrivate());
            signature.update(data);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** COSE_Key. {@code named} is the algorithm that it claims. */
    byte[] cose(long named) {
        CborWriter key = new CborWriter();
        switch (algorithm) {
            case ES256, ES384 -> {
                ECPublicKey ec = (ECPublicKey) pair.getPublic();
                int width = algorithm == SoftwareAuthenticator.Algorithm.ES256 ? 32 : 48;
                key.map(5)
                        .number(1)
                        .number(2)
                        .number(3)
                        .number(named)
                        .number(-1)
                        .number(width == 32 ? 1 : 2);
                key.number(-2).bytes(wide(ec.getW().getAffineX(), width));
                key.number(-3).bytes(wide(ec.getW().getAffineY(), width));
            }
            case EDDSA -> {
                byte[] encoded = pair.getPublic().getEncoded();
                key.map(4)
                        .number(1)
                        .number(1)
                        .number(3)
                        .number(named)
                        .number(-1)
                        .number(6);
                key.number(-2).bytes(Arrays.copyOfRange(encoded, encoded.length - ED25519_BYTES, encoded.length));
            }
            case RS256, RS1 -> {
                RSAPublicKey rsa = (RSAPublicKey) pair.getPublic();
                key.map(4).number(1).number(3).number(3).number(named);
                key.number(-1).bytes(wide(rsa.getModulus(), 256));
                key.number(-2).bytes(wide(rsa.getPublicExponent(), 3));
            }
        }
        return key.done();
    }

    private static byte[] wide(BigInteger value, int width) {
        byte[] bytes = value.toByteArray();
        byte[] wide = new byte[width];
        int length = Math.min(width, bytes.length);
        System.arraycopy(bytes, bytes.length - length, wide, width - length, length);
        return wide;
    }
}
