package dev.gatehouse.sso.saml;

import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.List;
import org.opensaml.saml.common.xml.SAMLConstants;
import org.opensaml.saml.saml2.metadata.AssertionConsumerService;
import org.opensaml.saml.saml2.metadata.EncryptionMethod;
import org.opensaml.saml.saml2.metadata.EntityDescriptor;
import org.opensaml.saml.saml2.metadata.KeyDescriptor;
import org.opensaml.saml.saml2.metadata.NameIDFormat;
import org.opensaml.saml.saml2.metadata.SPSSODescriptor;
import org.opensaml.saml.saml2.metadata.SingleLogoutService;
import org.opensaml.security.credential.UsageType;
import org.opensaml.xmlsec.signature.KeyInfo;
import org.opensaml.xmlsec.signature.X509Data;

/** Our metadata of a connection (metadata 2.4.4). */
final class SpMetadata {
    private static final List<String> CIPHERS = List.of(
            "http://www.w3.org/2009/xmlenc11#aes256-gcm",
            "http://www.w3.org/2009/xmlenc11#aes128-gcm",
            Algorithms.RSA_OAEP_MGF1P);

    private SpMetadata() {}

    static String of(SamlConnection c) {
        SPSSODescriptor role = Builder.make(SPSSODescriptor.class, SPSSODescriptor.DEFAULT_ELEMENT_NAME);
        role.addSupportedProtocol(SAMLConstants.SAML20P_NS);
        role.setAuthnRequestsSigned(c.requestSigningKey() != null);
        role.setWantAssertionsSigned(true);
        SamlKey signing = c.requestSigningKey();
        if (signing != null) {
            role.getKeyDescriptors().add(key(UsageType.SIGNING, signing.certificate()));
        }
        if (!c.decryptionKeys().isEmpty()) {
            KeyDescriptor encryption =
                    key(UsageType.ENCRYPTION, c.decryptionKeys().get(0).certificate());
            for (String cipher : CIPHERS) {
                EncryptionMethod method = Builder.make(EncryptionMethod.class, EncryptionMethod.DEFAULT_ELEMENT_NAME);
                method.setAlgorithm(cipher);
                encryption.getEncryptionMethods().add(method);
            }
            role.getKeyDescriptors().add(encryption);
        }
        String sloUrl = c.sloUrl();
        if (sloUrl != null) {
            for (Ask.Binding binding : Ask.Binding.values()) {
                SingleLogoutService logout =
                        Builder.make(SingleLogoutService.class, SingleLogoutService.DEFAULT_ELEMENT_NAME);
                logout.setBinding(binding.uri());
                logout.setLocation(sloUrl);
                role.getSingleLogoutServices().add(logout);
            }
        }
        String format = c.options().nameIdFormat();
        if (format != null) {
            NameIDFormat wanted = Builder.make(NameIDFormat.class, NameIDFormat.DEFAULT_ELEMENT_NAME);
            wanted.setURI(format);
            role.getNameIDFormats().add(wanted);
        }
        AssertionConsumerService consumer =
                Builder.make(AssertionConsumerService.class, AssertionConsumerService.DEFAULT_ELEMENT_NAME);
        consumer.setBinding(Ask.Binding.POST.uri());
        consumer.setLocation(c.acsUrl());
        consumer.setIndex(0);
        consumer.setIsDefault(true);
        role.getAssertionConsumerServices().add(consumer);
        EntityDescriptor entity = Builder.make(EntityDescriptor.class, EntityDescriptor.DEFAULT_ELEMENT_NAME);
        entity.setEntityID(c.spEntityId());
        entity.getRoleDescriptors().add(role);
        return Builder.xml(entity, null);
    }

    private static KeyDescriptor key(UsageType use, X509Certificate certificate) {
        org.opensaml.xmlsec.signature.X509Certificate inside = Builder.make(
                org.opensaml.xmlsec.signature.X509Certificate.class,
                org.opensaml.xmlsec.signature.X509Certificate.DEFAULT_ELEMENT_NAME);
        try {
            inside.setValue(Wire.encode(certificate.getEncoded()));
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("the certificate cannot be encoded", e);
        }
        X509Data data = Builder.make(X509Data.class, X509Data.DEFAULT_ELEMENT_NAME);
        data.getX509Certificates().add(inside);
        KeyInfo info = Builder.make(KeyInfo.class, KeyInfo.DEFAULT_ELEMENT_NAME);
        info.getX509Datas().add(data);
        KeyDescriptor key = Builder.make(KeyDescriptor.class, KeyDescriptor.DEFAULT_ELEMENT_NAME);
        key.setUse(use);
        key.setKeyInfo(info);
        return key;
    }
}
