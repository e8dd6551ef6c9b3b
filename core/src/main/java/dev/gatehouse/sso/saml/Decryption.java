package dev.gatehouse.sso.saml;

import java.security.interfaces.RSAPrivateKey;
import java.util.List;
import java.util.Objects;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.apache.xml.security.encryption.EncryptedKey;
import org.apache.xml.security.encryption.XMLCipher;
import org.apache.xml.security.exceptions.XMLSecurityException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;

/**
 * Decrypts an assertion (core 2.3.4). Which algorithms are named is checked before; whatever fails then, key or content, is
 * one refusal that says nothing.
 */
final class Decryption {
    /**
     * A plain text, which nobody has signed yet.
     *
     * @param authentic whether it was encrypted like that: AES-GCM knows, AES-CBC does not
     */
    record Plain(byte[] text, boolean authentic) {}

    Decryption() {
        OpenSaml.securityReady();
    }

    /**
     * Decrypts.
     *
     * @param encrypted an {@code EncryptedAssertion} that has passed the gate
     * @throws SamlRefusal at {@link Step#ALGORITHM}, {@link Step#STRUCTURE} or {@link Step#DECRYPTION}
     */
    Plain decrypt(Element encrypted, SamlConnection c) {
        Element data = Xml.theChild(encrypted, Xml.XENC, "EncryptedData");
        Element key = key(encrypted, data);
        String cipher = Xml.theChild(data, Xml.XENC, "EncryptionMethod").getAttribute("Algorithm");
        int keyBytes = Algorithms.cipherKey(cipher, c.options());
        transport(Xml.theChild(key, Xml.XENC, "EncryptionMethod"), c);
        List<SamlKey> ours = c.decryptionKeys().stream()
                .filter(own -> own.privateKey() instanceof RSAPrivateKey)
                .toList();
        for (SamlKey own : ours) {
            byte[] plain = decrypt(data, key, cipher, keyBytes, own);
            if (plain != null) {
                return new Plain(plain, Algorithms.isAuthentic(cipher));
            }
        }
        throw SamlRefusal.undecryptable();
    }

    /** The one key, inside of the data or beside it. */
    private static Element key(Element encrypted, Element data) {
        Element beside = Xml.child(encrypted, Xml.XENC, "EncryptedKey");
        Element info = Xml.child(data, Xml.DSIG, "KeyInfo");
        Element inside = info == null ? null : Xml.child(info, Xml.XENC, "EncryptedKey");
        Element pointer = info == null ? null : Xml.child(info, Xml.DSIG, "RetrievalMethod");
        if ((beside == null) == (inside == null)) {
            throw SamlRefusal.of(Step.STRUCTURE, "one EncryptedKey", beside == null ? "none" : "two");
        }
        if (pointer != null
                && (beside == null || !pointer.getAttribute("URI").equals("#" + beside.getAttribute("Id")))) {
            throw SamlRefusal.of(Step.STRUCTURE, "a RetrievalMethod for the EncryptedKey beside it", "another");
        }
        return inside == null ? Objects.requireNonNull(beside) : inside;
    }

    private static void transport(Element method, SamlConnection c) {
        String algorithm = method.getAttribute("Algorithm");
        Algorithms.keyTransport(algorithm, c.options());
        for (Element parameter : Xml.children(method)) {
            if (Xml.is(parameter, Xml.DSIG, "DigestMethod")) {
                Algorithms.oaepDigest(parameter.getAttribute("Algorithm"));
            } else if (Xml.is(parameter, Xml.XENC11, "MGF")) {
                Algorithms.oaepMask(parameter.getAttribute("Algorithm"));
            }
        }
    }

    private static byte @Nullable [] decrypt(Element data, Element key, String cipher, int keyBytes, SamlKey own) {
        try {
            XMLCipher unwrap = XMLCipher.getInstance();
            unwrap.setSecureValidation(true);
            unwrap.init(XMLCipher.UNWRAP_MODE, own.privateKey());
            EncryptedKey encryptedKey = unwrap.loadEncryptedKey(data.getOwnerDocument(), key);
            SecretKey secret =
                    new SecretKeySpec(unwrap.decryptKey(encryptedKey, cipher).getEncoded(), "AES");
            if (secret.getEncoded().length != keyBytes) {
                return null;
            }
            XMLCipher decrypt = XMLCipher.getInstance();
            decrypt.setSecureValidation(true);
            decrypt.init(XMLCipher.DECRYPT_MODE, secret);
            return decrypt.decryptToByteArray(data);
        } catch (XMLSecurityException | RuntimeException e) {
            // nobody learns which of it failed
            return null;
        }
    }
}
