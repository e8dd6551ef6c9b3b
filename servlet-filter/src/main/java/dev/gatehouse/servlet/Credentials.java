package dev.gatehouse.servlet;

import dev.gatehouse.crypto.SealedCookie;
import dev.gatehouse.identity.Authenticated;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads who is signed in off a request: by its cookie, its access token or a customer's API key. */
final class Credentials {
    private Credentials() {}

    /** Who is signed in, found out once for a request however often it is dispatched. */
    static @Nullable Authenticated who(Room here, HttpServletRequest http, String path) {
        Object known = http.getAttribute(GatehouseFilter.SIGNED_IN);
        // another instance's identity says nothing here
        if (known instanceof Authenticated before && before.environmentId().equals(here.env())) {
            return before;
        }
        Authenticated who = find(here, http, path);
        if (who != null || known != null) {
            http.setAttribute(GatehouseFilter.SIGNED_IN, who);
        }
        return who;
    }

    private static @Nullable Authenticated find(Room here, HttpServletRequest http, String path) {
        Cookie[] cookies = http.getCookies();
        String value = cookies == null ? null : cookie(here.cookie(), cookies);
        if (value != null) {
            return here.gatehouse().sessions().byCookie(here.env(), here.cookie(), value);
        }
        String token = bearer(http);
        if (token.startsWith("sk_")
                && here.rules().takesKeys(path)
                && http.getAttribute(GatehouseFilter.LOGGED_OUT) == null) {
            return here.gatehouse().customerKeys().holder(token);
        }
        return token.isEmpty()
                ? null
                : here.gatehouse()
                        .sessions()
                        .byToken(here.env(), here.gatehouse().clientId(), token);
    }

    /** The bearer token (RFC 6750 §2.1), empty for none. */
    static String bearer(HttpServletRequest http) {
        String header = http.getHeader("Authorization");
        return header != null && header.regionMatches(true, 0, "Bearer ", 0, 7)
                ? header.substring(7).trim()
                : "";
    }

    private static @Nullable String cookie(String name, Cookie[] cookies) {
        String found = null;
        for (Cookie cookie : cookies) {
            if (cookie.getName().equals(name)) {
                if (found != null) {
                    // somebody else's cookie shadows ours (ATTACKS C08)
                    return null;
                }
                found = cookie.getValue();
            }
        }
        if (found == null || !SealedCookie.chunked(found)) {
            return found;
        }
        List<Map.Entry<String, String>> all = new ArrayList<>();
        for (Cookie cookie : cookies) {
            all.add(new AbstractMap.SimpleEntry<>(cookie.getName(), cookie.getValue()));
        }
        return SealedCookie.read(name, all).orElse(null);
    }
}
