package dev.gatehouse.spring;

import static dev.gatehouse.spring.security.GatehouseConfigurer.gatehouse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.config.Customizer.withDefaults;

import dev.gatehouse.testkit.TestSession;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;

/** Within the chains of an application that had Spring Security before: its own rules decide, beside its own ways in. */
class OwnChainTest {
    @TempDir
    static Path data;

    private static RunningApplication app;

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import(TestApplication.Pages.class)
    static class Application {
        @Bean
        @Order(1)
        SecurityFilterChain machines(HttpSecurity http) throws Exception {
            return http.securityMatcher("/api/**")
                    .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .httpBasic(withDefaults())
                    .csrf(csrf -> csrf.disable())
                    .build();
        }

        @Bean
        @Order(2)
        SecurityFilterChain people(HttpSecurity http) throws Exception {
            return http.with(gatehouse(), withDefaults())
                    .authorizeHttpRequests(requests -> requests.requestMatchers("/about", "/error")
                            .permitAll()
                            .requestMatchers("/admin")
                            .hasRole("admin")
                            .anyRequest()
                            .authenticated())
                    .build();
        }

        @Bean
        UserDetailsService robots() {
            return new InMemoryUserDetailsManager(User.withUsername("robot")
                    .password("{noop}pw")
                    .roles("robot")
                    .build());
        }
    }

    @BeforeAll
    static void start() {
        // Spring Security decides what is public
        app = new RunningApplication(data, Application.class, "gatehouse.public-paths=/*");
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    @Test
    void theChainsRulesDecideAndGatehouseAsksForTheSignIn() throws Exception {
        assertThat(app.get("/about").body()).isEqualTo("Hello stranger");
        HttpResponse<String> browser = app.get("/?a=1", "Accept", "text/html", "Sec-Fetch-Mode", "navigate");
        assertThat(browser.statusCode()).isEqualTo(302);
        assertThat(browser.headers().firstValue("Location").orElse("")).startsWith("/auth/sign-in");
        assertThat(app.get("/").statusCode()).isEqualTo(401);
        assertThat(app.get("/", TestSession.of(app.gatehouse(), "ada@example.com"))
                        .body())
                .startsWith("Hello ada@example.com");
    }

    @Test
    void rolesAreAuthoritiesOfTheChain() throws Exception {
        String acme = app.gatehouse().organizations().create("Acme").id();
        assertThat(app.get("/admin", TestSession.of(app.gatehouse(), "root@example.com", acme, "admin"))
                        .statusCode())
                .isEqualTo(200);
        assertThat(app.get("/admin", TestSession.of(app.gatehouse(), "bob@example.com", acme, null))
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void anotherChainKeepsItsOwnWayIn() throws Exception {
        String basic = "Basic " + Base64.getEncoder().encodeToString("robot:pw".getBytes());
        assertThat(app.post("/api/write", "Authorization", basic).body()).isEqualTo("written");
        HttpResponse<String> nobody = app.post("/api/write");
        assertThat(nobody.statusCode()).isEqualTo(401);
        assertThat(nobody.headers().firstValue("WWW-Authenticate").orElse("")).startsWith("Basic");
        TestSession ada = TestSession.of(app.gatehouse(), "ada@example.com");
        assertThat(app.post("/api/write", "Cookie", ada.header()).statusCode())
                .as("this chain was not given Gatehouse")
                .isEqualTo(401);
    }
}
