package dev.gatehouse.spring.security;

import static dev.gatehouse.spring.security.GatehouseConfigurer.gatehouse;
import static org.springframework.security.config.Customizer.withDefaults;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.servlet.GatehouseFilter;
import dev.gatehouse.spring.GatehouseAutoConfiguration;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.ProviderNotFoundException;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.savedrequest.NullRequestCache;

/** Where Spring Security is: a filter chain with Gatehouse in it, unless the application has chains of its own. */
@AutoConfiguration(
        after = GatehouseAutoConfiguration.class,
        beforeName = {
            // Spring Boot 3 and 4 have them in different places
            "org.springframework.boot.autoconfigure.security.servlet.SecurityAutoConfiguration",
            "org.springframework.boot.autoconfigure.security.servlet.UserDetailsServiceAutoConfiguration",
            "org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration",
            "org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration",
            "org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration"
        })
@ConditionalOnClass({SecurityFilterChain.class, HttpSecurity.class})
@ConditionalOnBean(Gatehouse.class)
public class GatehouseSecurityAutoConfiguration {

    /**
     * Whoever gets to this chain through the filter has passed Gatehouse's path rules, so it asks for no more. What comes past
     * it, as at an actuator on a port of its own, is refused.
     */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnMissingBean(SecurityFilterChain.class)
    static class Chain {
        @Bean
        SecurityFilterChain gatehouseSecurityFilterChain(HttpSecurity http, Gatehouse gatehouse) throws Exception {
            return http.with(gatehouse(), withDefaults())
                    .logout(logout -> logout.logoutSuccessUrl(gatehouse.pages().path() + "/signed-out"))
                    // by a matcher: an AuthorizationManager has another method to implement in Spring Security 7 than
                    // in 6
                    .authorizeHttpRequests(requests -> requests.requestMatchers(Chain::passed)
                            .permitAll()
                            .anyRequest()
                            .denyAll())
                    .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                    .requestCache(cache -> cache.requestCache(new NullRequestCache()))
                    .build();
        }

        private static boolean passed(HttpServletRequest request) {
            return GatehouseFilter.requestOf(request).isPresent();
        }

        /** Nobody signs in here, so Spring Boot need not make up a user and a password. */
        @Bean
        @ConditionalOnMissingBean({AuthenticationManager.class, UserDetailsService.class})
        AuthenticationManager gatehouseAuthenticationManager() {
            return authentication -> {
                throw new ProviderNotFoundException("people sign in at Gatehouse");
            };
        }
    }

    /** An application whose chains know nothing of Gatehouse would wonder why nobody is signed in. */
    @Bean
    SmartInitializingSingleton gatehouseChainCheck(ObjectProvider<SecurityFilterChain> chains) {
        Logger log = LoggerFactory.getLogger(GatehouseSecurityAutoConfiguration.class);
        return () -> {
            List<SecurityFilterChain> all = chains.stream().toList();
            boolean present = all.stream()
                    .flatMap(chain -> chain.getFilters().stream())
                    .anyMatch(AuthenticationFilter.class::isInstance);
            if (!all.isEmpty() && !present) {
                log.warn("no SecurityFilterChain has Gatehouse: add http.with(GatehouseConfigurer.gatehouse(),"
                        + " withDefaults()) to those whose users sign in with it");
            }
        };
    }
}
