package dev.gatehouse.sso.saml;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import javax.xml.namespace.QName;
import net.shibboleth.utilities.java.support.xml.SerializeSupport;
import org.jspecify.annotations.Nullable;
import org.opensaml.core.xml.XMLObject;
import org.opensaml.core.xml.config.XMLObjectProviderRegistrySupport;
import org.opensaml.core.xml.io.Marshaller;
import org.opensaml.core.xml.io.MarshallingException;
import org.opensaml.saml.common.SAMLVersion;
import org.opensaml.saml.common.SignableSAMLObject;
import org.opensaml.saml.saml2.core.AuthnContextClassRef;
import org.opensaml.saml.saml2.core.AuthnContextComparisonTypeEnumeration;
import org.opensaml.saml.saml2.core.Issuer;
import org.opensaml.saml.saml2.core.LogoutRequest;
import org.opensaml.saml.saml2.core.LogoutResponse;
import org.opensaml.saml.saml2.core.NameID;
import org.opensaml.saml.saml2.core.NameIDPolicy;
import org.opensaml.saml.saml2.core.NameIDType;
import org.opensaml.saml.saml2.core.RequestAbstractType;
import org.opensaml.saml.saml2.core.RequestedAuthnContext;
import org.opensaml.saml.saml2.core.SessionIndex;
import org.opensaml.saml.saml2.core.Status;
import org.opensaml.saml.saml2.core.StatusCode;
import org.opensaml.saml.saml2.core.Subject;
import org.opensaml.security.x509.BasicX509Credential;
import org.opensaml.xmlsec.signature.Signature;
import org.opensaml.xmlsec.signature.support.SignatureException;
import org.opensaml.xmlsec.signature.support.Signer;

/**
 * Builds the messages that we send, with OpenSAML. OpenSAML's types stay in here and in {@link SpMetadata}, so that nobody loads
 * them who has no SAML.
 */
final class Builder {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int ID_BYTES = 20;

    private Builder() {}

    /** An identifier that nobody guesses (core 1.3.4). */
    static String id() {
        byte[] bytes = new byte[ID_BYTES];
        RANDOM.nextBytes(bytes);
        return "_" + HexFormat.of().formatHex(bytes);
    }

    /** A message as it is sent. */
    record Message(String id, String xml) {}

    /** @param key signs inside; null not to */
    static Message authnRequest(SamlConnection c, Ask ask, Instant now, @Nullable SamlKey key) {
        org.opensaml.saml.saml2.core.AuthnRequest request = make(
                org.opensaml.saml.saml2.core.AuthnRequest.class,
                org.opensaml.saml.saml2.core.AuthnRequest.DEFAULT_ELEMENT_NAME);
        base(request, c, c.idpSsoUrl(), now);
        request.setAssertionConsumerServiceURL(c.acsUrl());
        request.setProtocolBinding(Ask.Binding.POST.uri());
        if (ask.forceAuthn() || c.options().forceAuthn()) {
            request.setForceAuthn(true);
        }
        String hint = ask.loginHint();
        if (hint != null) {
            Subject subject = make(Subject.class, Subject.DEFAULT_ELEMENT_NAME);
            subject.setNameID(
                    name(hint, hint.indexOf('@') < 0 ? NameIDType.UNSPECIFIED : NameIDType.EMAIL, null, null));
            request.setSubject(subject);
        }
        String format = c.options().nameIdFormat();
        if (format != null) {
            NameIDPolicy policy = make(NameIDPolicy.class, NameIDPolicy.DEFAULT_ELEMENT_NAME);
            policy.setFormat(format);
            policy.setAllowCreate(true);
            request.setNameIDPolicy(policy);
        }
        String context = c.options().requiredAuthnContext();
        if (context != null) {
            RequestedAuthnContext requested =
                    make(RequestedAuthnContext.class, RequestedAuthnContext.DEFAULT_ELEMENT_NAME);
            requested.setComparison(AuthnContextComparisonTypeEnumeration.EXACT);
            AuthnContextClassRef reference =
                    make(AuthnContextClassRef.class, AuthnContextClassRef.DEFAULT_ELEMENT_NAME);
            reference.setURI(context);
            requested.getAuthnContextClassRefs().add(reference);
            request.setRequestedAuthnContext(requested);
        }
        return new Message(String.valueOf(request.getID()), xml(request, key));
    }

