package dev.gatehouse.spring;

import static dev.gatehouse.spring.security.GatehouseConfigurer.gatehouse;
import static org.springframework.security.config.Customizer.withDefaults;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.identity.SignedIn;
import dev.gatehouse.identity.User;
import dev.gatehouse.organizations.Organization;
import dev.gatehouse.spi.Keyring;
import dev.gatehouse.spring.security.GatehouseSecurityAutoConfiguration;
import dev.gatehouse.store.MemoryStorage;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.actuate.autoconfigure.security.servlet.ManagementWebSecurityAutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.security.servlet.SecurityAutoConfiguration;
import org.springframework.boot.autoconfigure.security.servlet.SecurityFilterAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The Java of docs/spring.md, word for word, run by {@link SpringSnippetsTest}. */
final class SpringSnippets {
    private SpringSnippets() {}

    @RestController
    static class Controllers {
        @GetMapping("/hello")
        String hello(SignedIn me) {
            return "Hello " + me.user().displayName();
        }
    }

    @Configuration
    @EnableMethodSecurity // without it nobody heeds @PreAuthorize
    static class Security {}

    @RestController
    static class Secured {
        @GetMapping("/")
        String home(@AuthenticationPrincipal SignedIn me) {
            return "Hello " + me.user().displayName();
        }

        @GetMapping("/reports")
        @PreAuthorize("hasAuthority('reports:read')")
        String reports() {
            return "for whoever has the permission";
        }

        @GetMapping("/admin")
        String admin() {
            return "for admins";
        }
    }

    static void firstAdmin(Gatehouse gatehouse) {
        Organization acme = gatehouse.organizations().create("Acme");
        User ada = gatehouse.users().findByEmail("ada@example.com").orElseThrow();
        gatehouse.organizations().addMember(acme.id(), ada.id(), "admin");
    }

    @Configuration(proxyBeanMethods = false)
    static class Rules {
        @Bean
        PathRulesCustomizer rules() {
            return rules ->
                    rules.permitAll("/prices").hasRole("admin", "/admin/*").takeApiKeys("/api/*");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Keys {
        @Bean
        Keyring vault() {
            return LocalKeyring.random();
        }

        @Bean
        GatehouseBuilderCustomizer keys(Keyring vault) {
            return builder -> builder.keyring(vault);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Memory {
        @Bean
        GatehouseBuilderCustomizer memory() {
            return builder -> builder.storage(new MemoryStorage()).keyring(LocalKeyring.random());
        }
    }

    /** Without Spring Security. */
    @SpringBootConfiguration
    @EnableAutoConfiguration(
            exclude = {
                SecurityAutoConfiguration.class,
                SecurityFilterAutoConfiguration.class,
                ManagementWebSecurityAutoConfiguration.class,
                GatehouseSecurityAutoConfiguration.class
            })
    @Import(Controllers.class)
    static class Plain {}

    /** Without a chain of its own. */
    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import({Secured.class, Security.class, Rules.class, Keys.class})
    static class Application {}

    /** With one. */
    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import({Secured.class, Security.class, Memory.class})
    static class Chained {
        @Bean
        SecurityFilterChain people(HttpSecurity http) throws Exception {
            return http.with(gatehouse(), withDefaults())
                    .authorizeHttpRequests(requests -> requests.requestMatchers("/about", "/error")
                            .permitAll()
                            .requestMatchers("/admin/**")
                            .hasRole("admin")
                            .anyRequest()
                            .authenticated())
                    .build();
        }
    }
}
