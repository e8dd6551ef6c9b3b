package dev.gatehouse.benchmarks;

import com.eatthepath.otp.TimeBasedOneTimePasswordGenerator;
import com.nimbusds.jose.jwk.RSAKey;
import com.password4j.Argon2Function;
import com.warrenstrange.googleauth.GoogleAuthenticator;
import com.warrenstrange.googleauth.GoogleAuthenticatorConfig.GoogleAuthenticatorConfigBuilder;
import de.mkammerer.argon2.Argon2Advanced;
import de.mkammerer.argon2.Argon2Factory;
import dev.gatehouse.crypto.Jwt;
import dev.gatehouse.crypto.PasswordHash;
import dev.gatehouse.crypto.RandomTokens;
import dev.gatehouse.crypto.SigningKey;
import dev.gatehouse.crypto.Totp;
import dev.gatehouse.engine.Json;
import dev.samstevens.totp.code.DefaultCodeGenerator;
import dev.samstevens.totp.code.DefaultCodeVerifier;
import dev.samstevens.totp.time.SystemTimeProvider;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/** What a sign-in computes, whoever does it. The work of each answers with {@code true} if it is right. */
public enum Crypto {
    TOTP_LIMIT(Crypto.TOTP, "limit: three HMACs", Role.LIMIT) {
        @Override
        Work work() throws Exception {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(hmacKey());
            byte[] step = new byte[Long.BYTES];
            return () -> {
                long now = Instant.now().getEpochSecond() / 30;
                boolean wrong = true;
                for (long at = now - 1; at <= now + 1; at++) {
                    ByteBuffer.wrap(step).putLong(at);
                    byte[] hash = mac.doFinal(step);
                    int offset = hash[hash.length - 1] & 15;
                    wrong &= (ByteBuffer.wrap(hash).getInt(offset) & 0x7fffffff) % 1_000_000 != 0;
                }
                return wrong;
            };
        }
    },

    TOTP_GATEHOUSE(Crypto.TOTP, "Gatehouse", Role.OURS) {
        @Override
        Work work() {
            return () -> Totp.parse(SECRET).steps(WRONG, Instant.now()).isEmpty();
        }
    },

    TOTP_JAVA_OTP(Crypto.TOTP, "java-otp 0.4.0", Role.PEER) {
        @Override
        Work work() {
            TimeBasedOneTimePasswordGenerator codes = new TimeBasedOneTimePasswordGenerator();
            Key key = hmacKey();
            return () -> {
                Instant now = Instant.now();
                boolean wrong = true;
                for (int i = -1; i <= 1; i++) {
                    wrong &= codes.generateOneTimePassword(key, now.plusSeconds(30L * i)) != 0;
                }
                return wrong;
            };
        }
    },

    TOTP_GOOGLEAUTH(Crypto.TOTP, "googleauth 1.5.0", Role.PEER) {
        @Override
        Work work() {
            GoogleAuthenticator codes = new GoogleAuthenticator(
                    new GoogleAuthenticatorConfigBuilder().setWindowSize(3).build());
            return () -> !codes.authorize(SECRET, 1);
        }
    },

    TOTP_SAMSTEVENS(Crypto.TOTP, "samstevens totp 1.7.1", Role.PEER) {
        @Override
        Work work() {
            DefaultCodeVerifier codes = new DefaultCodeVerifier(new DefaultCodeGenerator(), new SystemTimeProvider());
            codes.setAllowedTimePeriodDiscrepancy(1);
            return () -> !codes.isValidCode(SECRET, WRONG);
        }
    },

    HASH_LIMIT(Crypto.HASH, "limit: argon2-jvm 2.12, native", Role.LIMIT) {
        @Override
        Work work() {
            Argon2Advanced hash = Argon2Factory.createAdvanced(Argon2Factory.Argon2Types.ARGON2id);
            char[] password = Ours.PASSWORD.toCharArray();
            return () -> hash.rawHash(PASSES, KIB, 1, password, SALT).length == HASH_BYTES;
        }
    },

