package dev.gatehouse.benchmarks;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.jwk.RSAKey;
import jakarta.servlet.Filter;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Clock;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/** Filters that do what cannot be left out, and nothing else. */
final class Limits {
    private static final String COOKIE = "session";
    private static final String USER = "ada";
    private static final int NONCE = 12;

    private Limits() {}

    /** Says who has this credential, or null. */
    private interface Proof {
        @Nullable
        String user(String credential) throws GeneralSecurityException;
    }

    private record Entry(String user, long end) {}

    private static Cache<String, Entry> cache(String credential) {
        Cache<String, Entry> known = Caffeine.newBuilder().maximumSize(100_000).build();
        known.put(credential, new Entry(USER, Long.MAX_VALUE));
        return known;
    }

    /** One cookie found, one look-up that hits, one attribute set; and, for a session that can end, a look at the clock. */
    static Stack.Running session(Scenario scenario, boolean ends) {
        String value = "k1." + "A".repeat(126);
        Cache<String, Entry> known = cache(value);
        Clock clock = Clock.systemUTC();
        Filter filter = filter(scenario, credential -> {
            Entry entry = known.getIfPresent(credential);
            return entry != null && (!ends || clock.millis() < entry.end) ? entry.user : null;
        });
        return scenario.passes() ? cookie(filter, value) : new Stack.Running(filter, Stack.Credential.NONE);
    }

    /** One cookie opened by AES-256-GCM, and one look-up of what it names. */
    static Stack.Running sealed(Scenario scenario) throws GeneralSecurityException {
        KeyGenerator keys = KeyGenerator.getInstance("AES");
        keys.init(256);
        SecretKey key = keys.generateKey();
        byte[] nonce = new byte[NONCE];
        new SecureRandom().nextBytes(nonce);
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(128, nonce));
        String id = "session_01HXYZ0123456789ABCDEFGHJK";
        byte[] sealed = cipher.doFinal(id.getBytes(StandardCharsets.US_ASCII));
        byte[] all = Arrays.copyOf(nonce, NONCE + sealed.length);
        System.arraycopy(sealed, 0, all, NONCE, sealed.length);
        if (!scenario.passes()) {
            all[NONCE] ^= 1;
        }
        Cache<String, Entry> known = cache(id);
        return cookie(
                filter(scenario, credential -> {
                    byte[] bytes = Base64.getUrlDecoder().decode(credential);
                    cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(128, bytes, 0, NONCE));
                    Entry entry = known.getIfPresent(
                            new String(cipher.doFinal(bytes, NONCE, bytes.length - NONCE), StandardCharsets.US_ASCII));
                    return entry == null ? null : entry.user;
                }),
                Base64.getUrlEncoder().withoutPadding().encodeToString(all));
    }

    /** One look-up of a whole token, and a look at the clock. */
    static Stack.Running token(Scenario scenario) throws Exception {
        String token = Tokens.sign(Tokens.key());
        Cache<String, Entry> known = cache(token);
        Clock clock = Clock.systemUTC();
        return bearer(
                filter(scenario, credential -> {
                    Entry entry = known.getIfPresent(credential);
                    return entry != null && clock.millis() < entry.end ? entry.user : null;
                }),
                token);
    }

    /** One RSA verification. */
    static Stack.Running signed(Scenario scenario) throws Exception {
        RSAKey key = Tokens.key();
        Signature verifying = Signature.getInstance("SHA256withRSA");
        verifying.initVerify(key.toRSAPublicKey());
        return bearer(
                filter(scenario, credential -> {
                    int last = credential.lastIndexOf('.');
                    verifying.update(credential.substring(0, last).getBytes(StandardCharsets.US_ASCII));
                    return verifying.verify(Base64.getUrlDecoder().decode(credential.substring(last + 1)))
                            ? USER
                            : null;
                }),
                Tokens.sign(key));
    }

    /** One SHA-256, one look-up, and a look at the clock. */
    static Stack.Running digest(Scenario scenario) throws GeneralSecurityException {
        String value = "sk_" + "A".repeat(43);
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        Cache<String, Entry> known =
                cache(Base64.getUrlEncoder().encodeToString(sha256.digest(value.getBytes(StandardCharsets.US_ASCII))));
        Clock clock = Clock.systemUTC();
        return bearer(
                filter(scenario, credential -> {
                    Entry entry = known.getIfPresent(Base64.getUrlEncoder()
                            .encodeToString(sha256.digest(credential.getBytes(StandardCharsets.US_ASCII))));
                    return entry != null && clock.millis() < entry.end ? entry.user : null;
                }),
                value);
    }

    private static Stack.Running cookie(Filter filter, String value) {
        return new Stack.Running(filter, Stack.Credential.of(new Cookie(COOKIE, value)));
    }

    private static Stack.Running bearer(Filter filter, String value) {
        return new Stack.Running(filter, List.of(Stack.Credential.bearer(value)));
    }

    private static Filter filter(Scenario scenario, Proof proof) {
        return (request, response, chain) -> {
            HttpServletRequest http = (HttpServletRequest) request;
            String user = null;
            try {
                user = user(http, proof);
            } catch (GeneralSecurityException e) {
                // nobody's
            }
            if (user != null) {
                request.setAttribute("user", user);
                chain.doFilter(request, response);
                return;
            }
            HttpServletResponse answer = (HttpServletResponse) response;
            if (scenario.page()) {
                answer.setHeader("Location", "/sign-in");
                answer.setStatus(302);
            } else {
                answer.setStatus(401);
            }
        };
    }

    private static @Nullable String user(HttpServletRequest http, Proof proof) throws GeneralSecurityException {
        Cookie[] cookies = http.getCookies();
        if (cookies != null) {
            for (Cookie cookie : cookies) {
                if (cookie.getName().equals(COOKIE)) {
                    return proof.user(cookie.getValue());
                }
            }
        }
        String header = http.getHeader("Authorization");
        return header != null && header.startsWith("Bearer ") ? proof.user(header.substring(7)) : null;
    }
}
