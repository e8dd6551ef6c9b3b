package dev.gatehouse.sso.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import dev.gatehouse.sso.saml.RsaStrength;
import java.net.URI;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What providers say of themselves, and their keys: read when somebody signs in, kept for a while, read again at most every
 * thirty seconds for a key that is not known (ATTACKS J08). While a provider does not answer, what it said last stands for a
 * day.
 */
final class Providers {
    private static final Duration FRESH = Duration.ofHours(1);
    private static final Duration STALE = Duration.ofHours(24);
    private static final Duration AGAIN = Duration.ofSeconds(30);
    private static final int MOST_PROVIDERS = 10_000;
    private static final int MOST_KEYS = 100;
    private static final int LEAST_RSA = 2_048;

    private final Fetch fetch;
    private final Clock clock;
    private final Cache<String, Known<Metadata>> descriptions =
            Caffeine.newBuilder().maximumSize(MOST_PROVIDERS).build();
    private final Cache<String, Known<List<JWK>>> keySets =
            Caffeine.newBuilder().maximumSize(MOST_PROVIDERS).build();

    Providers(Fetch fetch, Clock clock) {
        this.fetch = fetch;
        this.clock = clock;
    }

    /** Something of a provider's, read one at a time. */
    private static final class Known<T> {
        private @Nullable T value;
        private Instant readAt = Instant.EPOCH;
        private Instant triedAt = Instant.EPOCH;

        synchronized T get(Instant now, Duration fresh, Supplier<T> read) {
            T last = value;
            boolean due = last == null || !readAt.plus(fresh).isAfter(now);
            boolean stands = last != null && readAt.plus(STALE).isAfter(now);
            // who asks for something new soon after the last try gets what there is, unless that is too old
            if (!due || (stands && triedAt.plus(AGAIN).isAfter(now))) {
                return Objects.requireNonNull(last);
            }
            triedAt = now;
            try {
                T got = read.get();
                value = got;
                readAt = now;
                return got;
            } catch (OidcRefusal e) {
                if (last != null && stands) {
                    return last;
                }
                throw e;
            }
        }
    }

    /** @throws OidcRefusal of {@link OidcStep#DISCOVERY} */
    Metadata describe(String issuer) {
        return Objects.requireNonNull(descriptions.get(issuer, i -> new Known<>()))
                .get(clock.instant(), FRESH, () -> read(issuer));
    }

    private Metadata read(String issuer) {
        String url = (issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer)
                + "/.well-known/openid-configuration";
        Fetch.Reply reply = fetch.get(OidcStep.DISCOVERY, url, Map.of());
        if (reply.status() != 200) {
            throw new OidcRefusal(OidcStep.DISCOVERY, "status 200 at " + url, "status " + reply.status());
        }
        String said = reply.body().path("issuer").asText();
        boolean same = said.equals(issuer) || (said.contains(Metadata.TENANT) && sameHost(said, issuer));
        if (!same) {
            throw new OidcRefusal(OidcStep.DISCOVERY, "issuer " + issuer, "issuer " + said);
        }
        boolean plain = issuer.startsWith("http://");
        return new Metadata(
                said,
                endpoint(reply.body(), "authorization_endpoint", plain),
                endpoint(reply.body(), "token_endpoint", plain),
                endpoint(reply.body(), "jwks_uri", plain),
                optional(reply.body(), "userinfo_endpoint", plain),
                optional(reply.body(), "end_session_endpoint", plain),
                reply.body()
                        .path("authorization_response_iss_parameter_supported")
                        .asBoolean());
    }