    HASH_GATEHOUSE(Crypto.HASH, "Gatehouse", Role.OURS) {
        @Override
        Work work() {
            PasswordHash hash = new PasswordHash(KIB, PASSES, 1, 1, new RandomTokens());
            String stored = hash.hash(Ours.PASSWORD);
            return () -> hash.verify(Ours.PASSWORD, stored);
        }
    },

    HASH_BOUNCY_CASTLE(Crypto.HASH, "BouncyCastle 1.87", Role.PEER) {
        @Override
        Work work() {
            byte[] password = Ours.PASSWORD.getBytes(StandardCharsets.UTF_8);
            byte[] right = bouncyCastle(password);
            return () -> Arrays.equals(bouncyCastle(password), right);
        }
    },

    HASH_PASSWORD4J(Crypto.HASH, "password4j 1.8.4", Role.PEER) {
        @Override
        Work work() {
            Argon2Function hash =
                    Argon2Function.getInstance(KIB, PASSES, 1, HASH_BYTES, com.password4j.types.Argon2.ID);
            byte[] password = Ours.PASSWORD.getBytes(StandardCharsets.UTF_8);
            return () -> hash.hash(password, SALT).getBytes().length == HASH_BYTES;
        }
    },

    SIGN_LIMIT(Crypto.SIGN, "limit: RSA", Role.LIMIT) {
        @Override
        Work work() throws Exception {
            Signature signing = Signature.getInstance("SHA256withRSA");
            signing.initSign(Tokens.key().toPrivateKey());
            byte[] claims = Tokens.claims().toString().getBytes(StandardCharsets.UTF_8);
            return () -> {
                signing.update(claims);
                return Base64.getUrlEncoder().encodeToString(signing.sign()).length() > 300;
            };
        }
    },

    SIGN_GATEHOUSE(Crypto.SIGN, "Gatehouse", Role.OURS) {
        @Override
        Work work() {
            SigningKey key = SigningKey.generate("key-1", Instant.now());
            Jwt jwt = new Jwt(new Json());
            Map<String, Object> claims = Tokens.claims().toJSONObject();
            return () -> jwt.sign(key, claims).length() > 300;
        }
    },

    SIGN_NIMBUS(Crypto.SIGN, "Nimbus 10.10", Role.PEER) {
        @Override
        Work work() throws Exception {
            RSAKey key = Tokens.key();
            return () -> Tokens.sign(key).length() > 300;
        }
    };

    static final String TOTP = "authenticator app's code, wrong";
    static final String HASH = "password hash, Argon2id 19 MiB, 2 passes";
    static final String SIGN = "access token signed, RS256";
    private static final String SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    private static final String WRONG = "000000";
    private static final int KIB = 19_456;
    private static final int PASSES = 2;
    private static final int HASH_BYTES = 32;
    private static final byte[] SALT = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final String operation;
    private final String label;
    private final Role role;

    Crypto(String operation, String label, Role role) {
        this.operation = operation;
        this.label = label;
        this.role = role;
    }

    /** Does it once. */
    interface Work {
        boolean run() throws Exception;
    }

    String operation() {
        return operation;
    }

    String label() {
        return label;
    }

    Role role() {
        return role;
    }

    abstract Work work() throws Exception;

    private static SecretKeySpec hmacKey() {
        return new SecretKeySpec("12345678901234567890".getBytes(StandardCharsets.US_ASCII), "HmacSHA1");
    }

    private static byte[] bouncyCastle(byte[] password) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withIterations(PASSES)
                .withMemoryAsKB(KIB)
                .withParallelism(1)
                .withSalt(SALT)
                .build());
        byte[] hash = new byte[HASH_BYTES];
        generator.generateBytes(password, hash);
        return hash;
    }
}
