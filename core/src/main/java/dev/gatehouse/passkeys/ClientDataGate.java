package dev.gatehouse.passkeys;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.engine.Json;

/** What a browser must say it was asked, where, and by whom (WebAuthn §5.8.1; checks of §7.1 and §7.2). */
final class ClientDataGate {
    private ClientDataGate() {}

    /**
     * Checks client data.
     *
     * @param type {@code webauthn.create} or {@code webauthn.get}
     */
    static void check(Json json, byte[] bytes, String type, Challenges.Running challenge, RelyingParty rp) {
        JsonNode data = Credential.read(json, bytes, "its client data");
        if (!type.equals(data.path("type").textValue())) {
            throw Refusals.invalid("its client data is not of the type " + type);
        }
        // texts, not bytes: another spelling of the same challenge is another challenge
        if (!challenge.text().equals(data.path("challenge").textValue())) {
            throw Refusals.invalid("it answers another challenge");
        }
        String origin = data.path("origin").textValue();
        if (origin == null || !rp.origins().contains(origin)) {
            throw Refusals.invalid("its origin is neither the setting origin nor one of passkey-origins");
        }
        JsonNode cross = data.path("crossOrigin");
        if (data.has("topOrigin") || !(cross.isMissingNode() || cross.isBoolean()) || cross.asBoolean()) {
            throw Refusals.invalid("it was used in a frame of another site");
        }
    }
}
