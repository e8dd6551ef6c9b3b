package dev.gatehouse.sso.saml;

import dev.gatehouse.testkit.SamlIdp;
import dev.gatehouse.testkit.SamlKeys;
import dev.gatehouse.testkit.SteerableClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Messages to begin fuzzing with. They are files, so their keys have to be the same tomorrow: these come out of a fixed seed
 * and are good for nothing else.
 */
final class SamlSeeds {
    static final String IDP = "https://idp.example.com";
    static final Path RESPONSES =
            Path.of("src/test/resources/dev/gatehouse/sso/saml/SamlFuzzTestInputs/responsesAreReadOrRefused");
    static final Path METADATA =
            Path.of("src/test/resources/dev/gatehouse/sso/saml/SamlFuzzTestInputs/metadataIsReadOrRefused");

    private static final SamlKeys PROVIDER = keys(1);
    static final SamlKeys OURS = keys(2);

    private SamlSeeds() {}

    private static SamlKeys keys(int seed) {
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

    static Instant now() {
        return new SteerableClock().instant();
    }

    /** Where the seeds are accepted. */
    static SamlConnection connection() {
        return new SamlConnection(
                SamlStage.SP,
                SamlStage.ACS,
                SamlStage.SLO,
                IDP,
                IDP + "/sso",
                IDP + "/slo",
                List.of(PROVIDER.certificate()),
                null,
                List.of(SamlStage.key(OURS)),
                new SamlOptions(true, true, true, Duration.ofSeconds(60), null, false, null));
    }

    /** Writes the files anew. */
    public static void main(String[] args) throws IOException {
        Map<String, String> seeds = new LinkedHashMap<>();
        try (SamlIdp idp = SamlIdp.start(new SteerableClock())) {
            idp.entityId(IDP)
                    .keys(PROVIDER)
                    .user("ada@example.com", Map.of("email", List.of("ada@example.com"), "groups", List.of("a", "b")));
            seeds.put("both", idp.answer(SamlStage.REQUEST, SamlStage.SP, SamlStage.ACS));
            idp.signs(true, false);
            seeds.put("response", idp.answer(SamlStage.REQUEST, SamlStage.SP, SamlStage.ACS));
            idp.signs(false, true);
            seeds.put("assertion", idp.answer(SamlStage.REQUEST, SamlStage.SP, SamlStage.ACS));
            idp.encryptsFor(OURS.certificate());
            seeds.put("encrypted", idp.answer(SamlStage.REQUEST, SamlStage.SP, SamlStage.ACS));
            idp.encryptsFor(OURS.certificate(), "aes128-cbc", "rsa-1_5");
            seeds.put("encrypted-old", idp.answer(SamlStage.REQUEST, SamlStage.SP, SamlStage.ACS));
            Files.createDirectories(RESPONSES);
            for (Map.Entry<String, String> seed : seeds.entrySet()) {
                Files.write(
                        RESPONSES.resolve(seed.getKey() + ".xml"),
                        Base64.getDecoder().decode(seed.getValue()));
            }
            Files.createDirectories(METADATA);
            String metadata = idp.metadata().replaceAll("http://127.0.0.1:[0-9]+", IDP);
            Files.write(METADATA.resolve("metadata.xml"), metadata.getBytes(StandardCharsets.UTF_8));
        }
    }
}
