package dev.gatehouse.sso.saml;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;

/** Reads an assertion that has passed the gate and the signature (core 2.3.3, profiles 4.1.4.2). */
final class AssertionReader {
    private static final String UNSPECIFIED = "urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified";
    private static final String BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer";

    private final SamlConnection c;
    private final Element assertion;
    private final Expected expected;
    private final Validity validity;

    AssertionReader(SamlConnection c, Element assertion, Expected expected, Validity validity) {
        this.c = c;
        this.assertion = assertion;
        this.expected = expected;
        this.validity = validity;
    }

    SamlAssertion read() {
        Element conditions = Xml.theChild(assertion, Xml.SAML, "Conditions");
        audience(conditions);
        Instant end = XmlTime.required(Step.TIME, conditions, "NotOnOrAfter");
        validity.notBefore("NotBefore", XmlTime.optional(conditions, "NotBefore"));
        validity.notOnOrAfter("NotOnOrAfter", end);
        validity.issued(XmlTime.required(Step.TIME, assertion, "IssueInstant"));

        Element subject = Xml.theChild(assertion, Xml.SAML, "Subject");
        Instant confirmedUntil = confirmed(subject);

        Element authn = single("AuthnStatement");
        if (authn == null) {
            throw SamlRefusal.of(Step.STRUCTURE, "AuthnStatement in Assertion", "none");
        }
        Instant authnInstant = XmlTime.required(Step.TIME, authn, "AuthnInstant");
        validity.notBefore("AuthnInstant", authnInstant);
        fresh(authnInstant);
        Instant sessionEnd = XmlTime.optional(authn, "SessionNotOnOrAfter");
        validity.notOnOrAfter("SessionNotOnOrAfter", sessionEnd);
        String context = context(authn);

        Element name = Xml.theChild(subject, Xml.SAML, "NameID");
        return new SamlAssertion(
                assertion.getAttribute("ID"),
                c.idpEntityId(),
                name(c, name),
                Xml.attribute(name, "Format"),
                Xml.attribute(name, "NameQualifier"),
                Xml.attribute(name, "SPNameQualifier"),
                Xml.attribute(authn, "SessionIndex"),
                sessionEnd,
                authnInstant,
                context,
                attributes(single("AttributeStatement")),
                (confirmedUntil.isAfter(end) ? confirmedUntil : end).plus(validity.skew()));
    }

    /** Who was to be asked anew has to have been (ATTACKS S97). */
    private void fresh(Instant authnInstant) {
        Instant since = expected instanceof Expected.AnswerTo to ? to.authenticatedSince() : null;
        if (since != null && authnInstant.isBefore(since.minus(validity.skew()))) {
            throw SamlRefusal.of(Step.TIME, "AuthnInstant after " + since, "AuthnInstant " + authnInstant);
        }
    }

    /** Each restriction has to name us (core 2.5.1.4). */
    private void audience(Element conditions) {
        List<Element> restrictions = Xml.children(conditions, Xml.SAML, "AudienceRestriction");
        if (restrictions.isEmpty()) {
            throw SamlRefusal.of(Step.AUDIENCE, c.spEntityId(), "no AudienceRestriction");
        }
        for (Element restriction : restrictions) {
            List<String> audiences = Xml.children(restriction).stream()
                    .map(Element::getTextContent)
                    .toList();
            if (!audiences.contains(c.spEntityId())) {
                throw SamlRefusal.of(Step.AUDIENCE, c.spEntityId(), String.join(", ", audiences));
            }
        }
    }

    /** One confirmation has to fit altogether; why the first bearer's does not, if none does. */
    private Instant confirmed(Element subject) {
        SamlRefusal first = null;
        for (Element confirmation : Xml.children(subject, Xml.SAML, "SubjectConfirmation")) {
            if (confirmation.getAttribute("Method").equals(BEARER)) {
                try {
                    return confirmedBy(confirmation);
                } catch (SamlRefusal refusal) {
                    first = first == null ? refusal : first;
                }
            }
        }
        throw first == null
                ? SamlRefusal.of(Step.SUBJECT_CONFIRMATION, "a confirmation by bearer", "other methods")
                : first;
    }

