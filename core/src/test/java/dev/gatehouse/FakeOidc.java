package dev.gatehouse;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import dev.gatehouse.spi.Outbound;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** OpenID providers, as calls to them are answered: one honest, changed by a test in one place at a time. */
final class FakeOidc implements Outbound {
    static final String ISSUER = "https://idp.example";
    static final String CLIENT = "client-at-idp";
    private static final ObjectMapper JSON = new ObjectMapper();

    final RSAKey key = generated("key-1");
    final List<Request> calls = new ArrayList<>();
    final Map<String, Object> claims = new LinkedHashMap<>();
    private final Clock clock;
    private String challenge = "";
    private String nonce = "";

    /** What the provider says of itself. */
    UnaryOperator<Map<String, Object>> description = UnaryOperator.identity();
    /** The ID token's text, from its claims. */
    Function<Map<String, Object>, String> signing = this::signed;
    /** The answer of the token endpoint. */
    UnaryOperator<Map<String, Object>> answer = UnaryOperator.identity();

    Map<String, Object> keySet = Map.of("keys", List.of(key.toPublicJWK().toJSONObject()));

    @Nullable
    Map<String, Object> userInfo = null;
    /** Answers at further addresses, by their beginning; the longest counts. */
    final Map<String, Response> further = new TreeMap<>(Comparator.reverseOrder());

    FakeOidc(Clock clock) {
        this.clock = clock;
    }

    static RSAKey generated(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    /** A browser was sent here; what it is sent back with. */
    String authorized(String location) {
        challenge = Browser.parameter(location, "code_challenge");
        nonce = Browser.parameter(location, "nonce");
        return "code=the-code&state=" + Browser.parameter(location, "state");
    }

    String signed(Map<String, Object> said) {
        return signed(header().build(), said, key);
    }

    static String signed(JWSHeader header, Map<String, Object> said, RSAKey by) {
        return signed(header, new String(bytes(said), StandardCharsets.UTF_8), by);
    }

    static String signed(JWSHeader header, String claims, RSAKey by) {
        try {
            JWSObject token = new JWSObject(header, new Payload(claims));
            token.sign(new RSASSASigner(by));
            return token.serialize();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    /** Under a header that the library would not write. */
    static String signed(String header, Map<String, Object> said, RSAKey by) {
        String input = Base64URL.encode(header) + "." + Base64URL.encode(bytes(said));
        try {
            JWSHeader plain = header().build();
            return input + "." + new RSASSASigner(by).sign(plain, input.getBytes(StandardCharsets.US_ASCII));
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    static JWSHeader.Builder header() {
        return new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("key-1");
    }

    static String unsigned(String header, Map<String, Object> said) {
        return Base64URL.encode(header) + "." + Base64URL.encode(bytes(said)) + ".";
    }

    static Map<String, Object> with(Map<String, Object> map, String name, Object value) {
        Map<String, Object> changed = new LinkedHashMap<>(map);
        changed.put(name, value);
        return changed;
    }

    static Map<String, Object> without(Map<String, Object> map, String name) {
        Map<String, Object> changed = new LinkedHashMap<>(map);
        changed.remove(name);
        return changed;
    }

    static byte[] bytes(Object value) {
        try {
            return JSON.writeValueAsBytes(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Response reply(int status, Object body) {
        return new Response(status, Map.of("content-type", "application/json"), bytes(body));
    }

    int callsTo(String path) {
        return (int)
                calls.stream().filter(c -> c.uri().getPath().endsWith(path)).count();
    }

    @Override
    public Response call(Request request) throws IOException {
        calls.add(request);
        String url = request.uri().toString();
        for (Map.Entry<String, Response> one : further.entrySet()) {
            if (url.startsWith(one.getKey())) {
                return one.getValue();
            }
        }
        if (!url.startsWith(ISSUER)) {
            throw new IOException("nobody there");
        }
        return switch (request.uri().getPath()) {
            case "/.well-known/openid-configuration" -> reply(200, description.apply(described()));
            case "/keys" -> reply(200, keySet);
            case "/userinfo" -> userInfo == null ? reply(401, Map.of()) : reply(200, userInfo);
            case "/token" -> token(request);
            default -> reply(404, Map.of());
        };
    }

    private static Map<String, Object> described() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("issuer", ISSUER);
        all.put("authorization_endpoint", ISSUER + "/authorize");
        all.put("token_endpoint", ISSUER + "/token");
        all.put("jwks_uri", ISSUER + "/keys");
        all.put("userinfo_endpoint", ISSUER + "/userinfo");
        all.put("end_session_endpoint", ISSUER + "/logout");
        return all;
    }

    private Response token(Request request) {
        String form = "?" + new String(request.body(), StandardCharsets.UTF_8);
        String verifier = Browser.parameter(form, "code_verifier");
        boolean right = Browser.parameter(form, "code").equals("the-code")
                && dev.gatehouse.crypto.Digest.s256(verifier).equals(challenge);
        if (!right) {
            return reply(400, Map.of("error", "invalid_grant"));
        }
        Map<String, Object> said = new LinkedHashMap<>();
        long now = clock.instant().getEpochSecond();
        said.put("iss", ISSUER);
        said.put("aud", CLIENT);
        said.put("sub", "ada-at-idp");
        said.put("nonce", nonce);
        said.put("iat", now);
        said.put("exp", now + 300);
        said.put("email", "ada@acme.com");
        said.put("given_name", "Ada");
        said.put("family_name", "Lovelace");
        said.putAll(claims);
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("access_token", "access");
        all.put("refresh_token", "refresh");
        all.put("token_type", "Bearer");
        all.put("expires_in", 3600);
        all.put("id_token", signing.apply(said));
        return reply(200, answer.apply(all));
    }
}
