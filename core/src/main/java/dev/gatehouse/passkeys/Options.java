package dev.gatehouse.passkeys;

import dev.gatehouse.crypto.Base64Url;
import dev.gatehouse.engine.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What browsers are asked for (WebAuthn Level 3 §5.4, §5.5), in the member names of that specification. */
final class Options {
    private static final String TYPE = "public-key";

    private final Json json;

    Options(Json json) {
        this.json = json;
    }

    /** A new passkey: kept by the authenticator under its user, behind a PIN, a finger or a face, without attestation. */
    String create(RelyingParty rp, Challenges.Running challenge, Passkeys.Owner owner, List<Passkey> known) {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("rp", Map.of("id", rp.id(), "name", rp.name()));
        options.put(
                "user",
                Map.of(
                        "id",
                        Base64Url.encode(Verifier.handle(owner.userId())),
                        "name",
                        owner.account(),
                        "displayName",
                        owner.displayName()));
        options.put("challenge", challenge.text());
        options.put(
                "pubKeyCredParams",
                Verifier.ALGORITHMS.stream()
                        .map(id -> Map.of("type", TYPE, "alg", id))
                        .toList());
        options.put("timeout", Challenges.LIFE.toMillis());
        options.put(
                "excludeCredentials", known.stream().map(Options::descriptor).toList());
        options.put(
                "authenticatorSelection",
                // requireResidentKey for browsers that know Level 1 only
                Map.of("residentKey", "required", "requireResidentKey", true, "userVerification", "required"));
        options.put("attestation", "none");
        return json.write(options);
    }

    private static Map<String, Object> descriptor(Passkey passkey) {
        Map<String, Object> descriptor = new LinkedHashMap<>();
        descriptor.put("type", TYPE);
        descriptor.put("id", passkey.credentialId());
        if (!passkey.transports().isEmpty()) {
            descriptor.put("transports", passkey.transports());
        }
        return descriptor;
    }

    /** A passkey of whoever it is: without a list of credentials, it tells nothing of who has some (ATTACKS K17). */
    String get(RelyingParty rp, Challenges.Running challenge) {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("challenge", challenge.text());
        options.put("rpId", rp.id());
        options.put("timeout", Challenges.LIFE.toMillis());
        options.put("userVerification", "required");
        return json.write(options);
    }
}
