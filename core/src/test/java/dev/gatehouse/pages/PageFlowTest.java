package dev.gatehouse.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Where a sign-in may lead. The shared list of such attacks goes through the pages, in the servlet module. */
class PageFlowTest {
    private static String safe(String path) {
        return PageFlow.safe(path, "/home");
    }

    @Test
    @DisplayName("R02 a path of this host is taken as it is")
    void pathsAreTaken() {
        for (String path : List.of(
                "/",
                "/dashboard",
                "/dashboard?x=https://evil.com",
                "/;@evil.com",
                "/a%0d%0aSet-Cookie:x=1",
                "/%2f/evil.com",
                "/a/...b/.well-known/x",
                "/a?b=c#d")) {
            assertThat(safe(path)).isEqualTo(path);
            assertThat(URI.create("https://app.test/auth/x").resolve(path).getHost())
                    .as(path)
                    .isEqualTo("app.test");
        }
    }

    @Test
    @DisplayName("R02 R03 whatever a browser or a library could read as another host leads home")
    void everythingElseLeadsHome() {
        for (String path : List.of(
                "",
                "dashboard",
                "//evil.com",
                "///evil.com",
                "/\\evil.com",
                "\\/evil.com",
                "/\t/evil.com",
                "/ /evil.com",
                "https://evil.com",
                "https:evil.com",
                "javascript:alert(1)",
                "@evil.com",
                "?next=//evil.com",
                "/..//evil.com",
                "/.//evil.com",
                "/%2e//evil.com",
                "/%2E%2e//evil.com",
                "/.%2e//evil.com",
                "/a/..",
                "/a/.?b",
                "/a\r\nSet-Cookie: x=1",
                "/\u2028evil",
                "/é",
                "/" + "x".repeat(2_000))) {
            assertThat(safe(path)).as(path).isEqualTo("/home");
        }
        assertThat(safe(null)).isEqualTo("/home");
    }
}
