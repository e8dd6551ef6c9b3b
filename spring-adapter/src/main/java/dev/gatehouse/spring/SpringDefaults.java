package dev.gatehouse.spring;

import dev.gatehouse.config.Setting;
import dev.gatehouse.spi.Settings;
import java.util.Optional;
import org.springframework.core.env.Environment;

/** What a Spring application has said already, for settings that it leaves out. */
record SpringDefaults(Environment environment) implements Settings {
    @Override
    public Optional<String> value(String key) {
        if (key.equals(Setting.APP_NAME.key())) {
            return Optional.ofNullable(environment.getProperty("spring.application.name"))
                    .filter(name -> !name.isBlank());
        }
        if (key.equals(Setting.ORIGIN.key())) {
            return Optional.ofNullable(environment.getProperty("server.port", Integer.class))
                    .filter(port -> port > 0)
                    .map(port -> "http://localhost:" + port);
        }
        return Optional.empty();
    }

    @Override
    public String source() {
        return "a Spring property";
    }
}
