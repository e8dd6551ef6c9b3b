package dev.gatehouse.sso.saml;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Messages in the query of a redirect (bindings 3.4.4.1): the signature is of the query's own characters, as they came. */
final class Query {
    static final String REQUEST = "SAMLRequest";
    static final String RESPONSE = "SAMLResponse";

    private static final String RELAY_STATE = "RelayState";
    private static final String ALGORITHM = "SigAlg";
    private static final String SIGNATURE = "Signature";
    private static final String ENCODING = "SAMLEncoding";
    private static final String DEFLATE = "urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE";
    private static final Set<String> NAMES = Set.of(REQUEST, RESPONSE, RELAY_STATE, ALGORITHM, SIGNATURE, ENCODING);
    private static final int LONGEST = 96 * 1024;

    private final Map<String, String> raw;

    private Query(Map<String, String> raw) {
        this.raw = raw;
    }

    /** Where a message is sent to: the address with the query, signed if there is a key. */
    static String url(String to, String parameter, String xml, @Nullable String relayState, @Nullable SamlKey key) {
        StringBuilder query = new StringBuilder();
        query.append(parameter).append('=').append(encode(Wire.deflate(xml)));
        if (relayState != null) {
            query.append('&').append(RELAY_STATE).append('=').append(encode(relayState));
        }
        if (key != null) {
            String algorithm = algorithm(key);
            query.append('&').append(ALGORITHM).append('=').append(encode(algorithm));
            String signature = Wire.encode(sign(key, algorithm, query.toString()));
            query.append('&').append(SIGNATURE).append('=').append(encode(signature));
        }
        return to + (to.indexOf('?') < 0 ? '?' : '&') + query;
    }

    /**
     * Reads a query as it came; foreign parameters are overlooked.
     *
     * @throws SamlRefusal at {@link Step#ENCODING} if a parameter of the binding comes twice or in another spelling, or if
     *     there is not exactly one message
     */
    static Query read(String query) {
        if (query.length() > LONGEST) {
            throw refused("at most " + LONGEST + " characters", query.length() + " characters");
        }
        Map<String, String> raw = new LinkedHashMap<>();
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            if (NAMES.contains(name)) {
                if (equals < 0 || raw.put(name, pair.substring(equals + 1)) != null) {
                    throw refused("each parameter once, with a value", "another " + name);
                }
            } else if (NAMES.stream().anyMatch(decode(name)::equalsIgnoreCase)) {
                throw refused("parameters in their own spelling", "another spelling");
            }
        }
        if (raw.containsKey(REQUEST) == raw.containsKey(RESPONSE)) {
            throw refused("one SAMLRequest or SAMLResponse", raw.containsKey(REQUEST) ? "both" : "none");
        }
        Query read = new Query(raw);
        String encoding = read.value(ENCODING);
        if (encoding != null && !encoding.equals(DEFLATE)) {
            throw refused("the encoding DEFLATE", encoding);
        }
        return read;
    }

    boolean isRequest() {
        return raw.containsKey(REQUEST);
    }

    byte[] message() {
        String text = value(isRequest() ? REQUEST : RESPONSE);
        return Wire.inflate(text == null ? "" : text);
    }

    @Nullable
    String relayState() {
        return value(RELAY_STATE);
    }

    /**
     * Verifies the signature over what came, character by character.
     *
     * @throws SamlRefusal at {@link Step#ALGORITHM} or {@link Step#SIGNATURE}
     */
    void verify(SamlConnection c, Signatures signatures) {
        String algorithm = value(ALGORITHM);
        String signature = value(SIGNATURE);
        if (algorithm == null || signature == null) {
            throw SamlRefusal.of(Step.SIGNATURE, "a signed message", "no signature");
        }
        String jdkName = Algorithms.signature(algorithm, c.options());
        StringBuilder signed = new StringBuilder();
        for (String name : List.of(REQUEST, RESPONSE, RELAY_STATE, ALGORITHM)) {
            String value = raw.get(name);
            if (value != null) {
                signed.append(signed.isEmpty() ? "" : "&")
                        .append(name)
                        .append('=')
                        .append(value);
            }
        }
        signatures.verify(c, jdkName, signed.toString().getBytes(StandardCharsets.UTF_8), Wire.decode(signature));
    }

    /** The algorithm that we sign with. */
    static String algorithm(SamlKey key) {
        return key.privateKey() instanceof ECPrivateKey ? Algorithms.ECDSA_SHA256 : Algorithms.RSA_SHA256;
    }

    private @Nullable String value(String name) {
        String value = raw.get(name);
        return value == null ? null : decode(value);
    }

    private static byte[] sign(SamlKey key, String algorithm, String query) {
        try {
            Signature signature = Signature.getInstance(Algorithms.signature(algorithm, SamlOptions.strict()));
            signature.initSign(key.privateKey());
            signature.update(query.getBytes(StandardCharsets.UTF_8));
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the key cannot sign with " + algorithm, e);
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw refused("percent-encoding", "something else");
        }
    }

    private static SamlRefusal refused(String expected, String found) {
        return SamlRefusal.of(Step.ENCODING, expected, found);
    }
}