    private static boolean sameHost(String one, String other) {
        try {
            return Objects.equals(
                    URI.create(one.replace(Metadata.TENANT, "tenant")).getHost(),
                    URI.create(other).getHost());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String endpoint(JsonNode body, String name, boolean plain) {
        String url = optional(body, name, plain);
        if (url == null) {
            throw new OidcRefusal(OidcStep.DISCOVERY, "a " + name, "none");
        }
        return url;
    }

    private static @Nullable String optional(JsonNode body, String name, boolean plain) {
        String url = body.path(name).asText();
        if (url.isEmpty()) {
            return null;
        }
        boolean good;
        try {
            URI uri = URI.create(url);
            good = uri.getHost() != null
                    && uri.getUserInfo() == null
                    && uri.getFragment() == null
                    && ("https".equals(uri.getScheme()) || (plain && "http".equals(uri.getScheme())));
        } catch (IllegalArgumentException e) {
            good = false;
        }
        if (!good) {
            throw new OidcRefusal(OidcStep.DISCOVERY, "an https address as " + name, url);
        }
        return url;
    }

    /**
     * The one key of a provider that can have signed with this algorithm; null for none, or several.
     *
     * @param keyId of the token; null if it names none
     */
    @Nullable
    JWK key(String jwksUri, JWSAlgorithm algorithm, @Nullable String keyId) {
        Known<List<JWK>> known = Objects.requireNonNull(keySets.get(jwksUri, u -> new Known<>()));
        JWK key = pick(known.get(clock.instant(), FRESH, () -> keys(jwksUri)), algorithm, keyId);
        return key != null
                ? key
                : pick(known.get(clock.instant(), Duration.ZERO, () -> keys(jwksUri)), algorithm, keyId);
    }

    private static @Nullable JWK pick(List<JWK> keys, JWSAlgorithm algorithm, @Nullable String keyId) {
        List<JWK> fitting = keys.stream()
                .filter(key -> keyId == null || keyId.equals(key.getKeyID()))
                .filter(key -> fits(key, algorithm))
                .toList();
        return fitting.size() == 1 ? fitting.get(0) : null;
    }

    /** An algorithm goes with one kind of key alone (RFC 8725 §3.1). */
    private static boolean fits(JWK key, JWSAlgorithm algorithm) {
        if (key.getAlgorithm() != null && !key.getAlgorithm().getName().equals(algorithm.getName())) {
            return false;
        }
        if (JWSAlgorithm.Family.RSA.contains(algorithm)) {
            return key instanceof RSAKey;
        }
        if (JWSAlgorithm.Family.EC.contains(algorithm)) {
            return key instanceof ECKey ec && Curve.forJWSAlgorithm(algorithm).contains(ec.getCurve());
        }
        return false;
    }

    private List<JWK> keys(String jwksUri) {
        Fetch.Reply reply = fetch.get(OidcStep.SIGNATURE, jwksUri, Map.of());
        JsonNode all = reply.body().path("keys");
        if (reply.status() != 200 || !all.isArray() || all.size() > MOST_KEYS) {
            throw new OidcRefusal(
                    OidcStep.SIGNATURE, "a key set of at most " + MOST_KEYS + " keys", "status " + reply.status());
        }
        List<JWK> keys = new ArrayList<>();
        for (JsonNode one : all) {
            JWK key = parsed(one);
            // a secret key or a private half in public is nobody's signature (ATTACKS J02, J27)
            boolean mine = key != null
                    && (strong(key) || key instanceof ECKey || key instanceof OctetKeyPair)
                    && !key.isPrivate()
                    && (key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.SIGNATURE))
                    && (key.getKeyOperations() == null || key.getKeyOperations().contains(KeyOperation.VERIFY));
            if (mine) {
                keys.add(key);
            }
        }
        return keys;
    }

    private static boolean strong(JWK key) {
        try {
            return key instanceof RSAKey rsa
                    && RsaStrength.weakness(rsa.toRSAPublicKey(), LEAST_RSA).isEmpty();
        } catch (JOSEException e) {
            return false;
        }
    }

    /** A key that cannot be read is none: others of the set still can. */
    private static @Nullable JWK parsed(JsonNode one) {
        try {
            return JWK.parse(one.toString());
        } catch (ParseException | RuntimeException e) {
            return null;
        }
    }
}
