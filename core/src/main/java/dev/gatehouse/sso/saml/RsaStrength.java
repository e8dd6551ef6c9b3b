package dev.gatehouse.sso.saml;

import java.math.BigInteger;
import java.security.interfaces.RSAPublicKey;
import java.util.Optional;
import java.util.stream.IntStream;

/** What is wrong with RSA keys of others, before their signatures are believed. */
public final class RsaStrength {
    private static final int[] SMALL_PRIMES = IntStream.rangeClosed(3, 167)
            .filter(n -> IntStream.rangeClosed(2, n / 2).noneMatch(d -> n % d == 0))
            .toArray();

    private RsaStrength() {}

    /** A few words, for people; empty if nothing is wrong. */
    public static Optional<String> weakness(RSAPublicKey key, int leastBits) {
        BigInteger modulus = key.getModulus();
        BigInteger exponent = key.getPublicExponent();
        if (modulus.bitLength() < leastBits) {
            return Optional.of("an RSA key of " + modulus.bitLength() + " bits");
        }
        if (exponent.bitLength() < 2 || !exponent.testBit(0)) {
            return Optional.of("an RSA key with a bad exponent");
        }
        return guessable(modulus)
                ? Optional.of("an RSA key whose factors can be found (CVE-2017-15361)")
                : Optional.empty();
    }

    /**
     * Whether a modulus is of the smart cards whose primes are powers of 65537 modulo the product of small primes: then it is
     * such a power modulo each of them, which of other keys one in a hundred million is.
     */
    private static boolean guessable(BigInteger modulus) {
        return IntStream.of(SMALL_PRIMES)
                .allMatch(
                        prime -> isPower(modulus.mod(BigInteger.valueOf(prime)).intValue(), 65_537 % prime, prime));
    }

    private static boolean isPower(int wanted, int base, int prime) {
        int power = 1;
        do {
            if (power == wanted) {
                return true;
            }
            power = power * base % prime;
        } while (power != 1);
        return false;
    }
}
