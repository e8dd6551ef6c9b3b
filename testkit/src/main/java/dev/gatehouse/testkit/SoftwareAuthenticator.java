package dev.gatehouse.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A passkey authenticator and its browser in software, for tests: takes the options of a ceremony and answers as
 * {@code navigator.credentials} would. By itself it behaves: synced passkeys (ES256, counter always 0) of a user who was
 * verified. Each method that says otherwise holds until {@link #honest()}, so that a test can ask what your application
 * does with a wrong answer.
 *
 * <pre>{@code
 * SoftwareAuthenticator phone = SoftwareAuthenticator.at("https://app.example.com");
 * Ceremony ceremony = gatehouse.passkeys().beginEnrollment(userId, "browser");
 * gatehouse.passkeys().finishEnrollment(userId, "browser", ceremony.state(), phone.create(ceremony.options()), "Phone");
 * }</pre>
 *
 * <p>Not safe for many threads.
 */
public final class SoftwareAuthenticator {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final byte[] AAGUID = new byte[16];

    /** Algorithms of new passkeys. */
    public enum Algorithm {
        /** ECDSA on P-256 with SHA-256. */
        ES256(-7, "EC", "SHA256withECDSA"),
        /** Ed25519. */
        EDDSA(-8, "Ed25519", "Ed25519"),
        /** RSA PKCS #1 v1.5 with SHA-256, 2048 bits. */
        RS256(-257, "RSA", "SHA256withRSA"),
        /** ECDSA on P-384: nobody should take it who did not offer it. */
        ES384(-35, "EC", "SHA384withECDSA"),
        /** RSA with SHA-1: nobody should take it. */
        RS1(-65535, "RSA", "SHA1withRSA");

        private final long id;
        private final String generator;
        private final String signature;

        Algorithm(long id, String generator, String signature) {
            this.id = id;
            this.generator = generator;
            this.signature = signature;
        }

        String generator() {
            return generator;
        }

        String signature() {
            return signature;
        }
    }

    private static final class Credential {
        final String rpId;
        final byte[] id;
        final byte[] userHandle;
        final SoftwareKey key;
        long count;

        Credential(String rpId, byte[] id, byte[] userHandle, SoftwareKey key) {
            this.rpId = rpId;
            this.id = id;
            this.userHandle = userHandle;
            this.key = key;
        }
    }

    private final String origin;
    private final List<Credential> credentials = new ArrayList<>();
    private Behaviour says = new Behaviour();
    private boolean counts;

    private SoftwareAuthenticator(String origin) {
        this.origin = origin;
    }

    /**
     * An authenticator whose browser stands at a page of this origin.
     *
     * @param origin scheme, host and port, for example {@code https://app.example.com}
     */
    public static SoftwareAuthenticator at(String origin) {
        return new SoftwareAuthenticator(origin);
    }

    /** Answers truly again. */
    public SoftwareAuthenticator honest() {
        says = new Behaviour();
        if (counts) {
            backup(false, false);
        }
        return this;
    }

    /** Is a security key from now on: its passkeys are never synced, and count their uses. */
    public SoftwareAuthenticator securityKey() {
        counts = true;
        return backup(false, false);
    }

    /** Claims to be at another origin. */
    public SoftwareAuthenticator origin(String other) {
        says.origin = other;
        return this;
    }

    /** Signs for another relying party. */
    public SoftwareAuthenticator rpId(String other) {
        says.rpId = other;
        return this;
    }

    /** Answers another challenge; any text. */
    public SoftwareAuthenticator challenge(String other) {
        says.challenge = other;
        return this;
    }

    /** Claims another type of ceremony than it carries out. */
    public SoftwareAuthenticator type(String other) {
        says.type = other;
        return this;
    }

    /** Stands in a frame of another site; {@code members} are those of the client data, such as {@code "crossOrigin":true}. */
    public SoftwareAuthenticator framed(String members) {
        says.crossOrigin = members;
        return this;
    }

    /** Whether somebody is there, and was verified. */
    public SoftwareAuthenticator user(boolean present, boolean verified) {
        says.present = present;
        says.verified = verified;
        return this;
    }

    /** Whether passkeys can be synced, and are. */
    public SoftwareAuthenticator backup(boolean eligible, boolean synced) {
        says.eligible = eligible;
        says.synced = synced;
        return this;
    }

    /** Sends this counter, up to 2^32 - 1. */
    public SoftwareAuthenticator signCount(long count) {
        says.count = count;
        return this;
    }

    /** Makes new passkeys of this algorithm, whatever was offered. */
    public SoftwareAuthenticator algorithm(Algorithm other) {
        says.algorithm = other;
        return this;
    }

    /** Claims this COSE algorithm for a new key, whatever it is. */
    public SoftwareAuthenticator namedAlgorithm(long id) {
        says.named = id;
        return this;
    }

    /** Gives new passkeys credential ids of this many bytes. */
    public SoftwareAuthenticator credentialIdLength(int bytes) {
        says.idLength = bytes;
        return this;
    }

    /** Gives a new passkey this credential id, or uses one under it. */
    public SoftwareAuthenticator credentialId(byte[] id) {
        says.credentialId = id.clone();
        return this;
    }

    /** Sends this user handle; an empty one is left out. */
    public SoftwareAuthenticator userHandle(byte[] handle) {
        says.userHandle = handle.clone();
        return this;
    }

    /** Changes the client data, before anything is signed. */
    public SoftwareAuthenticator clientData(UnaryOperator<String> change) {
        says.clientData = change;
        return this;
    }

    /** Changes the authenticator data, before it is signed. */
    public SoftwareAuthenticator authenticatorData(UnaryOperator<byte[]> change) {
        says.authenticatorData = change;
        return this;
    }

    /** Changes the attestation object. */
    public SoftwareAuthenticator attestation(UnaryOperator<byte[]> change) {
        says.attestation = change;
        return this;
    }

    /** Changes the signature. */
    public SoftwareAuthenticator signature(UnaryOperator<byte[]> change) {
        says.signature = change;
        return this;
    }

    /** The newest passkey's credential id as base64url. */
    public String newest() {
        return encode(credentials.get(credentials.size() - 1).id);
    }

    /**
     * Makes a passkey.
     *
     * @param options {@code PublicKeyCredentialCreationOptionsJSON}
     * @return {@code RegistrationResponseJSON}
     * @throws IllegalStateException if the options exclude one that it has (the browser's {@code InvalidStateError})
     */
    public String create(String options) {
        JsonNode asked = read(options);
        for (JsonNode known : asked.path("excludeCredentials")) {
            if (credentials.stream()
                    .anyMatch(c -> encode(c.id).equals(known.path("id").asText()))) {
                throw new IllegalStateException("InvalidStateError: it has a passkey for this account");
            }
        }
        byte[] id = says.credentialId == null ? random(says.idLength) : says.credentialId;
        Credential made = new Credential(
                asked.path("rp").path("id").asText(),
                id,
                decode(asked.path("user").path("id").asText()),
                new SoftwareKey(says.algorithm));
        credentials.add(made);
        byte[] key = made.key.cose(says.named == null ? says.algorithm.id : says.named);
        byte[] credential = ByteBuffer.allocate(16 + 2 + id.length + key.length)
                .put(AAGUID)
                .putShort((short) id.length)
                .put(id)
                .put(key)
                .array();
        byte[] data = says.authenticatorData.apply(data(made, 0x40, credential));
        byte[] attestation = new CborWriter()
                .map(3)
                .text("fmt")
                .text("none")
                .text("attStmt")
                .map(0)
                .text("authData")
                .bytes(data)
                .done();
        ObjectNode response = JSON.createObjectNode();
        response.put("clientDataJSON", encode(clientData("webauthn.create", asked)));
        response.put("attestationObject", encode(says.attestation.apply(attestation)));
        response.putArray("transports").add("internal").add("hybrid");
        return answer(id, response);
    }

    /**
     * Proves the newest passkey that it has for the relying party.
     *
     * @param options {@code PublicKeyCredentialRequestOptionsJSON}
     * @return {@code AuthenticationResponseJSON}
     * @throws IllegalStateException if it has none (the browser's {@code NotAllowedError})
     */
    public String get(String options) {
        JsonNode asked = read(options);
        Credential used = credentials.stream()
                .filter(c -> c.rpId.equals(asked.path("rpId").asText()))
                .reduce((older, newer) -> newer)
                .orElseThrow(() -> new IllegalStateException("NotAllowedError: it has no passkey for that"));
        if (counts) {
            used.count++;
        }
        byte[] data = says.authenticatorData.apply(data(used, 0, new byte[0]));
        byte[] clientData = clientData("webauthn.get", asked);
        byte[] signed = ByteBuffer.allocate(data.length + 32)
                .put(data)
                .put(sha256(clientData))
                .array();
        byte[] handle = says.userHandle == null ? used.userHandle : says.userHandle;
        ObjectNode response = JSON.createObjectNode();
        response.put("clientDataJSON", encode(clientData));
        response.put("authenticatorData", encode(data));
        response.put("signature", encode(says.signature.apply(used.key.sign(signed))));
        if (handle.length > 0) {
            response.put("userHandle", encode(handle));
        }
        return answer(says.credentialId == null ? used.id : says.credentialId, response);
    }

    private String answer(byte[] id, ObjectNode response) {
        ObjectNode answer = JSON.createObjectNode();
        answer.put("id", encode(id));
        answer.put("rawId", encode(id));
        answer.put("type", "public-key");
        answer.set("response", response);
        answer.putObject("clientExtensionResults");
        answer.put("authenticatorAttachment", "platform");
        return answer.toString();
    }

    private byte[] clientData(String type, JsonNode asked) {
        String text = "{\"type\":\"" + (says.type == null ? type : says.type) + "\",\"challenge\":\""
                + (says.challenge == null ? asked.path("challenge").asText() : says.challenge) + "\",\"origin\":\""
                + (says.origin == null ? origin : says.origin) + "\","
                + (says.crossOrigin == null ? "\"crossOrigin\":false" : says.crossOrigin) + "}";
        return says.clientData.apply(text).getBytes(StandardCharsets.UTF_8);
    }

    private byte[] data(Credential of, int flags, byte[] credential) {
        int all = flags
                | (says.present ? 1 : 0)
                | (says.verified ? 1 << 2 : 0)
                | (says.eligible ? 1 << 3 : 0)
                | (says.synced ? 1 << 4 : 0);
        byte[] rp = sha256((says.rpId == null ? of.rpId : says.rpId).getBytes(StandardCharsets.UTF_8));
        return ByteBuffer.allocate(32 + 1 + 4 + credential.length)
                .put(rp)
                .put((byte) all)
                .putInt((int) (says.count < 0 ? of.count : says.count))
                .put(credential)
                .array();
    }

    private static JsonNode read(String options) {
        try {
            return JSON.readTree(options);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the options are no JSON", e);
        }
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] decode(String text) {
        return Base64.getUrlDecoder().decode(text);
    }
}
