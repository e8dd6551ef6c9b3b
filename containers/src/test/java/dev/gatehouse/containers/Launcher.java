package dev.gatehouse.containers;

import jakarta.servlet.ServletContext;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/** Starts a real container on a port of its own; each runs in a JVM with nothing of the others on its class path. */
interface Launcher {
    /** An application that sets itself up through the servlet API. */
    Running start(Consumer<ServletContext> setup, Map<Integer, String> errorPages) throws Exception;

    /** An application that has init-params and no code; its files lie in {@code webapp}. */
    Running startConfigured(String contextPath, Path webapp, Map<String, String> initParams) throws Exception;

    /** A container that runs. */
    record Running(int port, AutoCloseable stop) implements AutoCloseable {
        @Override
        public void close() throws Exception {
            stop.close();
        }
    }

    /** The container of this JVM: the system property {@code container}. */
    static Launcher ofThisRun() {
        String name = System.getProperty("container", "");
        return switch (name) {
            case "jetty-ee10" -> new JettyEe10();
            case "jetty-ee11" -> new JettyEe11();
            case "tomcat-10.1", "tomcat-11" -> new EmbeddedTomcat();
            case "undertow" -> new EmbeddedUndertow();
            default -> throw new IllegalStateException("no such container: " + name);
        };
    }
}
