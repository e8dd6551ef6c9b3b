package dev.gatehouse.passkeys;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.crypto.Base64Url;
import dev.gatehouse.engine.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A browser's answer, {@code RegistrationResponseJSON} or {@code AuthenticationResponseJSON} (WebAuthn Level 3 §5.1.8.1,
 * §5.1.9), read strictly: no member twice, one spelling of every binary value, no value longer than it can need to be.
 */
final class Credential {
    static final int LONGEST_ID = 1_023;
    private static final int MOST_ANSWER = 40_000;
    private static final int MOST_CLIENT_DATA = 4_096;
    private static final int MOST_ATTESTATION = 20_000;
    private static final int MOST_DATA = 4_096;
    private static final int MOST_SIGNATURE = 1_024;
    private static final int MOST_HANDLE = 64;
    static final int MOST_TRANSPORTS = 8;

    private final JsonNode tree;

    private Credential(JsonNode tree) {
        this.tree = tree;
    }

    /** Reads an answer; any that is none is refused. */
    static Credential of(Json json, String answer) {
        if (answer.length() > MOST_ANSWER) {
            throw Refusals.invalid("the answer is too long");
        }
        JsonNode tree = read(json, answer.getBytes(StandardCharsets.UTF_8), "the answer");
        Credential credential = new Credential(tree);
        if (!"public-key".equals(text(tree, "type"))
                || !Base64Url.encode(credential.id()).equals(text(tree, "id"))) {
            throw Refusals.invalid("the answer is no public-key credential");
        }
        return credential;
    }

    /** JSON of a browser, or a refusal that names it. */
    static JsonNode read(Json json, byte[] bytes, String what) {
        try {
            return json.readRequest(bytes);
        } catch (ApiException e) {
            throw Refusals.invalid(what + " is not well-formed JSON, or has a member twice");
        }
    }

    byte[] id() {
        return need(tree, "rawId", LONGEST_ID);
    }

    byte[] clientData() {
        return need(tree.path("response"), "clientDataJSON", MOST_CLIENT_DATA);
    }

    byte[] attestation() {
        return need(tree.path("response"), "attestationObject", MOST_ATTESTATION);
    }

    byte[] authenticatorData() {
        return need(tree.path("response"), "authenticatorData", MOST_DATA);
    }

    byte[] signature() {
        return need(tree.path("response"), "signature", MOST_SIGNATURE);
    }

    byte[] userHandle() {
        return need(tree.path("response"), "userHandle", MOST_HANDLE);
    }

    /** How the authenticator can be reached; words that none has are left out. */
    Set<String> transports() {
        Set<String> known = new LinkedHashSet<>();
        for (JsonNode transport : tree.path("response").path("transports")) {
            String word = transport.asText();
            if (known.size() < MOST_TRANSPORTS && transport(word)) {
                known.add(word);
            }
        }
        return known;
    }

    /** Whether this could be a way to reach an authenticator. */
    static boolean transport(String word) {
        return word.matches("[a-z][a-z-]{0,31}");
    }

    private static byte[] need(JsonNode at, String name, int most) {
        String text = text(at, name);
        byte[] bytes = text == null || text.isEmpty() ? null : Base64Url.decode(text);
        if (bytes == null || bytes.length > most) {
            throw Refusals.invalid(name + " is missing, too long, or no canonical base64url");
        }
        return bytes;
    }

    private static @Nullable String text(JsonNode at, String name) {
        return at.path(name).textValue();
    }
}
