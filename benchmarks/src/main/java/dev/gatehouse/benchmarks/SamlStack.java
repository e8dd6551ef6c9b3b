package dev.gatehouse.benchmarks;

import dev.gatehouse.sso.saml.Expected;
import dev.gatehouse.sso.saml.Saml;
import dev.gatehouse.sso.saml.SamlAssertion;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Signature;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import net.shibboleth.utilities.java.support.xml.BasicParserPool;
import org.opensaml.core.config.ConfigurationService;
import org.opensaml.core.xml.XMLObject;
import org.opensaml.core.xml.config.XMLObjectProviderRegistry;
import org.opensaml.core.xml.io.UnmarshallerFactory;
import org.opensaml.core.xml.schema.XSAny;
import org.opensaml.core.xml.schema.XSString;
import org.opensaml.saml.saml2.core.Assertion;
import org.opensaml.saml.saml2.core.Attribute;
import org.opensaml.saml.saml2.core.AttributeStatement;
import org.opensaml.saml.saml2.core.Response;
import org.opensaml.saml.saml2.encryption.Decrypter;
import org.opensaml.saml.security.impl.SAMLSignatureProfileValidator;
import org.opensaml.security.x509.BasicX509Credential;
import org.opensaml.xmlsec.encryption.support.InlineEncryptedKeyResolver;
import org.opensaml.xmlsec.keyinfo.impl.StaticKeyInfoCredentialResolver;
import org.opensaml.xmlsec.signature.support.SignatureValidator;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Who verifies a SAML response. Each says how many attributes it read. */
public enum SamlStack {
    /** What cannot be gone below: base64, one DOM, one digest, one RSA verification; encrypted, RSA, AES and a second DOM more. */
    LIMIT("limit: parse, digest, RSA") {
        @Override
        Work work(SamlMessage message, boolean encrypted) throws GeneralSecurityException {
            DocumentBuilder parser = parser();
            byte[] info = new byte[600];
            Signature signing = Signature.getInstance("SHA256withRSA");
            signing.initSign(message.theirs().privateKey());
            signing.update(info);
            byte[] value = signing.sign();
            Signature verifying = Signature.getInstance("SHA256withRSA");
            verifying.initVerify(message.theirs().certificate().getPublicKey());
            return () -> {
                byte[] bytes = Base64.getDecoder().decode(message.base64());
                Document document = parser.parse(new ByteArrayInputStream(bytes));
                if (encrypted) {
                    bytes = decrypted(message, document);
                    document = parser.parse(new ByteArrayInputStream(bytes));
                }
                MessageDigest.getInstance("SHA-256").digest(bytes);
                verifying.update(info);
                return verifying.verify(value)
                        ? document.getElementsByTagNameNS("*", "Attribute").getLength()
                        : 0;
            };
        }
    },

    /** Every step, the gate and the second reading, and the look whether it was used before. */
    GATEHOUSE("Gatehouse, every check") {
        @Override
        Work work(SamlMessage message, boolean encrypted) {
            Saml saml = new Saml();
            Map<String, Integer> used = new ConcurrentHashMap<>();
            return () -> {
                SamlAssertion read = saml.response(
                        message.connection(), message.base64(), Expected.answerTo(SamlMessage.REQUEST), message.now());
                // used before, of course: the same response is verified again and again
                int times = used.merge(read.id(), 1, Integer::sum);
                return times == 0 ? 0 : read.attributes().size();
            };
        }
    },

    /** As its users write it down: signature, times, audience, attributes; no check of the whole response. */
    OPENSAML("OpenSAML 4.0.1, straight") {
        @Override
        Work work(SamlMessage message, boolean encrypted) throws Exception {
            // starts those parts of OpenSAML that are here
            new Saml().spMetadata(message.connection());
            UnmarshallerFactory unmarshallers =
                    ConfigurationService.get(XMLObjectProviderRegistry.class).getUnmarshallerFactory();
            BasicParserPool pool = new BasicParserPool();
            pool.setNamespaceAware(true);
            pool.initialize();
            BasicX509Credential theirs =
                    new BasicX509Credential(message.theirs().certificate());
            Decrypter decrypter = new Decrypter(
                    null,
                    new StaticKeyInfoCredentialResolver(new BasicX509Credential(
                            message.ours().certificate(), message.ours().privateKey())),
                    new InlineEncryptedKeyResolver());
            decrypter.setRootInNewDocument(true);
            SAMLSignatureProfileValidator profile = new SAMLSignatureProfileValidator();
            return () -> {
                Element root = pool.parse(
                                new ByteArrayInputStream(Base64.getMimeDecoder().decode(message.base64())))
                        .getDocumentElement();
                Response response =
                        (Response) unmarshallers.getUnmarshaller(root).unmarshall(root);
                Assertion assertion = encrypted
                        ? decrypter.decrypt(response.getEncryptedAssertions().get(0))
                        : response.getAssertions().get(0);
                profile.validate(assertion.getSignature());
                SignatureValidator.validate(assertion.getSignature(), theirs);
                boolean good = message.now().isBefore(assertion.getConditions().getNotOnOrAfter())
                        && !message.now().isBefore(assertion.getConditions().getNotBefore())
                        && SamlMessage.SP.equals(assertion
                                .getConditions()
                                .getAudienceRestrictions()
                                .get(0)
                                .getAudiences()
                                .get(0)
                                .getURI());
                return good ? attributes(assertion).size() : 0;
            };
        }
    };

    /** Verifies once. */
    interface Work {
        int verify() throws Exception;
    }

    private final String label;

    SamlStack(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    Role role() {
        return this == LIMIT ? Role.LIMIT : this == GATEHOUSE ? Role.OURS : Role.PEER;
    }

    abstract Work work(SamlMessage message, boolean encrypted) throws Exception;

    private static DocumentBuilder parser() {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultNSInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            return factory.newDocumentBuilder();
        } catch (javax.xml.parsers.ParserConfigurationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] decrypted(SamlMessage message, Document document) throws GeneralSecurityException {
        NodeList values = document.getElementsByTagNameNS("http://www.w3.org/2001/04/xmlenc#", "CipherValue");
        Cipher rsa = Cipher.getInstance("RSA/ECB/OAEPWithSHA-1AndMGF1Padding");
        rsa.init(Cipher.DECRYPT_MODE, message.ours().privateKey());
        byte[] key = rsa.doFinal(bytes(values.item(0).getTextContent()));
        byte[] all = bytes(values.item(1).getTextContent());
        Cipher aes = Cipher.getInstance("AES/GCM/NoPadding");
        aes.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, all, 0, 12));
        return aes.doFinal(all, 12, all.length - 12);
    }

    private static byte[] bytes(String base64) {
        return Base64.getMimeDecoder().decode(base64.getBytes(StandardCharsets.US_ASCII));
    }

    private static Map<String, List<String>> attributes(Assertion assertion) {
        Map<String, List<String>> all = new HashMap<>();
        for (AttributeStatement statement : assertion.getAttributeStatements()) {
            for (Attribute attribute : statement.getAttributes()) {
                all.put(
                        attribute.getName(),
                        attribute.getAttributeValues().stream()
                                .map(SamlStack::text)
                                .toList());
            }
        }
        return all;
    }

    private static String text(XMLObject value) {
        return value instanceof XSString text ? text.getValue() : ((XSAny) value).getTextContent();
    }
}
