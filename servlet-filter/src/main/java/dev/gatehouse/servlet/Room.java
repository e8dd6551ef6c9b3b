package dev.gatehouse.servlet;

import dev.gatehouse.Gatehouse;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Enumeration;
import org.jspecify.annotations.Nullable;

/** What the requests to one filter need, read once. */
record Room(
        Gatehouse gatehouse,
        PathRules rules,
        ServletRules servlets,
        TrustedProxies proxies,
        String pages,
        String api,
        String cookie,
        String env,
        boolean production,
        String origin) {
    /** Servlet context attribute that holds the room of the filter there. */
    static final String ATTRIBUTE = "dev.gatehouse.room";

    /** Of the filter that has started in this context; null for none. */
    static @Nullable Room of(ServletContext context) {
        return context.getAttribute(ATTRIBUTE) instanceof Room room ? room : null;
    }

    /** Address of the client, as far as trusted proxies tell it. */
    String client(HttpServletRequest http) {
        return proxies.client(http.getRemoteAddr(), http.getHeaders("X-Forwarded-For"));
    }

    /** Whether the client's connection is HTTPS, as far as trusted proxies tell it. */
    boolean secure(HttpServletRequest http) {
        if (!proxies.trusts(http.getRemoteAddr())) {
            return http.isSecure();
        }
        Enumeration<String> said = http.getHeaders("X-Forwarded-Proto");
        boolean secure = said.hasMoreElements() || http.isSecure();
        while (said.hasMoreElements()) {
            // a proxy may add a line below the client's, so every one must agree
            secure &= said.nextElement().equals("https");
        }
        return secure;
    }
}
