package dev.gatehouse.passkeys;

/**
 * A question to a browser: make a passkey, or prove one. Nothing is stored of it.
 *
 * @param options what {@code navigator.credentials} takes as {@code publicKey}, as JSON with binary values in base64url:
 *     {@code PublicKeyCredentialCreationOptionsJSON} or {@code …RequestOptionsJSON} (WebAuthn Level 3 §5.1.8, §5.1.9)
 * @param state to be given back with the answer, within five minutes: the sealed challenge
 */
public record Ceremony(String options, String state) {}
