package dev.gatehouse.sso.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import dev.gatehouse.crypto.Corpus;
import dev.gatehouse.engine.Json;
import dev.gatehouse.spi.Outbound;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Samples of Wycheproof and RFC 7520 (security/corpora/jose), read as tokens of a provider whose key set has the sample's key. */
class JoseCorpusTest {
    private static final Set<String> OURS =
            Set.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512");

    /**
     * What the JDK sees otherwise: it refuses two signatures that nobody will make (an x-coordinate above the order of the
     * curve), and takes a DigestInfo without NULL, as RFC 8017 wants it to (appendix B.1).
     */
    private static final Set<String> KNOWN = Set.of("ES256 115", "ES256 257", "RS256 8");

    /** Whether a token's signature was found right; what is in it may still be no JSON. */
    private static boolean accepted(String token, String keySet) {
        AtomicInteger read = new AtomicInteger();
        Outbound provider = request -> {
            read.incrementAndGet();
            return new Outbound.Response(200, Map.of(), keySet.getBytes(StandardCharsets.UTF_8));
        };
        Json json = new Json();
        Clock clock = Clock.systemUTC();
        try {
            new SignedToken(json, new Providers(new Fetch(provider, json), clock))
                    .read(token, "https://idp.example/keys");
            return true;
        } catch (OidcRefusal refusal) {
            // claims that are no JSON are refused after the signature, a header before a key is looked for
            return refusal.step() == OidcStep.FORM && read.get() > 0;
        }
    }

    /** Why a valid sample is none of ours; null if it has to be accepted. */
    private static @Nullable String notApplicable(String token, JsonNode key) {
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3) {
            return "not compact JWS";
        }
        JsonNode header = header(parts[0]);
        if (!OURS.contains(header.path("alg").asText())) {
            return "symmetric";
        }
        if (parts[1].isEmpty()) {
            return "no claims";
        }
        if (header.has("crit") || header.has("b64") || header.has("zip")) {
            return "header that is refused on purpose";
        }
        return key.has("alg") && !key.path("alg").equals(header.path("alg"))
                ? "the key is named for another algorithm"
                : null;
    }

    private static JsonNode header(String part) {
        try {
            return new Json().readRequest(java.util.Base64.getUrlDecoder().decode(part));
        } catch (RuntimeException e) {
            return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
        }
    }

    @ParameterizedTest
    @CsvSource({"json_web_signature_test.json,401", "json_web_crypto_test.json,83", "json_web_key_test.json,26"})
    @DisplayName("J01 to J20 tokens and keys of Wycheproof")
    void tokens(String file, int samples) throws IOException {
        JsonNode all = Corpus.json("security/corpora/jose/wycheproof/" + file);
        Map<String, Integer> table = new TreeMap<>();
        List<String> unexpected = new ArrayList<>();
        for (JsonNode group : all.path("testGroups")) {
            JsonNode key = group.has("public") ? group.path("public") : group.path("private");
            String keySet = "{\"keys\":" + (key.has("keys") ? key.path("keys") : "[" + key + "]") + "}";
            for (JsonNode test : group.path("tests")) {
                String token = test.path("jws").isMissingNode()
                        ? test.path("jwe").asText()
                        : test.path("jws").isTextual()
                                ? test.path("jws").asText()
                                : test.path("jws").toString();
                boolean valid = test.path("result").asText().equals("valid");
                String why = valid ? notApplicable(token, key) : null;
                boolean accepted = accepted(token, keySet);
                table.merge(why != null ? "not applicable: " + why : valid ? "accepted" : "refused", 1, Integer::sum);
                if (accepted != (valid && why == null)) {
                    unexpected.add(test.path("tcId") + " "
                            + test.path("comment").asText() + " " + test.path("flags") + " accepted " + accepted + ": "
                            + (token.length() > 200 ? token.substring(0, 200) : token));
                }
            }
        }
        System.out.println("corpus " + file + ": " + table);
        assertThat(unexpected).isEmpty();
        assertThat(table.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(samples);
    }

    @ParameterizedTest
    @CsvSource({
        "ecdsa_secp256r1_sha256_p1363_test.json,ES256,262",
        "rsa_signature_2048_sha256_test.json,RS256,259",
        "rsa_pss_2048_sha256_mgf1_32_test.json,PS256,108"
    })
    @DisplayName("J16, J17 signatures of Wycheproof: zeros, other lengths, other padding, other curves")
    void signatures(String file, String algorithm, int samples) throws IOException {
        JsonNode all = Corpus.json("security/corpora/jose/wycheproof/" + file);
        HexFormat hex = HexFormat.of();
        List<String> unexpected = new ArrayList<>();
        Map<String, Integer> table = new TreeMap<>();
        for (JsonNode group : all.path("testGroups")) {
            JWK key = key(group, algorithm);
            for (JsonNode test : group.path("tests")) {
                boolean verified = SignedToken.verifies(
                        key,
                        JWSAlgorithm.parse(algorithm),
                        hex.parseHex(test.path("msg").asText()),
                        hex.parseHex(test.path("sig").asText()));
                // what the corpus calls acceptable has to be refused (SOURCES.md)
                boolean valid = test.path("result").asText().equals("valid");
                boolean known = KNOWN.contains(algorithm + " " + test.path("tcId"));
                table.merge(known ? "known" : valid ? "accepted" : "refused", 1, Integer::sum);
                // of what is known, JDKs differ: a valid one may be refused by one of them
                boolean either = known && valid;
                if (!either && verified != (valid != known)) {
                    unexpected.add(
                            test.path("tcId") + " " + test.path("comment").asText() + " " + test.path("flags"));
                }
            }
        }
        System.out.println("corpus " + file + ": " + table);
        assertThat(unexpected).isEmpty();
        assertThat(table.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(samples);
    }

    private static JWK key(JsonNode group, String algorithm) {
        try {
            return JWK.parseFromPEMEncodedObjects(group.path("publicKeyPem").asText());
        } catch (com.nimbusds.jose.JOSEException e) {
            throw new AssertionError(algorithm, e);
        }
    }

    @Test
    @DisplayName("J10, J18 of the examples of RFC 7520 the three with public keys are accepted")
    void cookbook() throws IOException, ParseException {
        Path folder = Corpus.need("security/corpora/jose/rfc7520-cookbook");
        List<String> accepted = new ArrayList<>();
        int read = 0;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                JsonNode example = Corpus.json("security/corpora/jose/rfc7520-cookbook/" + file.getFileName());
                JsonNode key = example.path("input").path("key");
                for (String form : List.of("compact", "json", "json_flat")) {
                    JsonNode output = example.path("output").path(form);
                    if (!output.isMissingNode() && key.isObject()) {
                        read++;
                        String keySet =
                                "{\"keys\":[" + JWK.parse(key.toString()).toPublicJWK() + "]}";
                        if (accepted(output.isTextual() ? output.asText() : output.toString(), keySet)) {
                            accepted.add(file.getFileName() + " " + form);
                        }
                    }
                }
            }
        }
        System.out.println("corpus rfc7520-cookbook: " + accepted.size() + " accepted of " + read);
        assertThat(accepted)
                .containsExactly(
                        "4_1.rsa_v15_signature.json compact",
                        "4_2.rsa-pss_signature.json compact",
                        "4_3.ecdsa_signature.json compact");
    }
}
