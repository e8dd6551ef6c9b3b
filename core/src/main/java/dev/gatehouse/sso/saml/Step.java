package dev.gatehouse.sso.saml;

import java.util.Locale;

/**
 * The checks of a message in their order, numbered: what an administrator is told when a sign-in fails, and what docs/saml.md
 * explains. Numbers and names stay what they are; new steps come at the end.
 */
public enum Step {
    /** Size, Base64 (bindings 3.5.4), deflate (bindings 3.4.4.1). */
    ENCODING(1, "Encoding", "The message has to be plain Base64, complete and of a sensible size."),
    /** Well-formed XML in UTF-8 without a document type. */
    XML(2, "XML", "The message has to be well-formed XML in UTF-8 without a document type declaration."),
    /** The gate: every element, attribute and text in its place, and nothing else. */
    STRUCTURE(
            3,
            "Structure",
            "The message has to hold exactly the elements that SAML 2.0 gives it, each in its place, with one assertion,"
                    + " and without comments, extensions or anything that could be read in two ways."),
    /** Core 3.2.2.2. */
    STATUS(4, "Status", "The identity provider has to say that the sign-in succeeded."),
    /** Allowed algorithms and sizes of keys. */
    ALGORITHM(
            5,
            "Algorithms",
            "The message has to be signed and encrypted with algorithms and keys that this connection allows; set the"
                    + " identity provider to SHA-256, and to AES-GCM with RSA-OAEP if it encrypts."),
    /** XML Encryption; one refusal for all that can go wrong. */
    DECRYPTION(
            6,
            "Decryption",
            "The encrypted assertion has to be readable with this connection's key; give the identity provider the"
                    + " certificate of the service provider's metadata."),
    /** Core 5, XML Signature. */
    SIGNATURE(
            7,
            "Signature",
            "The assertion has to carry a valid signature by one of the certificates that are configured for this"
                    + " connection; compare them with those of the identity provider."),
    /** Profiles 4.1.4.2. */
    ISSUER(
            8,
            "Issuer",
            "Response and assertion have to come from the identity provider whose entity id is configured; copy it"
                    + " exactly as the identity provider shows it."),
    /** Core 3.2.2, bindings 3.5.5.2. */
    DESTINATION(
            9,
            "Destination",
            "The message has to be addressed to this connection's assertion consumer URL, character by character."),
    /** Core 2.5.1.4. */
    AUDIENCE(
            10,
            "Audience",
            "The assertion has to be meant for this service provider; set the audience at the identity provider to the"
                    + " service provider's entity id."),
    /** Core 2.5.1.2, 1.3.3. */
    TIME(
            11,
            "Time",
            "The assertion has to be valid now; check that the identity provider's clock is right and that the page was"
                    + " not left open for too long."),
    /** Profiles 4.1.4.3 and 4.1.5. */
    IN_RESPONSE_TO(
            12,
            "Answer to the request",
            "The response has to answer the request that was sent, or, where sign-in may begin at the identity provider,"
                    + " none."),
    /** Profiles 4.1.4.2: the bearer's confirmation. */
    SUBJECT_CONFIRMATION(
            13,
            "Subject confirmation",
            "The assertion has to confirm its subject as bearer, with an end of validity and without a beginning."),
    /** Profiles 4.1.4.2. */
    RECIPIENT(
            14,
            "Recipient",
            "The subject's confirmation has to name this connection's assertion consumer URL as recipient, character by"
                    + " character."),
    /** Core 2.7.2.2. */
    AUTHN_CONTEXT(
            15,
            "Authentication context",
            "The identity provider has to say that the person signed in in the way that this connection requires."),
    /** Core 2.2.3. */
    SUBJECT(16, "Name identifier", "The assertion has to name its subject with a name identifier that is not empty."),
    /** Core 2.7.3. */
    ATTRIBUTES(
            17,
            "Attributes",
            "Attributes of one name have to have one name format, and what stands for the address or the identifier one"
                    + " value; several could be read in two ways."),
    /** Profiles 4.1.4.5: an assertion counts once. Checked by who remembers assertions. */
    REPLAY(18, "Replay", "Each assertion is accepted once; sign in again instead of reloading the page."),
    /** Metadata 2.0, when a connection is configured. */
    METADATA(
            19,
            "Metadata",
            "The metadata has to describe one identity provider with current signing certificates and HTTPS addresses.");

    private final int number;
    private final String title;
    private final String explanation;

    Step(int number, String title, String explanation) {
        this.number = number;
        this.title = title;
        this.explanation = explanation;
    }

    /** Its place in the order, from 1. */
    public int number() {
        return number;
    }

    /** For reason codes in audit and logs: the name in lower case, such as {@code in_response_to}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** A few words for a heading, in English. */
    public String title() {
        return title;
    }

    /** One sentence for the connection's administrator, in English: what has to be, and what to do about it. */
    public String explanation() {
        return explanation;
    }
}
