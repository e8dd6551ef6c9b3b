package dev.gatehouse.sso.saml;

import dev.gatehouse.testkit.SamlIdp;
import dev.gatehouse.testkit.SamlKeys;
import dev.gatehouse.testkit.SeededKeys;
import dev.gatehouse.testkit.SteerableClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Messages to begin fuzzing with: files, so they are made with {@link SeededKeys}.
 */
final class SamlSeeds {
    static final String IDP = "https://idp.example.com";
    private static final Path INPUTS = Path.of("src/test/resources/dev/gatehouse/sso/saml/SamlFuzzTestInputs");
    static final Path RESPONSES = INPUTS.resolve("responsesAreReadOrRefused");
    static final Path METADATA = INPUTS.resolve("metadataIsReadOrRefused");
    static final Path LOGOUT = INPUTS.resolve("logoutMessagesAreReadOrRefused");
    static final Path SIGNED = INPUTS.resolve("whatAProviderSignsIsReadOrRefused");
    private static final Path QUERIES = INPUTS.resolve("queriesAreReadOrRefused");

    static final SamlKeys PROVIDER = SeededKeys.rsa(1);
    static final SamlKeys OURS = SeededKeys.rsa(2);

    private SamlSeeds() {}

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
            write(METADATA, "metadata.xml", idp.metadata().replaceAll("http://127.0.0.1:[0-9]+", IDP));
            write(LOGOUT, "request.xml", decoded(idp.posted(idp.logoutRequestXml(SamlStage.SLO, "s"))));
            write(LOGOUT, "response.xml", decoded(idp.posted(idp.logoutResponseXml(SamlStage.SLO, "_logout"))));
            write(QUERIES, "request.txt", query(idp.logoutRequest(SamlStage.SLO, "s", "state")));
            write(QUERIES, "response.txt", query(idp.logoutResponse(SamlStage.SLO, "_logout", "state")));
            idp.encryptsFor(null).signs(false, false);
            write(SIGNED, "response.xml", decoded(idp.answer(SamlStage.REQUEST, SamlStage.SP, SamlStage.ACS)));
        }
    }

    private static String decoded(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    private static String query(String location) {
        return location.substring(location.indexOf('?') + 1);
    }

    private static void write(Path folder, String name, String text) throws IOException {
        Files.createDirectories(folder);
        Files.write(folder.resolve(name), text.getBytes(StandardCharsets.UTF_8));
    }
}
