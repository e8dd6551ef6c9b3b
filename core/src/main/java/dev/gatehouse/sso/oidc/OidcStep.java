package dev.gatehouse.sso.oidc;

/** Steps of a sign-in with an OpenID provider, in order; what an attempt refers to by number (docs/sso.md). */
public enum OidcStep {
    /** The provider's own description is read and fits (OpenID Connect Discovery §4.3). */
    DISCOVERY(1, "Description of the provider", "The provider's description could not be used"),
    /** The provider sent a code, and not an error (RFC 6749 §4.1.2). */
    ANSWER(2, "Answer", "The provider answered with an error"),
    /** The answer is the asked provider's (RFC 9207). */
    ANSWER_ISSUER(3, "Issuer of the answer", "The answer comes from another provider"),
    /** The code was exchanged (RFC 6749 §4.1.3). */
    TOKEN(4, "Exchange of the code", "The code could not be exchanged"),
    /** The ID token is one compact JWS with an accepted algorithm (RFC 7515, RFC 8725). */
    FORM(5, "Form of the ID token", "The ID token has another form"),
    /** Its signature is by a key that the provider publishes. */
    SIGNATURE(6, "Signature", "The ID token's signature is not by a key of the provider"),
    /** It is the provider's (OpenID Connect Core §3.1.3.7). */
    ISSUER(7, "Issuer", "The ID token is another issuer's"),
    /** It is for this application. */
    AUDIENCE(8, "Audience", "The ID token is for another application"),
    /** It is in force. */
    TIME(9, "Time", "The ID token is not in force"),
    /** It answers this request. */
    NONCE(10, "Nonce", "The ID token answers another request"),
    /** The access token came with it (OpenID Connect Core §3.1.3.6). */
    ACCESS_TOKEN(11, "Access token", "The access token does not belong to the ID token"),
    /** Further claims are about the same person (OpenID Connect Core §5.3.2). */
    USER_INFO(12, "Userinfo", "Further claims could not be read, or are about somebody else"),
    /** It says who it is. */
    SUBJECT(13, "Subject", "The provider did not say who it is");

    private final int number;
    private final String heading;
    private final String title;

    OidcStep(int number, String heading, String title) {
        this.number = number;
        this.heading = heading;
        this.title = title;
    }

    /** What it looks at. */
    public String heading() {
        return heading;
    }

    /** What is told when it fails. */
    public String title() {
        return title;
    }

    /** Its place, from 1. */
    public int number() {
        return number;
    }
}
