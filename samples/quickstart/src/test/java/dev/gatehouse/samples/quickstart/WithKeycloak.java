package dev.gatehouse.samples.quickstart;

import dev.gatehouse.samples.common.Keycloak;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests the one Keycloak of their JVM, with a realm and its people; it ends with the last test. */
final class WithKeycloak implements ParameterResolver {
    static final String ADA = "ada@acme.com";
    static final String EVE = "eve@other.com";

    private record Running(Keycloak keycloak) implements AutoCloseable {
        static Running start() {
            try {
                Keycloak started = Keycloak.start(
                        Path.of(System.getProperty("keycloak.home")),
                        "acme",
                        Files.createDirectories(Path.of("target")).resolve("keycloak.log"));
                started.realm(Map.of(ADA, "pw-ada", EVE, "pw-eve"));
                return new Running(started);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() throws InterruptedException {
            keycloak.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType().equals(Keycloak.class);
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.create(WithKeycloak.class))
                .getOrComputeIfAbsent("keycloak", name -> Running.start(), Running.class)
                .keycloak;
    }
}
