package dev.gatehouse.sso.saml;

import static dev.gatehouse.sso.saml.Shape.MANY;
import static dev.gatehouse.sso.saml.Shape.any;
import static dev.gatehouse.sso.saml.Shape.one;
import static dev.gatehouse.sso.saml.Shape.optional;
import static dev.gatehouse.sso.saml.Shape.some;
import static dev.gatehouse.sso.saml.Xml.DSIG;
import static dev.gatehouse.sso.saml.Xml.DSIG11;
import static dev.gatehouse.sso.saml.Xml.EXC_C14N;
import static dev.gatehouse.sso.saml.Xml.PROTOCOL;
import static dev.gatehouse.sso.saml.Xml.SAML;
import static dev.gatehouse.sso.saml.Xml.XENC;
import static dev.gatehouse.sso.saml.Xml.XENC11;

/**
 * The messages that are read, as the schemas of SAML 2.0 have them less what is not needed for single sign-on: extensions,
 * advice, details of a status, encrypted names and attributes, statements of other kinds.
 */
final class Grammar {
    private static final String XSI = "http://www.w3.org/2001/XMLSchema-instance";
    private static final String LANG = "{http://www.w3.org/XML/1998/namespace}lang";

    /** Vendors put these on attributes: the LDAP profile (profiles 8.2.4), and AD FS. */
    private static final String[] OF_ATTRIBUTE = {
        "NameFormat",
        "FriendlyName",
        "{urn:oasis:names:tc:SAML:2.0:profiles:attribute:X500}Encoding",
        "{http://schemas.xmlsoap.org/ws/2009/09/identity/claims}OriginalIssuer"
    };

    private static final String[] OF_NAME = {"Format", "NameQualifier", "SPNameQualifier", "SPProvidedID"};

    private Grammar() {}

    private static final Shape INCLUSIVE = Shape.empty().allows("PrefixList");

    /** Named by its algorithm; exclusive canonicalization has a list of prefixes. */
    private static final Shape CANONICAL =
            Shape.of(optional(EXC_C14N, "InclusiveNamespaces", INCLUSIVE)).requires("Algorithm");

    private static final Shape ALGORITHM = Shape.empty().requires("Algorithm");

    private static final Shape REFERENCE = Shape.of(
                    one(DSIG, "Transforms", Shape.of(some(2, 2, DSIG, "Transform", CANONICAL))),
                    one(DSIG, "DigestMethod", ALGORITHM),
                    one(DSIG, "DigestValue", Shape.written()))
            .requires("URI")
            .allows("Id");

    private static final Shape SIGNED_INFO = Shape.of(
                    one(DSIG, "CanonicalizationMethod", CANONICAL),
                    one(DSIG, "SignatureMethod", ALGORITHM),
                    one(DSIG, "Reference", REFERENCE))
            .allows("Id");

    private static final Shape CERTIFICATES = Shape.of(any(
            1,
            MANY,
            optional(
                    DSIG,
                    "X509IssuerSerial",
                    Shape.of(
                            one(DSIG, "X509IssuerName", Shape.written()),
                            one(DSIG, "X509SerialNumber", Shape.written()))),
            optional(DSIG, "X509SKI", Shape.written()),
            optional(DSIG, "X509SubjectName", Shape.written()),
            optional(DSIG, "X509Certificate", Shape.written()),
            optional(DSIG, "X509CRL", Shape.written()),
            optional(DSIG11, "X509Digest", Shape.written("Algorithm"))));

    private static final Shape KEY_VALUE = Shape.of(any(
            1,
            1,
            optional(
                    DSIG,
                    "RSAKeyValue",
                    Shape.of(one(DSIG, "Modulus", Shape.written()), one(DSIG, "Exponent", Shape.written()))),
            optional(
                    DSIG11,
                    "ECKeyValue",
                    Shape.of(
                            one(DSIG11, "NamedCurve", Shape.empty().requires("URI")),
                            one(DSIG11, "PublicKey", Shape.written())))));

