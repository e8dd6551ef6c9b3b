package dev.gatehouse.crypto;

/**
 * The right to read a {@link Secret}. It can only come from {@link RevealSecret#access()}, so a search for that name
 * finds every place where a secret becomes plain.
 */
public final class SecretAccess {
    SecretAccess() {}
}
