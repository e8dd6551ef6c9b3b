package dev.gatehouse.crypto;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Test data that is shared between machines of the project and not shipped; tests skip where it is absent. */
public final class Corpus {
    private Corpus() {}

    public static Path need(String name) {
        String configured = System.getProperty("gatehouse.shared");
        Path found = configured == null ? null : Path.of(configured, name);
        for (Path at = Path.of(System.getProperty("user.dir")).toAbsolutePath();
                found == null && at != null;
                at = at.getParent()) {
            Path candidate = at.resolve("shared").resolve(name);
            found = Files.exists(candidate) ? candidate : null;
        }
        assumeTrue(found != null && Files.exists(found), "no shared corpus " + name);
        return found;
    }

    public static JsonNode json(String name) throws IOException {
        return new ObjectMapper().readTree(need(name).toFile());
    }
}
