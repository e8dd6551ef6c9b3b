package dev.gatehouse.benchmarks;

import jakarta.servlet.Filter;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpSession;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.shiro.realm.SimpleAccountRealm;
import org.apache.shiro.subject.SimplePrincipalCollection;
import org.apache.shiro.web.filter.mgt.PathMatchingFilterChainResolver;
import org.apache.shiro.web.mgt.DefaultWebSecurityManager;
import org.apache.shiro.web.servlet.AbstractShiroFilter;
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

/** Filters that keep who signed in in the container's session, each built as its manual's quick start says. */
enum Peer {
    SHIRO("Shiro 2.0.6, session") {
        @Override
        void signIn(HttpSession session) {
            String prefix = "org.apache.shiro.subject.support.DefaultSubjectContext_";
            session.setAttribute(prefix + "PRINCIPALS_SESSION_KEY", new SimplePrincipalCollection("ada", "realm"));
            session.setAttribute(prefix + "AUTHENTICATED_SESSION_KEY", true);
            session.setAttribute("org.apache.shiro.web.session.HttpServletSession.HOST_SESSION_KEY", "127.0.0.1");
        }

        @Override
        Filter filter(ServletContext context) throws ServletException {
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
            return filter;
        }
    },

    PAC4J("pac4j 6.3.1, session") {
        @Override
        void signIn(HttpSession session) {
            CommonProfile profile = new CommonProfile();
            profile.setId("ada");
            profile.setClientName("FormClient");
            profile.addAttribute("email", "ada@example.com");
            Map<String, UserProfile> profiles = new LinkedHashMap<>();
            profiles.put("FormClient", profile);
            session.setAttribute("pac4jUserProfiles", profiles);
        }

        @Override
        Filter filter(ServletContext context) throws ServletException {
            FormClient form = new FormClient("/login", new SimpleTestUsernamePasswordAuthenticator());
            SecurityFilter filter =
                    new SecurityFilter(new Config(new Clients("http://127.0.0.1/callback", form)), "FormClient");
            filter.init(new StandIn.Config(context));
            return filter;
        }
    },

    SPRING("Spring Security 7.0.8, default chain, session") {
        @Override
        void signIn(HttpSession session) {
            session.setAttribute(
                    "SPRING_SECURITY_CONTEXT",
                    new SecurityContextImpl(UsernamePasswordAuthenticationToken.authenticated(
                            "ada", null, AuthorityUtils.createAuthorityList("ROLE_USER"))));
        }

        @Override
        Filter filter(ServletContext context) {
            return SpringChains.filter(context, SpringChains.Session.class);
        }
    };

    private final String label;

    Peer(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    /** Leaves in a session what a finished sign-in leaves there. */
    abstract void signIn(HttpSession session);

    /** A filter that has started. */
    abstract Filter filter(ServletContext context) throws ServletException;

    Stack.Running running(Scenario scenario, ServletContext context, HttpSession session) throws ServletException {
        if (scenario.passes()) {
            signIn(session);
        }
        return new Stack.Running(filter(context), Stack.Credential.session(session));
    }
}
