package dev.gatehouse.benchmarks;

import jakarta.servlet.Filter;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpSession;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.shiro.realm.SimpleAccountRealm;
import org.apache.shiro.subject.SimplePrincipalCollection;
import org.apache.shiro.web.filter.mgt.PathMatchingFilterChainResolver;
import org.apache.shiro.web.mgt.DefaultWebSecurityManager;
import org.apache.shiro.web.servlet.AbstractShiroFilter;
import org.jspecify.annotations.Nullable;
import org.pac4j.core.client.Clients;
import org.pac4j.core.config.Config;
import org.pac4j.core.profile.CommonProfile;
import org.pac4j.core.profile.UserProfile;
import org.pac4j.http.client.indirect.FormClient;
import org.pac4j.http.credentials.authenticator.test.SimpleTestUsernamePasswordAuthenticator;
import org.pac4j.jee.filter.SecurityFilter;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContextImpl;

/** The filters compared: each is built as its manual's quick start says, and its session is one that has signed in. */
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

    SHIRO("Shiro 2.0.6, session", Role.PEER) {
        @Override
        Running build(Scenario scenario, ServletContext context, HttpSession session) throws Exception {
            if (scenario.passes()) {
                String prefix = "org.apache.shiro.subject.support.DefaultSubjectContext_";
                session.setAttribute(prefix + "PRINCIPALS_SESSION_KEY", new SimplePrincipalCollection("ada", "realm"));
                session.setAttribute(prefix + "AUTHENTICATED_SESSION_KEY", true);
                session.setAttribute("org.apache.shiro.web.session.HttpServletSession.HOST_SESSION_KEY", "127.0.0.1");
            }
            DefaultWebSecurityManager manager = new DefaultWebSecurityManager(new SimpleAccountRealm("realm"));
            PathMatchingFilterChainResolver paths = new PathMatchingFilterChainResolver();
            paths.getFilterChainManager().createChain("/**", "authc");
            AbstractShiroFilter filter = new AbstractShiroFilter() {
                @Override
                public void init() {
                    setSecurityManager(manager);
                    setFilterChainResolver(paths);
                }
            };
            filter.init(new StandIn.Config(context));
            return new Running(filter, Credential.session(session));
        }
    },

    PAC4J("pac4j 6.3.1, session", Role.PEER) {
        @Override
        Running build(Scenario scenario, ServletContext context, HttpSession session) throws Exception {
            if (scenario.passes()) {
                CommonProfile profile = new CommonProfile();
                profile.setId("ada");
                profile.setClientName("FormClient");
                profile.addAttribute("email", "ada@example.com");
                Map<String, UserProfile> profiles = new LinkedHashMap<>();
                profiles.put("FormClient", profile);
                session.setAttribute("pac4jUserProfiles", profiles);
            }
            FormClient form = new FormClient("/login", new SimpleTestUsernamePasswordAuthenticator());
            SecurityFilter filter =
                    new SecurityFilter(new Config(new Clients("http://127.0.0.1/callback", form)), "FormClient");
            filter.init(new StandIn.Config(context));
            return new Running(filter, Credential.session(session));
        }
    },

    SPRING("Spring Security 7.0.8, default chain, session", Role.PEER) {
        @Override
        Running build(Scenario scenario, ServletContext context, HttpSession session) {
            if (scenario.passes()) {
                session.setAttribute(
                        "SPRING_SECURITY_CONTEXT",
                        new SecurityContextImpl(UsernamePasswordAuthenticationToken.authenticated(
                                "ada", null, AuthorityUtils.createAuthorityList("ROLE_USER"))));
            }
            return new Running(SpringChains.filter(context, SpringChains.Session.class), Credential.session(session));
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
