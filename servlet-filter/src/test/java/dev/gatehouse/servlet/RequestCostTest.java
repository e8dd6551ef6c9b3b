package dev.gatehouse.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.gatehouse.Gatehouse;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.identity.NewUser;
import dev.gatehouse.identity.SignedIn;
import dev.gatehouse.identity.Source;
import dev.gatehouse.store.MemoryStorage;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.lang.management.ManagementFactory;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the filter allocates for a request whose credential it saw a moment ago: the request's wrapper, and little else. */
class RequestCostTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final String CLIENT = "client_COST";
    private static final int REQUESTS = 1_000;
    private static final long MOST_BYTES = 64;

    private final Gatehouse gatehouse = Gatehouse.builder()
            .withoutProcessSettings()
            .keyring(LocalKeyring.random())
            .storage(new MemoryStorage())
            .executor(work -> {})
            .set(Setting.CLIENT_ID, CLIENT)
            .build();
    private final Filter filter = new GatehouseFilter(gatehouse);
    private final Answer answer = new Answer();
    private String cookie;
    private String token;

    private static final FilterConfig CONFIG = Stub.of(
            FilterConfig.class,
            Map.of(
                    "getServletContext",
                    Stub.of(
                            ServletContext.class,
                            Map.of("getServletRegistrations", Map.of(), "getFilterRegistrations", Map.of()))));

    /** As a container's, which is used again: what it says is there already. */
    private static final class Ask extends HttpServletRequestWrapper {
        private final Cookie[] cookies;
        private final @Nullable String authorization;
        private @Nullable Object signedIn;

        Ask(Cookie[] cookies, @Nullable String authorization) {
            super(Stub.of(HttpServletRequest.class, Map.of()));
            this.cookies = cookies;
            this.authorization = authorization;
        }

        @Override
        public DispatcherType getDispatcherType() {
            return DispatcherType.REQUEST;
        }

        @Override
        public String getMethod() {
            return "GET";
        }

        @Override
        public String getRequestURI() {
            return "/page";
        }

        @Override
        public String getServletPath() {
            return "/page";
        }

        @Override
        public @Nullable String getPathInfo() {
            return null;
        }

        @Override
        public Cookie[] getCookies() {
            return cookies;
        }

        @Override
        public @Nullable String getHeader(String name) {
            return name.equals("Authorization") ? authorization : null;
        }

        @Override
        public @Nullable Object getAttribute(String name) {
            return name.equals(GatehouseFilter.SIGNED_IN) ? signedIn : null;
        }

        @Override
        public void setAttribute(String name, @Nullable Object value) {
            signedIn = value;
        }
    }

    private static final class Answer extends HttpServletResponseWrapper {
        Answer() {
            super(Stub.of(HttpServletResponse.class, Map.of()));
        }

        @Override
        public void setHeader(String name, String value) {
            // as a container's, into a buffer that is there
        }
    }

    @BeforeEach
    void signIn() throws Exception {
        filter.init(CONFIG);
        String env = gatehouse.environment().id();
        String name = gatehouse.pages().sessionCookie();
        String user = gatehouse.users().create(NewUser.of("ada@example.com")).id();
        String session = gatehouse.sessions().begin(env, CLIENT, user, null, new Source("127.0.0.1", "test"));
        cookie = gatehouse.sessions().seal(env, name, session);
        SignedIn who = gatehouse.sessions().byCookie(env, name, cookie);
        token = gatehouse.sessions().accessToken(env, who);
    }

    @AfterEach
    void stop() {
        gatehouse.close();
    }

    @Test
    void aSessionSeenAMomentAgo() throws Exception {
        assertThat(bytes(new Ask(new Cookie[] {new Cookie(gatehouse.pages().sessionCookie(), cookie)}, null)))
                .isBetween(1L, MOST_BYTES);
    }

    @Test
    void anAccessTokenSeenAMomentAgo() throws Exception {
        // the header is cut to the token
        long cut = 56L + token.length();
        assertThat(bytes(new Ask(new Cookie[0], "Bearer " + token))).isBetween(cut - 32, MOST_BYTES + cut);
    }

    /** Of one request; the least, since what else the thread does may be counted, too. */
    private long bytes(Ask request) throws Exception {
        int[] served = {0};
        FilterChain page = (passed, response) -> {
            if (((HttpServletRequest) passed).getRemoteUser() != null) {
                served[0]++;
            }
        };
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < REQUESTS; i++) {
                request.signedIn = null;
                filter.doFilter(request, answer, page);
            }
            least = Math.min(least, (THREADS.getCurrentThreadAllocatedBytes() - before) / REQUESTS);
        }
        assertThat(served[0]).isEqualTo(5 * REQUESTS);
        return least;
    }
}
