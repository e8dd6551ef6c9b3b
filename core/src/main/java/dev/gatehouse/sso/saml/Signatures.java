package dev.gatehouse.sso.saml;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.xml.security.c14n.Canonicalizer;
import org.apache.xml.security.exceptions.XMLSecurityException;
import org.apache.xml.security.utils.UnsyncByteArrayOutputStream;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * Verifies signatures (core 5.4) of elements that have passed the {@link Gate}, with the connection's keys alone, and answers
 * with the octets that were signed.
 */
final class Signatures {
    private final int leastRsaBits;
    /** Written to byte by byte, so without locks; made once for all that a message has signed. */
    private final UnsyncByteArrayOutputStream canonical = new UnsyncByteArrayOutputStream();

    /**
     * A verifier of one message.
     *
     * @param leastRsaBits shorter keys count as none
     */
    Signatures(int leastRsaBits) {
        OpenSaml.securityReady();
        this.leastRsaBits = leastRsaBits;
    }

    /** The signature that stands in an element, or null. */
    static @Nullable Element of(Element signed) {
        return Xml.child(signed, Xml.DSIG, "Signature");
    }

    /**
     * Verifies an element's own signature.
     *
     * @return the canonical octets of the element without its signature: their digest is the one that was signed
     * @throws SamlRefusal at {@link Step#ALGORITHM}, {@link Step#STRUCTURE} or {@link Step#SIGNATURE}
     */
    byte[] verify(Element signed, Element signature, SamlConnection c) {
        Element info = Xml.theChild(signature, Xml.DSIG, "SignedInfo");
        Element reference = Xml.theChild(info, Xml.DSIG, "Reference");
        Element method = Xml.theChild(info, Xml.DSIG, "CanonicalizationMethod");
        same(Step.ALGORITHM, Xml.EXC_C14N, method.getAttribute("Algorithm"));
        same(Step.STRUCTURE, "#" + signed.getAttribute("ID"), reference.getAttribute("URI"));
        List<Element> transforms = Xml.children(Xml.theChild(reference, Xml.DSIG, "Transforms"), Xml.DSIG, "Transform");
        same(Step.ALGORITHM, Algorithms.ENVELOPED, transforms.get(0).getAttribute("Algorithm"));
        same(Step.ALGORITHM, Xml.EXC_C14N, transforms.get(1).getAttribute("Algorithm"));
        if (Xml.child(transforms.get(0), Xml.EXC_C14N, "InclusiveNamespaces") != null) {
            throw SamlRefusal.of(Step.STRUCTURE, "a transform without parameters", "InclusiveNamespaces");
        }
        String algorithm = Algorithms.signature(
                Xml.theChild(info, Xml.DSIG, "SignatureMethod").getAttribute("Algorithm"), c.options());
        Element digestMethod = Xml.theChild(reference, Xml.DSIG, "DigestMethod");
        String digest = Algorithms.digest(digestMethod.getAttribute("Algorithm"), c.options());

        byte[] claimed =
                Wire.decode(Xml.theChild(reference, Xml.DSIG, "DigestValue").getTextContent());
        byte[] octets = octets(signed, signature, transforms.get(1));
        if (!MessageDigest.isEqual(claimed, hash(digest, octets))) {
            throw SamlRefusal.of(Step.SIGNATURE, "the content that was signed", "another content");
        }
        String value = Xml.theChild(signature, Xml.DSIG, "SignatureValue").getTextContent();
        verify(c, algorithm, canonical(info, method), Wire.decode(Step.SIGNATURE, value));
        return octets;
    }

    /**
     * Verifies the signature of some octets by one of the connection's keys.
     *
     * @throws SamlRefusal at {@link Step#SIGNATURE}
     */
    void verify(SamlConnection c, String algorithm, byte[] octets, byte[] value) {
        if (keys(c, algorithm).stream().noneMatch(key -> verifies(key, algorithm, octets, value))) {
            throw SamlRefusal.of(
                    Step.SIGNATURE, "a valid signature by one of the connection's certificates", "another one");
        }
    }

    /** The connection's keys that may verify this; why none may, if so. */
    private List<PublicKey> keys(SamlConnection c, String algorithm) {
        List<PublicKey> keys = new ArrayList<>();
        String problem = "no certificate is configured";
        for (X509Certificate certificate : c.idpCertificates()) {
            PublicKey key = certificate.getPublicKey();
            Optional<String> weakness = Algorithms.weakness(key, leastRsaBits);
            if (weakness.isEmpty() && Algorithms.fits(algorithm, key)) {
                keys.add(key);
            } else {
                problem = weakness.map(weak -> "the certificate has " + weak)
                        .orElse("the certificates have keys of another kind");
            }
        }
        if (keys.isEmpty()) {
            throw SamlRefusal.of(Step.SIGNATURE, "a certificate for " + algorithm, problem);
        }
        return keys;
    }

    private static boolean verifies(PublicKey key, String algorithm, byte[] octets, byte[] value) {
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initVerify(key);
            signature.update(octets);
            return signature.verify(value);
        } catch (GeneralSecurityException | RuntimeException e) {
            // whatever a provider stumbles over is no signature
            return false;
        }
    }

    /** Canonicalizes an element as if the signature, which is its child, were not there (XML Signature 6.6.4). */
    private byte[] octets(Element signed, Element signature, Element transform) {
        Node after = signature.getNextSibling();
        signed.removeChild(signature);
        try {
            return canonical(signed, transform);
        } finally {
            signed.insertBefore(signature, after);
        }
    }

    /** @param method names exclusive canonicalization, and may list prefixes */
    private byte[] canonical(Element e, Element method) {
        Element inclusive = Xml.child(method, Xml.EXC_C14N, "InclusiveNamespaces");
        try {
            canonical.reset();
            Canonicalizer canonicalizer = Canonicalizer.getInstance(Xml.EXC_C14N);
            if (inclusive == null) {
                canonicalizer.canonicalizeSubtree(e, canonical);
            } else {
                canonicalizer.canonicalizeSubtree(e, inclusive.getAttribute("PrefixList"), canonical);
            }
            return canonical.toByteArray();
        } catch (XMLSecurityException refused) {
            throw SamlRefusal.of(Step.SIGNATURE, "what can be canonicalized", "something else");
        }
    }

    private static byte[] hash(String algorithm, byte[] octets) {
        try {
            return MessageDigest.getInstance(algorithm).digest(octets);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK has no " + algorithm, e);
        }
    }

    private static void same(Step step, String expected, String found) {
        if (!expected.equals(found)) {
            throw SamlRefusal.of(step, expected, found);
        }
    }
}
