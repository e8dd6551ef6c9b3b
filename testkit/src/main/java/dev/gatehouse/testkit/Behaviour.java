package dev.gatehouse.testkit;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What the answers of a {@link SoftwareAuthenticator} say; each is a lie where it differs from the defaults. */
final class Behaviour {
    @Nullable
    String origin;

    @Nullable
    String rpId;

    @Nullable
    String challenge;

    @Nullable
    String type;

    @Nullable
    String crossOrigin;

    boolean present = true;
    boolean verified = true;
    boolean eligible = true;
    boolean synced = true;
    long count = -1;
    SoftwareAuthenticator.Algorithm algorithm = SoftwareAuthenticator.Algorithm.ES256;

    @Nullable
    Long named;

    int idLength = 32;
    byte @Nullable [] credentialId;
    byte @Nullable [] userHandle;
    UnaryOperator<String> clientData = text -> text;
    UnaryOperator<byte[]> authenticatorData = bytes -> bytes;
    UnaryOperator<byte[]> attestation = bytes -> bytes;
    UnaryOperator<byte[]> signature = bytes -> bytes;
}
