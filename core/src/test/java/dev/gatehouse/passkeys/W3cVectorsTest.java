package dev.gatehouse.passkeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.crypto.Base64Url;
import dev.gatehouse.crypto.Corpus;
import dev.gatehouse.engine.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * The test vectors of WebAuthn Level 3. Those that a relying party like ours must take are taken; the others are refused,
 * each for the reason that its own bytes give.
 */
class W3cVectorsTest {
    private static final RelyingParty EXAMPLE = new RelyingParty("example.org", "W3C", Set.of("https://example.org"));
    private static final String USER = "user_01HXYZXYZXYZXYZXYZXYZXYZXY";
    private static final int USER_VERIFIED = 4;
    private static final int BACKUP_ELIGIBLE = 8;

    private final Json json = new Json();
    private final Verifier verifier = new Verifier(json);

    private static byte[] hex(JsonNode at, String name) {
        return HexFormat.of().parseHex(at.path(name).asText());
    }

    private Credential answer(byte[] id, Map<String, byte[]> response) {
        StringBuilder members = new StringBuilder();
        response.forEach((name, value) -> members.append(members.length() == 0 ? "" : ",")
                .append("\"%s\":\"%s\"".formatted(name, Base64Url.encode(value))));
        String name = Base64Url.encode(id);
        return Credential.of(
                json,
                "{\"id\":\"%s\",\"rawId\":\"%s\",\"type\":\"public-key\",\"response\":{%s}}"
                        .formatted(name, name, members));
    }

    private static Challenges.Running challenge(JsonNode ceremony) {
        return new Challenges.Running(hex(ceremony, "challenge"), Instant.MAX);
    }

    /** Authenticator data, which every vector has at the end of its attestation object. */
    private static byte[] data(byte[] attestation) {
        String text = new String(attestation, StandardCharsets.ISO_8859_1);
        int at = text.indexOf("hauthData") + "hauthData".length();
        int head = attestation[at] == 0x58 ? 2 : 3;
        return Arrays.copyOfRange(attestation, at + head, attestation.length);
    }

    /** What the vector's own bytes give against it; null for nothing. */
    private static @Nullable String expected(JsonNode ceremony, byte[] data) {
        String client = new String(hex(ceremony, "clientDataJSON"), StandardCharsets.UTF_8);
        if (client.contains("\"crossOrigin\":true")) {
            return "frame";
        }
        return (data[32] & USER_VERIFIED) == 0 ? "did not verify its user" : null;
    }

    /** Carries a step out; whether it was taken, as it must be. */
    private static boolean taken(String name, @Nullable String expected, boolean offered, Supplier<?> step) {
        ApiException refusal = catchThrowableOfType(ApiException.class, step::get);
        if (expected != null) {
            assertThat(refusal).as(name).isNotNull();
            assertThat(refusal.text()).as(name).contains(expected);
            return false;
        }
        if (!offered) {
            assertThat(refusal).as(name + ": an algorithm that was not offered").isNotNull();
            return false;
        }
        assertThat(refusal).as(name).isNull();
        return true;
    }

    @Test
    @DisplayName("K03, K06, K07, K14, K16, K20 the vectors of the specification are taken or refused as policy says")
    void vectors() throws IOException {
        List<String> made = new ArrayList<>();
        List<String> used = new ArrayList<>();
        for (JsonNode vector : Corpus.json("security/corpora/webauthn/w3c-webauthn-l3-test-vectors.json")
                .path("vectors")) {
            if (!vector.has("registration")) {
                continue;
            }
            String name = vector.path("name").asText();
            JsonNode registration = vector.path("registration");
            byte[] attestation = hex(registration, "attestationObject");
            byte[] data = data(attestation);
            byte[] id = hex(registration, "credential_id");
            boolean offered = !name.matches(".*(ES384|ES512|Ed448).*");

            Credential making = answer(
                    id,
                    Map.of("clientDataJSON", hex(registration, "clientDataJSON"), "attestationObject", attestation));
            if (taken(name, expected(registration, data), offered, () -> {
                return verifier.made(EXAMPLE, challenge(registration), making);
            })) {
                made.add(name);
            }

            JsonNode authentication = vector.path("authentication");
            byte[] asserted = hex(authentication, "authenticatorData");
            int key = 37 + 16 + 2 + id.length;
            Passkey passkey = new Passkey(
                    "passkey_1",
                    USER,
                    Base64Url.encode(id),
                    Base64Url.encode(Arrays.copyOfRange(data, key, Cbor.end(data, key))),
                    -7,
                    0,
                    List.of(),
                    "00000000-0000-0000-0000-000000000000",
                    (data[32] & BACKUP_ELIGIBLE) != 0,
                    false,
                    name,
                    null,
                    Instant.EPOCH,
                    Instant.EPOCH);
            Credential using = answer(
                    id,
                    Map.of(
                            "clientDataJSON",
                            hex(authentication, "clientDataJSON"),
                            "authenticatorData",
                            asserted,
                            "signature",
                            hex(authentication, "signature"),
                            "userHandle",
                            Verifier.handle(USER)));
            // the platform knows further algorithms; no passkey of them can come to be
            boolean known = !name.contains("Ed448");
            if (taken(name, expected(authentication, asserted), known, () -> {
                return verifier.used(EXAMPLE, challenge(authentication), using, passkey);
            })) {
                used.add(name);
                byte[] signature = hex(authentication, "signature");
                signature[signature.length - 1] ^= 1;
                Credential forged = answer(
                        id,
                        Map.of(
                                "clientDataJSON",
                                hex(authentication, "clientDataJSON"),
                                "authenticatorData",
                                asserted,
                                "signature",
                                signature,
                                "userHandle",
                                Verifier.handle(USER)));
                assertThat(taken(name, "webauthn4j", true, () -> {
                            return verifier.used(EXAMPLE, challenge(authentication), forged, passkey);
                        }))
                        .isFalse();
            }
        }
        assertThat(made)
                .containsExactly(
                        "ES256 Credential with Self Attestation",
                        "Packed Attestation with ES256 Credential",
                        "Packed Attestation with RS256 Credential",
                        "TPM Attestation with ES256 Credential",
                        "Android Key Attestation with ES256 Credential");
        assertThat(used)
                .containsExactly(
                        "ES256 Credential with very long credential ID",
                        "Packed Attestation with ES256 Credential",
                        "Packed Attestation with ES384 Credential",
                        "TPM Attestation with ES256 Credential");
    }
}
