package dev.gatehouse.passkeys;

import com.webauthn4j.WebAuthnManager;
import com.webauthn4j.converter.AttestationObjectConverter;
import com.webauthn4j.converter.util.ObjectConverter;
import com.webauthn4j.credential.CredentialRecordImpl;
import com.webauthn4j.data.AuthenticationParameters;
import com.webauthn4j.data.AuthenticationRequest;
import com.webauthn4j.data.PublicKeyCredentialParameters;
import com.webauthn4j.data.PublicKeyCredentialType;
import com.webauthn4j.data.RegistrationParameters;
import com.webauthn4j.data.RegistrationRequest;
import com.webauthn4j.data.attestation.authenticator.AAGUID;
import com.webauthn4j.data.attestation.authenticator.AttestedCredentialData;
import com.webauthn4j.data.attestation.authenticator.AuthenticatorData;
import com.webauthn4j.data.attestation.authenticator.COSEKey;
import com.webauthn4j.data.attestation.authenticator.Curve;
import com.webauthn4j.data.attestation.authenticator.EC2COSEKey;
import com.webauthn4j.data.attestation.authenticator.EdDSACOSEKey;
import com.webauthn4j.data.attestation.authenticator.RSACOSEKey;
import com.webauthn4j.data.attestation.statement.COSEAlgorithmIdentifier;
import com.webauthn4j.data.attestation.statement.NoneAttestationStatement;
import com.webauthn4j.data.client.Origin;
import com.webauthn4j.data.client.challenge.DefaultChallenge;
import com.webauthn4j.server.ServerProperty;
import com.webauthn4j.verifier.exception.MaliciousCounterValueException;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.crypto.Base64Url;
import dev.gatehouse.engine.Json;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checks of WebAuthn Level 3 §7.1 (a passkey is made) and §7.2 (it is used). Our gates come first; then webauthn4j goes
 * through the whole procedure again and verifies the signature. Attestation is not asked for, and an attestation statement
 * that comes all the same is not read: whatever it says, it proves nothing here.
 */
final class Verifier {
    private static final Logger LOG = LoggerFactory.getLogger(Verifier.class);
    private static final long ES256 = -7;
    private static final long EDDSA = -8;
    private static final long RS256 = -257;
    private static final int LEAST_RSA_BITS = 2_048;
    private static final int MOST_RSA_BITS = 4_096;
    /** The CBOR map {@code {"fmt": "none", "attStmt": {}, "authData": …}}, up to the two bytes of a length. */
    private static final byte[] UNATTESTED =
            "\u00a3cfmtdnonegattStmt\u00a0hauthDataY".getBytes(StandardCharsets.ISO_8859_1);

    /** COSE algorithms that a passkey may have, the best liked first. */
    static final List<Long> ALGORITHMS = List.of(ES256, EDDSA, RS256);

    private final Json json;
    private final ObjectConverter converter = new ObjectConverter();
    private final AttestationObjectConverter attestations = new AttestationObjectConverter(converter);
    private final WebAuthnManager library = WebAuthnManager.createNonStrictWebAuthnManager(converter);
    private final List<PublicKeyCredentialParameters> algorithms = ALGORITHMS.stream()
            .map(id -> new PublicKeyCredentialParameters(
                    PublicKeyCredentialType.PUBLIC_KEY, COSEAlgorithmIdentifier.create(id)))
            .toList();

    Verifier(Json json) {
        this.json = json;
    }

    /** What a new passkey is; the rest its owner gives. */
    record Made(
            String credentialId,
            String publicKey,
            long algorithm,
            long signCount,
            String aaguid,
            boolean backupEligible,
            boolean backedUp) {}

    /** What a use changes of a passkey. */
    record Used(long signCount, boolean backedUp) {}

    /** §7.1. */
    Made made(RelyingParty rp, Challenges.Running challenge, Credential answer) {
        byte[] clientData = answer.clientData();
        ClientDataGate.check(json, clientData, "webauthn.create", challenge, rp);
        byte[] attestation = answer.attestation();
        Cbor.check(attestation);
        byte[] data = guarded(() -> authenticatorData(attestation));
        AuthenticatorGate.NewCredential made = AuthenticatorGate.made(data);
        if (!MessageDigest.isEqual(made.id(), answer.id())) {
            throw Refusals.invalid("its authenticator names another credential id");
        }
        AuthenticatorData<?> read = guarded(() -> {
            RegistrationRequest request = new RegistrationRequest(unattested(data), clientData);
            RegistrationParameters parameters =
                    new RegistrationParameters(property(rp, challenge), algorithms, true, true);
            return Objects.requireNonNull(library.verify(request, parameters).getAttestationObject())
                    .getAuthenticatorData();
        });
        AttestedCredentialData credential = Objects.requireNonNull(read.getAttestedCredentialData());
        return new Made(
                Base64Url.encode(made.id()),
                Base64Url.encode(made.publicKey()),
                algorithm(credential.getCOSEKey()),
                read.getSignCount(),
                String.valueOf(credential.getAaguid()),
                read.isFlagBE(),
                read.isFlagBS());
    }