    static Message logoutRequest(SamlConnection c, String to, SamlLogout.Name of, List<String> sessions, Instant now) {
        LogoutRequest request = make(LogoutRequest.class, LogoutRequest.DEFAULT_ELEMENT_NAME);
        base(request, c, to, now);
        request.setNotOnOrAfter(now.truncatedTo(ChronoUnit.SECONDS).plus(SamlLogout.LIFETIME));
        request.setNameID(name(of.value(), of.format(), of.nameQualifier(), of.spNameQualifier()));
        for (String session : sessions) {
            SessionIndex index = make(SessionIndex.class, SessionIndex.DEFAULT_ELEMENT_NAME);
            index.setValue(session);
            request.getSessionIndexes().add(index);
        }
        return new Message(String.valueOf(request.getID()), xml(request, null));
    }

    static Message logoutResponse(SamlConnection c, String to, String requestId, boolean success, Instant now) {
        LogoutResponse response = make(LogoutResponse.class, LogoutResponse.DEFAULT_ELEMENT_NAME);
        response.setID(id());
        response.setVersion(SAMLVersion.VERSION_20);
        response.setIssueInstant(now.truncatedTo(ChronoUnit.SECONDS));
        response.setDestination(to);
        response.setInResponseTo(requestId);
        response.setIssuer(issuer(c));
        Status status = make(Status.class, Status.DEFAULT_ELEMENT_NAME);
        StatusCode code = make(StatusCode.class, StatusCode.DEFAULT_ELEMENT_NAME);
        code.setValue(success ? StatusCode.SUCCESS : StatusCode.RESPONDER);
        status.setStatusCode(code);
        response.setStatus(status);
        return new Message(String.valueOf(response.getID()), xml(response, null));
    }

    /** The message as text, signed inside if a key is given. */
    static String xml(XMLObject message, @Nullable SamlKey key) {
        Marshaller marshaller = Objects.requireNonNull(
                XMLObjectProviderRegistrySupport.getMarshallerFactory().getMarshaller(message));
        try {
            if (key != null && message instanceof SignableSAMLObject signable) {
                Signature signature = make(Signature.class, Signature.DEFAULT_ELEMENT_NAME);
                signature.setSigningCredential(new BasicX509Credential(key.certificate(), key.privateKey()));
                signature.setSignatureAlgorithm(Query.algorithm(key));
                signature.setCanonicalizationAlgorithm(Xml.EXC_C14N);
                signable.setSignature(signature);
                marshaller.marshall(message, Parsers.empty());
                Signer.signObject(signature);
            } else {
                marshaller.marshall(message, Parsers.empty());
            }
            return SerializeSupport.nodeToString(Objects.requireNonNull(message.getDOM()));
        } catch (MarshallingException | SignatureException e) {
            throw new IllegalStateException("the message cannot be built", e);
        }
    }

    static <T extends XMLObject> T make(Class<T> kind, QName name) {
        OpenSaml.ready();
        return kind.cast(Objects.requireNonNull(
                        XMLObjectProviderRegistrySupport.getBuilderFactory().getBuilder(name))
                .buildObject(name));
    }

    private static void base(RequestAbstractType request, SamlConnection c, String to, Instant now) {
        request.setID(id());
        request.setVersion(SAMLVersion.VERSION_20);
        request.setIssueInstant(now.truncatedTo(ChronoUnit.SECONDS));
        request.setDestination(to);
        request.setIssuer(issuer(c));
    }

    private static Issuer issuer(SamlConnection c) {
        Issuer issuer = make(Issuer.class, Issuer.DEFAULT_ELEMENT_NAME);
        issuer.setValue(c.spEntityId());
        return issuer;
    }

    private static NameID name(
            String value, @Nullable String format, @Nullable String qualifier, @Nullable String spQualifier) {
        NameID name = make(NameID.class, NameID.DEFAULT_ELEMENT_NAME);
        name.setValue(value);
        name.setFormat(format);
        name.setNameQualifier(qualifier);
        name.setSPNameQualifier(spQualifier);
        return name;
    }
}