    private Instant confirmedBy(Element confirmation) {
        Element data = Xml.child(confirmation, Xml.SAML, "SubjectConfirmationData");
        if (data == null) {
            throw SamlRefusal.of(Step.SUBJECT_CONFIRMATION, "SubjectConfirmationData", "none");
        }
        if (Xml.attribute(data, "NotBefore") != null) {
            throw SamlRefusal.of(Step.SUBJECT_CONFIRMATION, "a confirmation without NotBefore", "one with it");
        }
        Instant end = XmlTime.required(Step.SUBJECT_CONFIRMATION, data, "NotOnOrAfter");
        validity.notOnOrAfter("the confirmation's NotOnOrAfter", end);
        ResponseReader.inResponseTo(expected, data);
        String recipient = Xml.attribute(data, "Recipient");
        if (!c.acsUrl().equals(recipient)) {
            throw SamlRefusal.of(Step.RECIPIENT, c.acsUrl(), recipient == null ? "none" : recipient);
        }
        return end;
    }

    private @Nullable String context(Element authn) {
        Element context = Xml.theChild(authn, Xml.SAML, "AuthnContext");
        Element reference = Xml.child(context, Xml.SAML, "AuthnContextClassRef");
        String given = reference == null ? null : reference.getTextContent();
        String required = c.options().requiredAuthnContext();
        if (required != null && !required.equals(given)) {
            throw SamlRefusal.of(Step.AUTHN_CONTEXT, required, given == null ? "none" : given);
        }
        return given;
    }

    private @Nullable Element single(String statement) {
        List<Element> all = Xml.children(assertion, Xml.SAML, statement);
        if (all.size() > 1) {
            throw SamlRefusal.of(Step.STRUCTURE, "one " + statement, String.valueOf(all.size()));
        }
        return all.isEmpty() ? null : all.get(0);
    }

    /** A name that is meant for us, if it says for whom. */
    static String name(SamlConnection c, Element name) {
        String text = name.getTextContent();
        if (text.isBlank()) {
            throw SamlRefusal.of(Step.SUBJECT, "a NameID", "an empty one");
        }
        String qualifier = Xml.attribute(name, "SPNameQualifier");
        if (qualifier != null && !qualifier.equals(c.spEntityId())) {
            throw SamlRefusal.of(Step.SUBJECT, "a NameID for " + c.spEntityId(), "one for " + qualifier);
        }
        return text;
    }

    /** Attributes of one name are one attribute: some providers write one for each value, as Keycloak does with roles. */
    private static Map<String, List<String>> attributes(@Nullable Element statement) {
        Map<String, List<String>> attributes = new LinkedHashMap<>();
        Map<String, String> formats = new HashMap<>();
        for (Element attribute : statement == null ? List.<Element>of() : Xml.children(statement)) {
            // never by FriendlyName, which names nothing (core 2.7.3.1)
            String name = attribute.getAttribute("Name");
            String format = Objects.requireNonNullElse(Xml.attribute(attribute, "NameFormat"), UNSPECIFIED);
            if (!formats.computeIfAbsent(name, n -> format).equals(format)) {
                // two attributes, of which readers would each choose another (ATTACKS S74)
                throw SamlRefusal.of(Step.ATTRIBUTES, "each name in one format", "two of " + name);
            }
            List<String> values = attributes.computeIfAbsent(name, n -> new ArrayList<>());
            // a value's full text: the gate has seen that there is nothing in between
            Xml.children(attribute).forEach(value -> values.add(value.getTextContent()));
        }
        attributes.replaceAll((name, values) -> List.copyOf(values));
        return Collections.unmodifiableMap(attributes);
    }
}
