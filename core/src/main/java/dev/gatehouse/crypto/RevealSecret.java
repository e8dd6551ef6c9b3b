package dev.gatehouse.crypto;

/** The one source of {@link SecretAccess}: reviewers search for {@code RevealSecret}. */
public final class RevealSecret {
    private RevealSecret() {}

    /** A capability to read secrets. Ask for it where the plain value is needed, and do not pass it on. */
    public static SecretAccess access() {
        return new SecretAccess();
    }
}
