package dev.gatehouse.spring;

import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.EnvironmentPostProcessor;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Gatehouse brings Flyway for its own tables, and Spring Boot 3 would take that for the application's wish to migrate: it
 * makes a history table, or does not start where there are tables already. So an application without migrations has it
 * switched off, below everything that the application says itself. Spring Boot 4 asks for a starter instead.
 */
final class QuietFlyway implements EnvironmentPostProcessor {
    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        // whatever the application says of Flyway is a wish to have it
        boolean migrates = Binder.get(environment)
                        .bind("spring.flyway", Bindable.mapOf(String.class, Object.class))
                        .isBound()
                || application.getClassLoader().getResource("db/migration") != null;
        if (!migrates) {
            environment
                    .getPropertySources()
                    .addLast(new MapPropertySource("gatehouse", Map.of("spring.flyway.enabled", "false")));
        }
    }
}
