package dev.gatehouse.spring;

import dev.gatehouse.identity.Authenticated;
import dev.gatehouse.identity.SignedIn;
import jakarta.servlet.http.HttpServletRequest;
import java.util.concurrent.Callable;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** An application with Spring Security that says nothing of its own about it. */
@SpringBootConfiguration
@EnableAutoConfiguration
@EnableMethodSecurity
@Import(TestApplication.Pages.class)
class TestApplication {

    @RestController
    static class Pages {
        @GetMapping("/")
        String home(@AuthenticationPrincipal SignedIn me, HttpServletRequest request) {
            return "Hello " + me.user().email() + " " + request.getRemoteUser() + " " + request.isUserInRole("admin");
        }

        @GetMapping("/about")
        String about(@AuthenticationPrincipal SignedIn me) {
            return me == null ? "Hello stranger" : "Hello " + me.user().email();
        }

        @GetMapping("/later")
        Callable<String> later() {
            return () -> SecurityContextHolder.getContext().getAuthentication().getName();
        }

        @GetMapping("/admin")
        @PreAuthorize("hasRole('admin')")
        String admin() {
            return "for admins";
        }

        @GetMapping("/billing")
        @PreAuthorize("hasAuthority('billing:read')")
        String billing() {
            return "for billing";
        }

        @GetMapping("/api/whoami")
        String whoami(@AuthenticationPrincipal Authenticated who) {
            return who.getName();
        }

        @GetMapping("/token")
        String token(CsrfToken token) {
            return token.getHeaderName() + " " + token.getToken();
        }

        @PostMapping("/write")
        String write() {
            return "written";
        }

        @PostMapping("/api/write")
        String apiWrite() {
            return "written";
        }

        @GetMapping("/fails")
        String fails() {
            throw new IllegalStateException("planned");
        }
    }
}
