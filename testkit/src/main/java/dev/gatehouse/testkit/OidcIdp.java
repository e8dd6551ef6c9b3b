package dev.gatehouse.testkit;

import java.net.URI;
import java.time.Clock;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An OpenID provider for tests, in the JVM of the test: it listens at a port of loopback, signs in whom the test said, without
 * asking, and sends the browser back to whoever asked. By itself it behaves; told to, it misbehaves, so that a test can see a
 * sign-in refused. Its sister is {@link SamlIdp}.
 *
 * <pre>{@code
 * try (OidcIdp idp = OidcIdp.start()) {
 *     idp.user("ada", Map.of("email", "ada@example.com", "groups", List.of("admins")));
 *     // configure a connection from idp.issuer(), idp.clientId() and idp.clientSecret(), and let a browser start to
 *     // sign in; or without one:
 *     String back = idp.signIn(redirectUrl); // where it would send the browser
 *     idp.misbehave(OidcIdp.Misbehaviour.WRONG_NONCE);
 *     // now sign-ins fail at step 10
 * }
 * }</pre>
 *
 * <p>It speaks the authorization code flow with PKCE and no other, and knows one application, by its secret or its keys.
 * Settings hold until they are changed; they are not for many threads at once, while the endpoints are. Who uses it may keep
 * what it said: Gatehouse reads its description again after an hour, and its keys after 30 seconds at the earliest.
 */
public final class OidcIdp implements AutoCloseable {
    /** What it does wrong. */
    public enum Misbehaviour {
        /** Its description is about another issuer. */
        WRONG_DISCOVERY_ISSUER,
        /** Says that the person may not sign in. */
        DENIED,
        /** Sends the browser back in another provider's name (RFC 9207). */
        WRONG_ISS_PARAMETER,
        /** Sends the browser back in no name, although it promised to. */
        NO_ISS_PARAMETER,
        /** Exchanges no code. */
        CODE_REFUSED,
        /** Answers no exchange of a code for ten seconds. */
        SLOW,
        /** Answers an exchange with two megabytes. */
        HUGE,
        /** Redirects an exchange to another address, which would answer it. */
        REDIRECTING,
        /** Signs nothing, and says so. */
        ALG_NONE,
        /** Signs with its public key, as if that were a secret. */
        HMAC_WITH_PUBLIC_KEY,
        /** Signs with a key that is not in its set, by the name of one that is. */
        WRONG_KEY,
        /** Calls itself otherwise in tokens. */
        WRONG_ISSUER,
        /** Means another application. */
        WRONG_AUDIENCE,
        /** Means this application and another one, to which it gave the token. */
        WRONG_PARTY,
        /** Its tokens ended an hour ago. */
        EXPIRED,
        /** Its tokens begin in an hour. */
        NOT_YET_VALID,
        /** Answers another request. */
        WRONG_NONCE,
        /** Does not say which request it answers. */
        NO_NONCE,
        /** Sends an access token that the ID token is not about. */
        WRONG_AT_HASH,
        /** Says the rest at its userinfo endpoint, about somebody else. */
        OTHER_SUBJECT,
        /** Says the rest at its userinfo endpoint, which fails. */
        USERINFO_DOWN,
        /** Does not say who it is. */
        NO_SUBJECT,
        /** Gives no address. */
        NO_EMAIL,
        /** Does not vouch for the address. */
        UNVERIFIED_EMAIL
    }

    private final OidcBehaviour behaviour = new OidcBehaviour();
    private final OidcEndpoints endpoints;

    private OidcIdp(Clock clock) {
        endpoints = new OidcEndpoints(behaviour, clock);
    }

    /** One that goes by the system's clock. */
    public static OidcIdp start() {
        return start(Clock.systemUTC());
    }

    /** One that goes by this clock, such as a {@link SteerableClock}. */
    public static OidcIdp start(Clock clock) {
        return new OidcIdp(clock);
    }

    /** Its issuer, below which its description lies. */
    public String issuer() {
        return endpoints.issuer();
    }

    /** Where browsers go to sign out. */
    public String endSessionUrl() {
        return endpoints.url("/logout");
    }

    /** The application that it knows. */
    public String clientId() {
        return behaviour.clientId;
    }

    /** The secret that it gave to the application. */
    public String clientSecret() {
        return behaviour.clientSecret;
    }

    /** Knows this application alone, by a secret: {@code client_secret_basic} or {@code client_secret_post}. */
    public OidcIdp client(String id, String secret) {
        behaviour.clientId = id;
        behaviour.clientSecret = secret;
        behaviour.clientKeys = null;
        return this;
    }

