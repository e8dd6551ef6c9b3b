package dev.gatehouse.benchmarks;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatehouse.Gatehouse;
import dev.gatehouse.api.Answer;
import dev.gatehouse.api.Request;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.identity.NewUser;
import dev.gatehouse.servlet.GatehouseFilter;
import dev.gatehouse.store.MemoryStorage;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
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
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;

/** The filters compared: each is built as its manual's quick start says, and its session is one that has signed in. */
public enum Stack {
    /** The servlet alone. */
    BARE("bare servlet, no filter") {
        @Override
        Running build(ServletContext context, HttpSession session) {
            return new Running((request, response, chain) -> chain.doFilter(request, response));
        }
    },

    /** What cannot be gone below: one cookie found, one look-up that hits, one attribute set. */
    LIMIT("limit: cookie and one cache hit") {
        @Override
        Running build(ServletContext context, HttpSession session) {
            return limit((user, end) -> true);
        }
    },

    /** The same for a session that can end: that takes a look at the clock. */
    LIMIT_THAT_ENDS("limit, and its end is checked") {
        @Override
        Running build(ServletContext context, HttpSession session) {
            Clock clock = Clock.systemUTC();
            return limit((user, end) -> clock.millis() < end);
        }
    },

    GATEHOUSE("Gatehouse") {
        @Override
        Running build(ServletContext context, HttpSession session) throws Exception {
            Gatehouse gatehouse = Gatehouse.builder()
                    .storage(new MemoryStorage())
                    .keyring(LocalKeyring.random())
                    .set(Setting.CLIENT_ID, "client_BENCH")
                    .set(Setting.API_KEY, KEY)
                    .build();
            GatehouseFilter filter = new GatehouseFilter(gatehouse);
            filter.init(new StandIn.Config(context));
            String name = gatehouse.pages().sessionCookie();
            String value = gatehouse.sessions().seal(gatehouse.environment().id(), name, signIn(gatehouse));
            return new Running(filter, new Cookie(name, value));
        }

        private String signIn(Gatehouse gatehouse) {
            gatehouse.users().create(NewUser.of("ada@example.com").withPassword(PASSWORD));
            String form = "grant_type=password&client_id=client_BENCH&client_secret=" + KEY
                    + "&email=ada@example.com&password=" + PASSWORD;
            Answer answer = gatehouse.api(new Request(
                    "POST",
                    "/user_management/authenticate",
                    "",
                    Map.of("content-type", List.of("application/x-www-form-urlencoded")),
                    form.getBytes(StandardCharsets.UTF_8),
                    "127.0.0.1",
                    true));
            String claims = new String(
                    Base64.getUrlDecoder()
                            .decode(between(answer.text(), "\"access_token\":\"")
                                    .split("\\.")[1]),
                    StandardCharsets.UTF_8);
            return between(claims, "\"sid\":\"");
        }
    },

    SHIRO("Shiro 2.0.6, session") {
        @Override
        Running build(ServletContext context, HttpSession session) throws Exception {
            String prefix = "org.apache.shiro.subject.support.DefaultSubjectContext_";
            session.setAttribute(prefix + "PRINCIPALS_SESSION_KEY", new SimplePrincipalCollection("ada", "realm"));
            session.setAttribute(prefix + "AUTHENTICATED_SESSION_KEY", true);
            session.setAttribute("org.apache.shiro.web.session.HttpServletSession.HOST_SESSION_KEY", "127.0.0.1");
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
            return new Running(filter);
        }
    },

    PAC4J("pac4j 6.3.1, session") {
        @Override
        Running build(ServletContext context, HttpSession session) throws Exception {
            CommonProfile profile = new CommonProfile();
            profile.setId("ada");
            profile.setClientName("FormClient");
            profile.addAttribute("email", "ada@example.com");
            Map<String, UserProfile> profiles = new LinkedHashMap<>();
            profiles.put("FormClient", profile);
            session.setAttribute("pac4jUserProfiles", profiles);
            FormClient form = new FormClient("/login", new SimpleTestUsernamePasswordAuthenticator());
            SecurityFilter filter =
                    new SecurityFilter(new Config(new Clients("http://127.0.0.1/callback", form)), "FormClient");
            filter.init(new StandIn.Config(context));
            return new Running(filter);
        }
    },

    SPRING("Spring Security 7.0.8, default chain, session") {
        @Override
        Running build(ServletContext context, HttpSession session) {
            session.setAttribute(
                    "SPRING_SECURITY_CONTEXT",
                    new SecurityContextImpl(UsernamePasswordAuthenticationToken.authenticated(
                            "ada", null, AuthorityUtils.createAuthorityList("ROLE_USER"))));
            AnnotationConfigWebApplicationContext beans = new AnnotationConfigWebApplicationContext();
            beans.setServletContext(context);
            beans.register(SpringChain.class);
            beans.refresh();
            return new Running(beans.getBean("springSecurityFilterChain", Filter.class));
        }
    };

    private static final String KEY = "sk_test_abcdefghijklmnopqrstuvwxyz";
    private static final String PASSWORD = "correct-horse-battery-9";

    private final String label;

    Stack(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    /** A filter that has started, and the cookies of a browser that it knows. */
    record Running(Filter filter, Cookie... cookies) {}

    abstract Running build(ServletContext context, HttpSession session) throws Exception;

    private interface Check {
        boolean alive(String user, long end);
    }

    private record Entry(String user, long end) {}

    private static Running limit(Check check) {
        Cache<String, Entry> sessions =
                Caffeine.newBuilder().maximumSize(100_000).build();
        String value = "k1." + "A".repeat(126);
        sessions.put(value, new Entry("ada", Long.MAX_VALUE));
        Filter filter = (request, response, chain) -> {
            Entry entry = null;
            for (Cookie cookie : ((HttpServletRequest) request).getCookies()) {
                if (cookie.getName().equals("session")) {
                    entry = sessions.getIfPresent(cookie.getValue());
                }
            }
            if (entry == null || !check.alive(entry.user, entry.end)) {
                throw new IllegalStateException("nobody");
            }
            request.setAttribute("user", entry.user);
            chain.doFilter(request, response);
        };
        return new Running(filter, new Cookie("session", value));
    }

    private static String between(String text, String before) {
        int start = text.indexOf(before) + before.length();
        return text.substring(start, text.indexOf('"', start));
    }

    /** Everything that Spring Security does unless told otherwise. */
    @Configuration
    @EnableWebSecurity
    static class SpringChain {
        @Bean
        SecurityFilterChain chain(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(rules -> rules.anyRequest().authenticated())
                    .formLogin(Customizer.withDefaults())
                    .build();
        }

        @Bean
        UserDetailsService users() {
            return new InMemoryUserDetailsManager();
        }
    }
}
