package dev.gatehouse.passkeys;

import java.util.Arrays;

/**
 * What authenticator data must look like (WebAuthn §6.1) and say, before anything else reads it: every byte belongs to a
 * part, and the flags are those of a passkey that verified its user.
 */
final class AuthenticatorGate {
    private static final int USER_PRESENT = 1;
    private static final int USER_VERIFIED = 1 << 2;
    private static final int BACKUP_ELIGIBLE = 1 << 3;
    private static final int BACKED_UP = 1 << 4;
    private static final int CREDENTIAL = 1 << 6;
    private static final int EXTENSIONS = 1 << 7;
    /** SHA-256 of the relying party's id, flags, counter. */
    private static final int HEAD = 32 + 1 + 4;

    private static final int AAGUID = 16;

    private AuthenticatorGate() {}

    /**
     * A credential as it is named and proved.
     *
     * @param publicKey COSE_Key, as its bytes came
     */
    @SuppressWarnings("ArrayRecordComponent") // made and taken apart at once, never compared
    record NewCredential(byte[] id, byte[] publicKey) {}

    /** Of a passkey that is used: no new credential may be in it, and whether it can be synced is as when it was made. */
    static void used(byte[] data, boolean eligible) {
        int flags = flags(data);
        if ((flags & CREDENTIAL) != 0) {
            throw Refusals.invalid("it answers a sign-in with a new credential");
        }
        if (((flags & BACKUP_ELIGIBLE) != 0) != eligible) {
            throw Refusals.invalid("it says otherwise than before whether it can be synced");
        }
        end(data, flags, HEAD);
    }

    /** Of a passkey that is made. */
    static NewCredential made(byte[] data) {
        int flags = flags(data);
        int id = HEAD + AAGUID + 2;
        if ((flags & CREDENTIAL) == 0 || data.length < id) {
            throw Refusals.invalid("it holds no credential");
        }
        int length = (data[id - 2] & 0xff) << 8 | (data[id - 1] & 0xff);
        if (length < 1 || length > Credential.LONGEST_ID || data.length < id + length) {
            throw Refusals.invalid("its credential id is not 1 to " + Credential.LONGEST_ID + " bytes long");
        }
        int key = Cbor.end(data, id + length);
        end(data, flags, key);
        return new NewCredential(Arrays.copyOfRange(data, id, id + length), Arrays.copyOfRange(data, id + length, key));
    }

    private static void end(byte[] data, int flags, int at) {
        int end = (flags & EXTENSIONS) == 0 ? at : Cbor.end(data, at);
        if (end != data.length) {
            throw Refusals.invalid("bytes follow its authenticator data");
        }
    }

    private static int flags(byte[] data) {
        if (data.length < HEAD) {
            throw Refusals.invalid("its authenticator data is too short");
        }
        int flags = data[32] & 0xff;
        if ((flags & USER_PRESENT) == 0) {
            throw Refusals.invalid("nobody was present");
        }
        if ((flags & USER_VERIFIED) == 0) {
            throw Refusals.invalid("it did not verify its user");
        }
        if ((flags & BACKED_UP) != 0 && (flags & BACKUP_ELIGIBLE) == 0) {
            throw Refusals.invalid("it claims to be synced and that it cannot be");
        }
        return flags;
    }
}