    /** Names a key; never read, for the keys are the connection's. */
    private static final Shape KEY_INFO = Shape.of(any(
                    1,
                    8,
                    optional(DSIG, "KeyName", Shape.written()),
                    optional(DSIG, "KeyValue", KEY_VALUE),
                    optional(DSIG, "X509Data", CERTIFICATES)))
            .allows("Id");

    private static final Shape SIGNATURE = Shape.of(
                    one(DSIG, "SignedInfo", SIGNED_INFO),
                    one(DSIG, "SignatureValue", Shape.written("Id")),
                    optional(DSIG, "KeyInfo", KEY_INFO))
            .allows("Id");

    /** Where some providers put it against the schema, Auth0 for one; there is one signature in all, see {@link Gate}. */
    private static final Shape.Slot SIGNATURE_LAST = optional(DSIG, "Signature", SIGNATURE);

    private static final Shape ISSUER = Shape.written(OF_NAME);
    private static final Shape NAME = Shape.written(OF_NAME);

    private static final Shape STATUS = Shape.of(
            one(
                    PROTOCOL,
                    "StatusCode",
                    Shape.of(optional(
                                    PROTOCOL,
                                    "StatusCode",
                                    Shape.of(optional(
                                                    PROTOCOL,
                                                    "StatusCode",
                                                    Shape.empty().requires("Value")))
                                            .requires("Value")))
                            .requires("Value")),
            optional(PROTOCOL, "StatusMessage", Shape.written(LANG)),
            optional(PROTOCOL, "StatusDetail", Shape.empty()));

    private static final Shape CONFIRMATION = Shape.of(
                    optional(SAML, "NameID", NAME),
                    optional(
                            SAML,
                            "SubjectConfirmationData",
                            Shape.empty().allows("NotBefore", "NotOnOrAfter", "Recipient", "InResponseTo", "Address")))
            .requires("Method");

    private static final Shape CONDITIONS = Shape.of(any(
                    0,
                    16,
                    optional(SAML, "AudienceRestriction", Shape.of(some(1, 64, SAML, "Audience", Shape.written()))),
                    optional(SAML, "OneTimeUse", Shape.empty()),
                    optional(
                            SAML,
                            "ProxyRestriction",
                            Shape.of(some(0, 64, SAML, "Audience", Shape.written()))
                                    .allows("Count"))))
            .allows("NotBefore", "NotOnOrAfter");

    private static final Shape AUTHN_STATEMENT = Shape.of(
                    optional(SAML, "SubjectLocality", Shape.empty().allows("Address", "DNSName")),
                    one(
                            SAML,
                            "AuthnContext",
                            Shape.of(
                                    optional(SAML, "AuthnContextClassRef", Shape.written()),
                                    optional(SAML, "AuthnContextDeclRef", Shape.written()),
                                    some(0, 16, SAML, "AuthenticatingAuthority", Shape.written()))))
            .requires("AuthnInstant")
            .allows("SessionIndex", "SessionNotOnOrAfter");

    /** Text, or a name identifier as eduPersonTargetedID has it. */
    private static final Shape VALUE = Shape.of(optional(SAML, "NameID", NAME))
            .allows(Shape.attribute(XSI, "type"), Shape.attribute(XSI, "nil"), LANG)
            .orText();

    private static final Shape ATTRIBUTES = Shape.of(some(
            0,
            MANY,
            SAML,
            "Attribute",
            Shape.of(some(0, MANY, SAML, "AttributeValue", VALUE))
                    .requires("Name")
                    .allows(OF_ATTRIBUTE)));

    private static final Shape KEY_ENCRYPTION = Shape.of(any(
                    0,
                    4,
                    optional(XENC, "KeySize", Shape.written()),
                    optional(XENC, "OAEPparams", Shape.written()),
                    optional(DSIG, "DigestMethod", ALGORITHM),
                    optional(XENC11, "MGF", ALGORITHM)))
            .requires("Algorithm");

