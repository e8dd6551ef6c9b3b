package dev.gatehouse.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.jwk.RSAKey;
import dev.gatehouse.engine.Json;
import dev.gatehouse.testkit.SamlKeys;
import dev.gatehouse.testkit.SeededKeys;
import dev.gatehouse.testkit.SignedText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Optional;

/** Reads anything as an access token of ours. */
final class JwtProbe {
    static final Path INPUTS = Path.of("src/test/resources/dev/gatehouse/crypto/JwtFuzzTestInputs");
    private static final String ISSUER = "https://app.example.com";
    private static final Instant NOW = Instant.parse("2026-06-01T10:00:00Z");
    private static final String HEADER = "{\"alg\":\"RS256\",\"kid\":\"key_1\"}";
    private static final SigningKey KEY = key(SeededKeys.rsa(4));

    private final Jwt jwt = new Jwt(new Json());

    private static SigningKey key(SamlKeys seeded) {
        RSAKey key = new RSAKey.Builder((RSAPublicKey) seeded.certificate().getPublicKey())
                .privateKey(seeded.privateKey())
                .keyID("key_1")
                .build();
        return SigningKey.read(Secret.of(key.toJSONString()));
    }

    private static String claims() {
        long second = NOW.getEpochSecond();
        return "{\"iss\":\"" + ISSUER + "\",\"sub\":\"user_1\",\"sid\":\"session_1\",\"role\":\"admin\",\"iat\":"
                + second + ",\"exp\":" + (second + 300) + "}";
    }

    static final String GOOD = good();

    private static String good() {
        return SignedText.of(
                KEY.privateKey(), HEADER.getBytes(StandardCharsets.UTF_8), claims().getBytes(StandardCharsets.UTF_8));
    }

    /** Whether a token is accepted. */
    boolean token(String token) {
        Optional<JsonNode> read = jwt.verify(token, id -> id.equals("key_1") ? KEY : null, ISSUER, NOW);
        read.ifPresent(claims -> {
            assertThat(claims.path("iss").textValue()).isEqualTo(ISSUER);
            assertThat(claims.path("exp").longValue()).isGreaterThan(NOW.getEpochSecond());
            assertThat(claims.path("iat").longValue()).isLessThanOrEqualTo(NOW.getEpochSecond() + 60);
        });
        return read.isPresent();
    }

    /** Whether a header and claims, parted by a line, are accepted once our key signed them. */
    boolean signedParts(byte[] parts) {
        return token(SignedText.of(KEY.privateKey(), parts));
    }

    /** Writes the seeds anew. */
    public static void main(String[] args) throws IOException {
        write("accessTokensAreOursOrRefused", GOOD);
        write("whatOurKeySignedIsReadOrRefused", HEADER + "\n" + claims());
    }

    private static void write(String target, String text) throws IOException {
        Path file = INPUTS.resolve(target).resolve("good.txt");
        Files.createDirectories(file.getParent());
        Files.write(file, text.getBytes(StandardCharsets.UTF_8));
    }
}