    /** §7.2, of a passkey that the answer names. */
    Used used(RelyingParty rp, Challenges.Running challenge, Credential answer, Passkey passkey) {
        byte[] clientData = answer.clientData();
        ClientDataGate.check(json, clientData, "webauthn.get", challenge, rp);
        byte[] handle = answer.userHandle();
        if (!MessageDigest.isEqual(handle, handle(passkey.userId()))) {
            throw Refusals.invalid("its user handle is not that of its owner");
        }
        byte[] data = answer.authenticatorData();
        AuthenticatorGate.used(data, passkey.backupEligible());
        AuthenticatorData<?> read = guarded(() -> {
            AuthenticationRequest request =
                    new AuthenticationRequest(answer.id(), handle, data, clientData, answer.signature());
            AuthenticationParameters parameters = new AuthenticationParameters(
                    property(rp, challenge), record(passkey, answer.id()), null, true, true);
            return Objects.requireNonNull(library.verify(request, parameters).getAuthenticatorData());
        });
        return new Used(read.getSignCount(), read.isFlagBS());
    }

    /**
     * The algorithm of a key that was made elsewhere.
     *
     * @throws ApiException if it is none that could be made here
     */
    long imported(byte[] key) {
        Cbor.check(key);
        return guarded(() -> {
            COSEKey read = Objects.requireNonNull(converter.getCborConverter().readValue(key, COSEKey.class));
            read.validate();
            Objects.requireNonNull(read.getPublicKey());
            return algorithm(read);
        });
    }

    /** What an authenticator keeps to know the user again (§5.4.3): the identifier, which tells nothing of the person. */
    static byte[] handle(String userId) {
        return userId.getBytes(StandardCharsets.US_ASCII);
    }

    @SuppressWarnings("NullAway") // the library has null for a member that is missing
    private byte[] authenticatorData(byte[] attestation) {
        byte[] data = attestations.extractAuthenticatorData(attestation);
        if (data == null) {
            throw Refusals.invalid("its attestation object has no authenticator data");
        }
        return data;
    }

    private static byte[] unattested(byte[] data) {
        return ByteBuffer.allocate(UNATTESTED.length + 2 + data.length)
                .put(UNATTESTED)
                .putShort((short) data.length)
                .put(data)
                .array();
    }

    private static ServerProperty property(RelyingParty rp, Challenges.Running challenge) {
        Set<Origin> origins = rp.origins().stream().map(Origin::create).collect(Collectors.toSet());
        return ServerProperty.builder()
                .origins(origins)
                .rpId(rp.id())
                .challenge(new DefaultChallenge(challenge.bytes()))
                .build();
    }

    private CredentialRecordImpl record(Passkey passkey, byte[] credentialId) {
        byte[] key = Objects.requireNonNull(Base64Url.decode(passkey.publicKey()));
        COSEKey read = Objects.requireNonNull(converter.getCborConverter().readValue(key, COSEKey.class));
        return new CredentialRecordImpl(
                new NoneAttestationStatement(),
                true,
                passkey.backupEligible(),
                passkey.backedUp(),
                passkey.signCount(),
                new AttestedCredentialData(new AAGUID(passkey.aaguid()), credentialId, read),
                null,
                null,
                null,
                Set.of());
    }

    /** The algorithm of a key that is what its algorithm says, and public. */
    private static long algorithm(COSEKey key) {
        COSEAlgorithmIdentifier named = key.getAlgorithm();
        long id = named == null ? 0 : named.getValue();
        boolean elliptic = key instanceof EC2COSEKey ec && ec.getCurve() == Curve.SECP256R1;
        boolean edwards = key instanceof EdDSACOSEKey ed && ed.getCurve() == Curve.ED25519;
        boolean rsa = key instanceof RSACOSEKey r && sized(r.getN());
        boolean fits = id == ES256 ? elliptic : id == EDDSA ? edwards : id == RS256 && rsa;
        if (!fits || key.hasPrivateKey()) {
            throw Refusals.invalid("its key is not a public key of an algorithm that was offered");
        }
        return id;
    }

    private static boolean sized(byte @Nullable [] modulus) {
        int bits = modulus == null ? 0 : new BigInteger(1, modulus).bitLength();
        return bits >= LEAST_RSA_BITS && bits <= MOST_RSA_BITS;
    }

    /**
     * What the library says of hostile bytes. It has exceptions of its own for most, and lets some of the platform's out;
     * none of them is a passkey that works.
     */
    private static <T> T guarded(Supplier<T> step) {
        try {
            return step.get();
        } catch (ApiException e) {
            throw e;
        } catch (MaliciousCounterValueException e) {
            throw Refusals.invalid("its counter went back, so it may have been copied");
        } catch (RuntimeException e) {
            LOG.debug("webauthn4j refused an answer", e);
            throw Refusals.invalid("webauthn4j says " + e.getClass().getSimpleName());
        }
    }
}
