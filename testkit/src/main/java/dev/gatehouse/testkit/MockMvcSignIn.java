package dev.gatehouse.testkit;

import jakarta.servlet.http.Cookie;
import java.util.Arrays;
import java.util.stream.Stream;
import org.springframework.test.web.servlet.request.RequestPostProcessor;

/**
 * Signs in requests of Spring's MockMvc: {@code mvc.perform(get("/").with(signedIn(ada)))}. The request passes the Gatehouse
 * filter as any other, so path rules, roles and revocation are those of the application. Needs {@code spring-test}.
 */
public final class MockMvcSignIn {
    private MockMvcSignIn() {}

    /** The request comes with the cookie of this session, beside those that it has. */
    public static RequestPostProcessor signedIn(TestSession session) {
        return request -> {
            Cookie[] before = request.getCookies();
            request.setCookies(Stream.concat(
                            before == null ? Stream.empty() : Arrays.stream(before),
                            Stream.of(new Cookie(session.cookieName(), session.cookie())))
                    .toArray(Cookie[]::new));
            return request;
        };
    }
}
