package dev.gatehouse.sso.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.RSAKey;
import dev.gatehouse.crypto.RandomTokens;
import dev.gatehouse.engine.Json;
import dev.gatehouse.spi.Outbound;
import dev.gatehouse.testkit.SamlKeys;
import dev.gatehouse.testkit.SeededKeys;
import dev.gatehouse.testkit.SignedText;
import dev.gatehouse.testkit.SteerableClock;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads whatever an OpenID provider, or somebody in its place, could send, and sees that it is read or refused, and that whoever
 * is accepted is whom the provider's key signed.
 */
final class OidcProbe {
    static final String ISSUER = "https://idp.example.com";
    static final String CLIENT = "client-at-idp";
    static final String NONCE = "nonce-1";
    private static final SamlKeys PROVIDER = SeededKeys.rsa(3);
    private static final String TOKENS = ISSUER + "/token";
    private static final String KEYS = ISSUER + "/keys";
    private static final String HEADER = "{\"alg\":\"RS256\",\"kid\":\"key-1\"}";
    private static final Metadata METADATA =
            new Metadata(ISSUER, ISSUER + "/authorize", TOKENS, KEYS, ISSUER + "/userinfo", null, false);
    private static final Metadata OAUTH =
            new Metadata(ISSUER, ISSUER + "/authorize", TOKENS, null, ISSUER + "/userinfo", null, false);
    private static final OidcClient WE = new OidcClient(
            ISSUER,
            CLIENT,
            "secret",
            "client_secret_post",
            null,
            null,
            "https://app.example.com/cb",
            List.of(),
            List.of());

    private final Json json = new Json();
    private final SteerableClock clock = new SteerableClock();
    private final RandomTokens random = new RandomTokens();
    // keeps the provider's keys, as one that runs for long does
    private final RelyingParty party = party(this::said);
    private byte[] answer = new byte[0];

    static String keySet() {
        RSAKey key = new RSAKey.Builder((RSAPublicKey) PROVIDER.certificate().getPublicKey())
                .keyID("key-1")
                .build();
        return "{\"keys\":[" + key.toJSONString() + "]}";
    }

    static String signed(String claims) {
        return SignedText.of(PROVIDER.privateKey(), bytes(HEADER), bytes(claims));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private RelyingParty party(Outbound outbound) {
        return new RelyingParty(outbound, json, clock, random);
    }

    private Outbound.Response said(Outbound.Request request) {
        byte[] body = request.uri().equals(URI.create(KEYS)) ? bytes(keySet()) : answer;
        return new Outbound.Response(200, Map.of(), body);
    }

    /** Whether a token signs somebody in, or out. */
    boolean token(String token) {
        answer = json.bytes(Map.of("access_token", "access", "id_token", token));
        boolean in = identity(METADATA);
        return out(party, token) || in;
    }

    private boolean identity(Metadata metadata) {
        RelyingParty.Answer code = new RelyingParty.Answer("code", null, null);
        try {
            OidcIdentity read =
                    party.identity(WE, metadata, code, new RelyingParty.Sent(NONCE, "verifier", null, false));
            if (metadata.jwksUri() != null) {
                assertThat(read.subject()).isNotEmpty().hasSizeLessThanOrEqualTo(255);
                assertThat(read.claims().path("iss").textValue()).isEqualTo(ISSUER);
                assertThat(read.claims().path("nonce").textValue()).isEqualTo(NONCE);
                assertThat(read.claims().path("aud").toString()).contains(CLIENT);
            }
            return true;
        } catch (OidcRefusal refusal) {
            return refused(refusal);
        }
    }

    private static boolean out(RelyingParty by, String token) {
        try {
            RelyingParty.Logout read = by.logout(WE, METADATA, token);
            assertThat(read.tokenId()).isNotEmpty();
            assertThat(read.subject() == null && read.sessionId() == null).isFalse();
            return true;
        } catch (OidcRefusal refusal) {
            return refused(refusal);
        }
    }

    private static boolean refused(OidcRefusal refusal) {
        assertThat(refusal.step()).isNotNull();
        @Nullable String found = refusal.found();
        assertThat(found == null ? 0 : found.length()).isLessThanOrEqualTo(300);
        return false;
    }

    /** Whether a header and claims, parted by a line, are accepted once the provider's key signed them. */
    boolean signedParts(byte[] parts) {
        return token(SignedText.of(PROVIDER.privateKey(), parts));
    }

    /** Whether an answer of the token endpoint, and of the userinfo endpoint, names somebody. */
    boolean answer(byte[] body) {
        answer = body;
        boolean openid = identity(METADATA);
        return identity(OAUTH) || openid;
    }

    /** Whether a description below the issuer can be used. */
    boolean description(byte[] body) {
        try {
            RelyingParty fresh = party(request -> new Outbound.Response(200, Map.of(), body));
            Metadata read = fresh.describe(ISSUER);
            for (String address :
                    new String[] {read.authorizationEndpoint(), read.tokenEndpoint(), String.valueOf(read.jwksUri())}) {
                assertThat(URI.create(address).getScheme()).isEqualTo("https");
            }
            RelyingParty.Ask ask = new RelyingParty.Ask("state", "ada@example.com", true, true, true, Map.of());
            String location = fresh.request(WE, read, ask).location();
            assertThat(URI.create(location).getRawQuery()).contains("client_id=" + CLIENT);
            return true;
        } catch (OidcRefusal refusal) {
            return refused(refusal);
        }
    }

    /** Whether a key set has the key of a good token. */
    boolean keySet(byte[] body, String token) {
        return out(party(request -> new Outbound.Response(200, Map.of(), body)), token);
    }
}
