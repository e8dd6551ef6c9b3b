package dev.gatehouse.testkit;

import java.io.ByteArrayInputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.MGF1ParameterSpec;
import java.util.Base64;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.xml.crypto.MarshalException;
import javax.xml.crypto.dsig.CanonicalizationMethod;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.SignedInfo;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.XMLSignatureException;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMSignContext;
import javax.xml.crypto.dsig.keyinfo.KeyInfo;
import javax.xml.crypto.dsig.keyinfo.KeyInfoFactory;
import javax.xml.crypto.dsig.spec.C14NMethodParameterSpec;
import javax.xml.crypto.dsig.spec.TransformParameterSpec;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.helpers.DefaultHandler;

/** Parses, writes, signs and encrypts XML with what the JDK has, so that nothing of it is what is tested. */
final class XmlCraft {
    static final String SAML = "urn:oasis:names:tc:SAML:2.0:assertion";
    static final String PROTOCOL = "urn:oasis:names:tc:SAML:2.0:protocol";

    private static final String XENC = "http://www.w3.org/2001/04/xmlenc#";
    private static final SecureRandom RANDOM = new SecureRandom();

    private XmlCraft() {}

    static Document parse(String xml) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultNSInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            DocumentBuilder builder = factory.newDocumentBuilder();
            // throws what by default is printed as well
            builder.setErrorHandler(new DefaultHandler());
            return builder.parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
        } catch (Exception e) {
            throw new IllegalArgumentException("no XML: " + xml, e);
        }
    }

    static String write(Node node) {
        try {
            Transformer transformer = TransformerFactory.newDefaultInstance().newTransformer();
            transformer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
            StringWriter out = new StringWriter();
            transformer.transform(new DOMSource(node), new StreamResult(out));
            return out.toString();
        } catch (TransformerException e) {
            throw new IllegalStateException(e);
        }
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    static Element first(Document document, String namespace, String name) {
        return (Element) document.getElementsByTagNameNS(namespace, name).item(0);
    }

    /** Signs an element inside, after its first child, which is the issuer (core 5.4.2). */
    static void sign(Element element, PrivateKey key, X509Certificate certificate, String algorithm, String digest) {
        try {
            XMLSignatureFactory factory = XMLSignatureFactory.getInstance("DOM");
            element.setIdAttributeNS(null, "ID", true);
            Reference reference = factory.newReference(
                    "#" + element.getAttribute("ID"),
                    factory.newDigestMethod(digest, null),
                    List.of(
                            factory.newTransform(Transform.ENVELOPED, (TransformParameterSpec) null),
                            factory.newTransform(CanonicalizationMethod.EXCLUSIVE, (TransformParameterSpec) null)),
                    null,
                    null);
            SignedInfo info = factory.newSignedInfo(
                    factory.newCanonicalizationMethod(CanonicalizationMethod.EXCLUSIVE, (C14NMethodParameterSpec) null),
                    factory.newSignatureMethod(algorithm, null),
                    List.of(reference));
            KeyInfoFactory keys = factory.getKeyInfoFactory();
            KeyInfo keyInfo = keys.newKeyInfo(List.of(keys.newX509Data(List.of(certificate))));
            DOMSignContext context =
                    new DOMSignContext(key, element, element.getFirstChild().getNextSibling());
            context.setDefaultNamespacePrefix("ds");
            factory.newXMLSignature(info, keyInfo).sign(context);
        } catch (GeneralSecurityException | MarshalException | XMLSignatureException e) {
            throw new IllegalArgumentException("cannot sign with " + algorithm, e);
        }
    }

    /**
     * Encrypts a text as an {@code EncryptedAssertion} (core 2.3.4).
     *
     * @param cipher {@code aes128-gcm}, {@code aes256-gcm}, {@code aes128-cbc} or {@code aes256-cbc}
     * @param transport {@code rsa-oaep-mgf1p}, {@code rsa-oaep} or {@code rsa-1_5}
     */
    static String encrypt(String plain, X509Certificate to, String cipher, String transport) {
        try {
            boolean gcm = cipher.endsWith("gcm");
            KeyGenerator generator = KeyGenerator.getInstance("AES");
            generator.init(cipher.startsWith("aes128") ? 128 : 256);
            SecretKey key = generator.generateKey();
            byte[] text = plain.getBytes(StandardCharsets.UTF_8);
            byte[] iv = new byte[gcm ? 12 : 16];
            RANDOM.nextBytes(iv);
            Cipher block = Cipher.getInstance(gcm ? "AES/GCM/NoPadding" : "AES/CBC/NoPadding");
            block.init(Cipher.ENCRYPT_MODE, key, gcm ? new GCMParameterSpec(128, iv) : new IvParameterSpec(iv));
            byte[] sealed = block.doFinal(gcm ? text : padded(text));
            byte[] data = new byte[iv.length + sealed.length];
            System.arraycopy(iv, 0, data, 0, iv.length);
            System.arraycopy(sealed, 0, data, iv.length, sealed.length);

            boolean old = transport.equals("rsa-1_5");
            boolean sha256 = transport.equals("rsa-oaep");
            Cipher rsa = Cipher.getInstance(old ? "RSA/ECB/PKCS1Padding" : "RSA/ECB/OAEPPadding");
            if (old) {
                rsa.init(Cipher.WRAP_MODE, to.getPublicKey());
            } else {
                String hash = sha256 ? "SHA-256" : "SHA-1";
                rsa.init(
                        Cipher.WRAP_MODE,
                        to.getPublicKey(),
                        new OAEPParameterSpec(
                                hash,
                                "MGF1",
                                sha256 ? MGF1ParameterSpec.SHA256 : MGF1ParameterSpec.SHA1,
                                PSource.PSpecified.DEFAULT));
            }
            String method = "<xenc:EncryptionMethod Algorithm=\""
                    + (sha256 ? "http://www.w3.org/2009/xmlenc11#" : XENC) + transport + "\">"
                    + (sha256
                            ? "<ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/><xenc11:MGF"
                                    + " xmlns:xenc11=\"http://www.w3.org/2009/xmlenc11#\""
                                    + " Algorithm=\"http://www.w3.org/2009/xmlenc11#mgf1sha256\"/>"
                            : "")
                    + "</xenc:EncryptionMethod>";
            return "<saml:EncryptedAssertion xmlns:saml=\"" + SAML + "\"><xenc:EncryptedData xmlns:xenc=\"" + XENC
                    + "\" Type=\"http://www.w3.org/2001/04/xmlenc#Element\"><xenc:EncryptionMethod Algorithm=\""
                    + (gcm ? "http://www.w3.org/2009/xmlenc11#" : XENC) + cipher
                    + "\"/><ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><xenc:EncryptedKey>" + method
                    + "<xenc:CipherData><xenc:CipherValue>" + base64(rsa.wrap(key))
                    + "</xenc:CipherValue></xenc:CipherData></xenc:EncryptedKey></ds:KeyInfo><xenc:CipherData>"
                    + "<xenc:CipherValue>" + base64(data)
                    + "</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData></saml:EncryptedAssertion>";
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("cannot encrypt with " + cipher + " and " + transport, e);
        }
    }

    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** XML Encryption 5.2: the last byte says how many there are. */
    private static byte[] padded(byte[] text) {
        int padding = 16 - text.length % 16;
        byte[] padded = java.util.Arrays.copyOf(text, text.length + padding);
        padded[padded.length - 1] = (byte) padding;
        return padded;
    }
}