    private static final Shape CIPHER = Shape.of(one(XENC, "CipherValue", Shape.written()));

    private static final Shape ENCRYPTED_KEY = Shape.of(
                    one(XENC, "EncryptionMethod", KEY_ENCRYPTION),
                    optional(DSIG, "KeyInfo", KEY_INFO),
                    one(XENC, "CipherData", CIPHER),
                    optional(
                            XENC,
                            "ReferenceList",
                            Shape.of(some(
                                    1, 1, XENC, "DataReference", Shape.empty().requires("URI")))),
                    optional(XENC, "CarriedKeyName", Shape.written()))
            .allows("Id", "Recipient", "Type", "MimeType", "Encoding");

    /** The key is inside, or beside it: then a retrieval method may say so, which is not followed. */
    private static final Shape ENCRYPTED_DATA = Shape.of(
                    one(
                            XENC,
                            "EncryptionMethod",
                            Shape.of(optional(XENC, "KeySize", Shape.written())).requires("Algorithm")),
                    optional(
                            DSIG,
                            "KeyInfo",
                            Shape.of(any(
                                    1,
                                    1,
                                    optional(XENC, "EncryptedKey", ENCRYPTED_KEY),
                                    optional(
                                            DSIG,
                                            "RetrievalMethod",
                                            Shape.empty().requires("URI").allows("Type"))))),
                    one(XENC, "CipherData", CIPHER))
            .allows("Id", "Type", "MimeType", "Encoding");

    private static final Shape ENCRYPTED =
            Shape.of(one(XENC, "EncryptedData", ENCRYPTED_DATA), optional(XENC, "EncryptedKey", ENCRYPTED_KEY));

    private static final String[] OF_MESSAGE = {"Destination", "Consent", "InResponseTo"};

    static final Shape ASSERTION = Shape.of(
                    one(SAML, "Issuer", ISSUER),
                    optional(DSIG, "Signature", SIGNATURE),
                    one(
                            SAML,
                            "Subject",
                            Shape.of(one(SAML, "NameID", NAME), some(1, 8, SAML, "SubjectConfirmation", CONFIRMATION))),
                    one(SAML, "Conditions", CONDITIONS),
                    optional(SAML, "Advice", Shape.empty()),
                    any(
                            1,
                            2,
                            optional(SAML, "AuthnStatement", AUTHN_STATEMENT),
                            optional(SAML, "AttributeStatement", ATTRIBUTES)),
                    SIGNATURE_LAST)
            .requires("ID", "Version", "IssueInstant");

    static final Shape RESPONSE = Shape.of(
                    one(SAML, "Issuer", ISSUER),
                    optional(DSIG, "Signature", SIGNATURE),
                    optional(PROTOCOL, "Extensions", Shape.empty()),
                    one(PROTOCOL, "Status", STATUS),
                    any(0, 1, optional(SAML, "Assertion", ASSERTION), optional(SAML, "EncryptedAssertion", ENCRYPTED)),
                    SIGNATURE_LAST)
            .requires("ID", "Version", "IssueInstant")
            .allows(OF_MESSAGE);

    static final Shape LOGOUT_REQUEST = Shape.of(
                    one(SAML, "Issuer", ISSUER),
                    optional(DSIG, "Signature", SIGNATURE),
                    optional(PROTOCOL, "Extensions", Shape.empty()),
                    one(SAML, "NameID", NAME),
                    some(0, 64, PROTOCOL, "SessionIndex", Shape.written()))
            .requires("ID", "Version", "IssueInstant")
            .allows("Destination", "Consent", "Reason", "NotOnOrAfter");

    static final Shape LOGOUT_RESPONSE = Shape.of(
                    one(SAML, "Issuer", ISSUER),
                    optional(DSIG, "Signature", SIGNATURE),
                    optional(PROTOCOL, "Extensions", Shape.empty()),
                    one(PROTOCOL, "Status", STATUS))
            .requires("ID", "Version", "IssueInstant")
            .allows(OF_MESSAGE);
}
