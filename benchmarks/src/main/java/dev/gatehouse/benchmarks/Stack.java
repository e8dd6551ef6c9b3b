package dev.gatehouse.benchmarks;

import jakarta.servlet.Filter;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpSession;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The filters compared. */
public enum Stack {
    /** The servlet alone. */
    BARE("bare servlet, no filter", Role.PEER) {
        @Override
        Running build(Scenario scenario, ServletContext context, HttpSession session) {
            return new Running((request, response, chain) -> chain.doFilter(request, response), Credential.NONE);
        }
    },

    LIMIT("limit: cookie, cache hit", Role.LIMIT) {
        @Override
        Running build(Scenario scenario, ServletContext context, HttpSession session) {
            return Limits.session(scenario, false);
        }
    },

    LIMIT_THAT_ENDS("limit, and its end is checked", Role.LIMIT) {
        @Override
        Running build(Scenario scenario, ServletContext context, HttpSession session) {
            return Limits.session(scenario, true);
        }
    },

    LIMIT_SEALED("limit: AES-GCM, cache hit", Role.LIMIT) {
        @Override
        Running build(Scenario scenario, ServletContext context, HttpSession session) throws Exception {
            return Limits.sealed(scenario);
        }
    },

    LIMIT_TOKEN("limit: cache hit, its end is checked", Role.LIMIT) {
        @Override
        Running build(Scenario scenario, ServletContext context, HttpSession session) throws Exception {
            return Limits.token(scenario);
        }
    },

    LIMIT_SIGNED("limit: RSA", Role.LIMIT) {
        @Override
        Running build(Scenario scenario, ServletContext context, HttpSession session) throws Exception {
            return Limits.signed(scenario);
        }
    },

    LIMIT_DIGEST("limit: SHA-256, cache hit, its end is checked", Role.LIMIT) {
        @Override
        Running build(Scenario scenario, ServletContext context, HttpSession session) throws Exception {
            return Limits.digest(scenario);
        }
    },

    GATEHOUSE("Gatehouse", Role.OURS) {
        @Override
        Running build(Scenario scenario, ServletContext context, HttpSession session) throws Exception {
            return Ours.filter(scenario, context);
        }
    },

    SHIRO(Peer.SHIRO.label(), Role.PEER) {
        @Override
        Running build(Scenario scenario, ServletContext context, HttpSession session) throws Exception {
            return Peer.SHIRO.running(scenario, context, session);
        }
    },

    PAC4J(Peer.PAC4J.label(), Role.PEER) {
        @Override
        Running build(Scenario scenario, ServletContext context, HttpSession session) throws Exception {
            return Peer.PAC4J.running(scenario, context, session);
        }
    },

    SPRING(Peer.SPRING.label(), Role.PEER) {
        @Override
        Running build(Scenario scenario, ServletContext context, HttpSession session) throws Exception {
            return Peer.SPRING.running(scenario, context, session);
        }
    },

    SPRING_TOKEN("Spring Security 7.0.8, resource server", Role.PEER) {
        @Override
        Running build(Scenario scenario, ServletContext context, HttpSession session) throws Exception {
            Filter filter = SpringChains.filter(context, SpringChains.ResourceServer.class);
            return scenario.passes()
                    ? new Running(filter, List.of(Credential.bearer(Tokens.sign(SpringChains.KEY))))
                    : new Running(filter, Credential.NONE);
        }
    };

    private final String label;
    private final Role role;

    Stack(String label, Role role) {
        this.label = label;
        this.role = role;
    }

    String label() {
        return label;
    }

    Role role() {
        return role;
    }

    /** What a client sends to say who it is. */
    record Credential(Cookie[] cookies, @Nullable String authorization) {
        static final List<Credential> NONE = List.of(new Credential(new Cookie[0], null));

        /** A cookie of the filter's own, beside that of the container. */
        static List<Credential> of(Cookie cookie) {
            return List.of(new Credential(new Cookie[] {cookie, new Cookie("JSESSIONID", "node0abcdef")}, null));
        }

        static List<Credential> session(HttpSession session) {
            return List.of(new Credential(new Cookie[] {new Cookie("JSESSIONID", session.getId())}, null));
        }

        static Credential bearer(String token) {
            return new Credential(new Cookie[0], "Bearer " + token);
        }
    }

    /** A filter that has started, and what clients send to it by turns. */
    record Running(Filter filter, List<Credential> credentials) {}

    abstract Running build(Scenario scenario, ServletContext context, HttpSession session) throws Exception;
}
