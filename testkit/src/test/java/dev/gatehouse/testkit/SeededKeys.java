package dev.gatehouse.testkit;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;

/** Keys out of a fixed seed, for messages that are files and have to verify tomorrow. Good for nothing else. */
public final class SeededKeys {
    private SeededKeys() {}

    /** The RSA key of 2048 bits of a seed. */
    public static SamlKeys rsa(int seed) {
        try {
            SecureRandom random = SecureRandom.getInstance("SHA1PRNG");
            random.setSeed(seed);
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048, random);
            return SamlKeys.of(generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