    /** Knows the application by its keys alone, which are read at this address: {@code private_key_jwt}. */
    public OidcIdp clientKeys(String jwksUri) {
        behaviour.clientKeys = jwksUri;
        return this;
    }

    /**
     * Who signs in from now on.
     *
     * @param subject by which it knows the person
     * @param claims what is said of the person; an address counts as verified unless {@code email_verified} says otherwise
     */
    public OidcIdp user(String subject, Map<String, ?> claims) {
        behaviour.subject = subject;
        behaviour.person = new LinkedHashMap<>(claims);
        return this;
    }

    /** Says in ID tokens no more than the subject, as many providers do: the rest is at the userinfo endpoint. */
    public OidcIdp thinTokens() {
        behaviour.thin = true;
        return this;
    }

    /** Signs with a new RSA key from now on; those before stay in its set. */
    public OidcIdp rotateKeys() {
        return rotateKeys("RS256");
    }

    /** Signs with a new key for {@code RS256}, {@code PS256} or {@code ES256} from now on; those before stay in its set. */
    public OidcIdp rotateKeys(String algorithm) {
        endpoints.keys.add(0, OidcKey.make(algorithm));
        return this;
    }

    /** Takes all keys but the newest out of its set. */
    public OidcIdp forgetOldKeys() {
        endpoints.keys.retainAll(List.of(endpoints.keys.get(0)));
        return this;
    }

    /** Does this wrong from now on, and nothing else. */
    public OidcIdp misbehave(Misbehaviour... how) {
        behaviour.misbehaves = EnumSet.noneOf(Misbehaviour.class);
        behaviour.misbehaves.addAll(List.of(how));
        return this;
    }

    /** Changes its description. */
    public OidcIdp discovery(Consumer<Map<String, Object>> change) {
        behaviour.discovery = change;
        return this;
    }

    /** Changes headers of ID tokens and logout tokens before they are signed; the key and how it signs stay. */
    public OidcIdp header(Consumer<Map<String, Object>> change) {
        behaviour.header = change;
        return this;
    }

    /** Changes claims of ID tokens and logout tokens before they are signed. */
    public OidcIdp claims(Consumer<Map<String, Object>> change) {
        behaviour.claims = change;
        return this;
    }

    /** Changes the text of ID tokens and logout tokens after they were signed. */
    public OidcIdp wire(UnaryOperator<String> change) {
        behaviour.wire = change;
        return this;
    }

    /** Changes what its token endpoint answers. */
    public OidcIdp tokenAnswer(Consumer<Map<String, Object>> change) {
        behaviour.tokens = change;
        return this;
    }

    /** Changes what its userinfo endpoint answers; it is asked only where an ID token lacks the address. */
    public OidcIdp userInfo(Consumer<Map<String, Object>> change) {
        behaviour.userInfo = change;
        return this;
    }

    /** Does nothing wrong any more; who signs in, the application and keys stay. */
    public OidcIdp honest() {
        misbehave();
        return discovery(members -> {})
                .header(members -> {})
                .claims(members -> {})
                .wire(UnaryOperator.identity())
                .tokenAnswer(members -> {})
                .userInfo(members -> {});
    }

    /**
     * Signs in: where it would send the browser for a request.
     *
     * @param redirectUrl where the application sent the browser
     * @throws IllegalArgumentException for a request that it would answer with a page of its own
     */
    public String signIn(String redirectUrl) {
        return endpoints.location(Loopback.parameters(URI.create(redirectUrl).getRawQuery()));
    }

    /** Parameters of the newest request to sign in, such as {@code login_hint}; empty if there was none. */
    public Map<String, String> lastRequest() {
        return endpoints.lastRequest;
    }

    /** A logout token about the newest sign-in. */
    public String logoutToken() {
        OidcTokens.Grant last = endpoints.lastGrant;
        if (last == null) {
            throw new IllegalStateException("nobody has signed in");
        }
        return logoutToken(last.subject(), last.sessionId());
    }

    /**
     * A logout token.
     *
     * @param subject whose sessions end; null where the session says it
     * @param sessionId {@code sid} of an ID token; null for all sessions of the person
     */
    public String logoutToken(@Nullable String subject, @Nullable String sessionId) {
        return endpoints.logoutToken(subject, sessionId);
    }

    /**
     * Ends the newest sign-in from its side (OpenID Connect Back-Channel Logout).
     *
     * @param backchannelLogoutUri the application's
     * @return status of the answer: 200 if the session ended, 400 if the token was refused
     */
    public int logout(String backchannelLogoutUri) {
        return endpoints.clients.post(backchannelLogoutUri, "logout_token=" + logoutToken());
    }

    @Override
    public void close() {
        endpoints.close();
    }
}
