package dev.gatehouse.sso.saml;

import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The algorithms that are accepted, by their URIs, with what the JDK calls them. Whatever is not here is refused. */
final class Algorithms {
    static final int LEAST_RSA_BITS = 2048;

    static final String ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
    static final String RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
    static final String ECDSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256";
    static final String RSA_SHA1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1";
    static final String SHA1 = "http://www.w3.org/2000/09/xmldsig#sha1";
    static final String SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256";

    static final String RSA_1_5 = "http://www.w3.org/2001/04/xmlenc#rsa-1_5";
    /** OAEP with MGF1 of SHA-1; its hash may be another. */
    static final String RSA_OAEP_MGF1P = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";

    static final String RSA_OAEP = "http://www.w3.org/2009/xmlenc11#rsa-oaep";

    /** Signatures; those of ECDSA are R and S side by side (XML Signature 6.4.3). */
    private static final Map<String, String> SIGNATURES = Map.of(
            RSA_SHA256,
            "SHA256withRSA",
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
            "SHA384withRSA",
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
            "SHA512withRSA",
            ECDSA_SHA256,
            "SHA256withECDSAinP1363Format",
            "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384",
            "SHA384withECDSAinP1363Format",
            "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512",
            "SHA512withECDSAinP1363Format");

    private static final Map<String, String> DIGESTS = Map.of(
            SHA256,
            "SHA-256",
            "http://www.w3.org/2001/04/xmldsig-more#sha384",
            "SHA-384",
            "http://www.w3.org/2001/04/xmlenc#sha512",
            "SHA-512");

    private static final Map<String, Integer> GCM_BYTES = Map.of(
            "http://www.w3.org/2009/xmlenc11#aes128-gcm", 16,
            "http://www.w3.org/2009/xmlenc11#aes192-gcm", 24,
            "http://www.w3.org/2009/xmlenc11#aes256-gcm", 32);

    private static final Map<String, Integer> CBC_BYTES = Map.of(
            "http://www.w3.org/2001/04/xmlenc#aes128-cbc", 16,
            "http://www.w3.org/2001/04/xmlenc#aes192-cbc", 24,
            "http://www.w3.org/2001/04/xmlenc#aes256-cbc", 32);

    private static final List<String> CURVES = List.of("secp256r1", "secp384r1", "secp521r1");

    private Algorithms() {}

    /** The JDK's name of a signature algorithm. */
    static String signature(String uri, SamlOptions options) {
        String name = SIGNATURES.get(uri);
        if (name == null && options.allowSha1() && uri.equals(RSA_SHA1)) {
            return "SHA1withRSA";
        }
        return accepted(name, "RSA or ECDSA signatures with SHA-256, SHA-384 or SHA-512", uri);
    }

    /** The JDK's name of a digest. */
    static String digest(String uri, SamlOptions options) {
        String name = DIGESTS.get(uri);
        if (name == null && options.allowSha1() && uri.equals(SHA1)) {
            return "SHA-1";
        }
        return accepted(name, "digests with SHA-256, SHA-384 or SHA-512", uri);
    }

    /** How long the key of a block cipher is, in bytes. */
    static int cipherKey(String uri, SamlOptions options) {
        Integer bytes = GCM_BYTES.get(uri);
        if (bytes == null && options.allowCbc()) {
            bytes = CBC_BYTES.get(uri);
        }
        return accepted(bytes, "AES-GCM", uri);
    }

    /** Whether a cipher notices when its text was changed. */
    static boolean isAuthentic(String uri) {
        return GCM_BYTES.containsKey(uri);
    }

    /** How the key of the block cipher is encrypted; OAEP's hash needs no resistance to collisions, so SHA-1 may be it. */
    static void keyTransport(String uri, SamlOptions options) {
        boolean known = uri.equals(RSA_OAEP_MGF1P) || uri.equals(RSA_OAEP);
        if (!known && !(options.allowRsa15() && uri.equals(RSA_1_5))) {
            throw refused("RSA-OAEP", uri);
        }
    }

    /** The hash of OAEP. */
    static void oaepDigest(String uri) {
        if (!DIGESTS.containsKey(uri) && !uri.equals(SHA1)) {
            throw refused("RSA-OAEP with SHA-1 or SHA-2", uri);
        }
    }

    /** The mask generation function of OAEP. */
    static void oaepMask(String uri) {
        if (!uri.matches("http://www\\.w3\\.org/2009/xmlenc11#mgf1sha(1|256|384|512)")) {
            throw refused("RSA-OAEP with MGF1 of SHA-1 or SHA-2", uri);
        }
    }

    /** Whether a signature algorithm is made with keys of this kind. */
    static boolean fits(String jdkName, PublicKey key) {
        return jdkName.endsWith("withRSA") ? key instanceof RSAPublicKey : key instanceof ECPublicKey;
    }

    /** What is wrong with a key that would verify signatures; empty if nothing is. */
    static Optional<String> weakness(PublicKey key, int leastRsaBits) {
        if (key instanceof RSAPublicKey rsa) {
            return RsaStrength.weakness(rsa, leastRsaBits);
        }
        if (key instanceof ECPublicKey ec) {
            return CURVES.stream().anyMatch(curve -> isOn(ec.getParams(), curve))
                    ? Optional.empty()
                    : Optional.of("an EC key of another curve than P-256, P-384 and P-521");
        }
        return Optional.of("a key of the kind " + key.getAlgorithm());
    }

    private static boolean isOn(ECParameterSpec given, String curve) {
        try {
            AlgorithmParameters named = AlgorithmParameters.getInstance("EC");
            named.init(new ECGenParameterSpec(curve));
            ECParameterSpec known = named.getParameterSpec(ECParameterSpec.class);
            return known.getCurve().equals(given.getCurve())
                    && known.getGenerator().equals(given.getGenerator())
                    && known.getOrder().equals(given.getOrder())
                    && known.getCofactor() == given.getCofactor();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK has no " + curve, e);
        }
    }

    private static <T> T accepted(@Nullable T known, String expected, String uri) {
        if (known == null) {
            throw refused(expected, uri);
        }
        return known;
    }

    private static SamlRefusal refused(String expected, String uri) {
        return SamlRefusal.of(Step.ALGORITHM, expected, uri);
    }
}
