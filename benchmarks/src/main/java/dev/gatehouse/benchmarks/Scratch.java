package dev.gatehouse.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Directories for databases, gone when the process ends. */
final class Scratch {
    private Scratch() {}

    static Path directory() throws IOException {
        Path made = Files.createTempDirectory("gatehouse-bench");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(made)));
        return made;
    }

    /** Deletes a directory with all that is in it, as far as it can. */
    static void delete(Path directory) {
        List<Path> all;
        try (Stream<Path> below = Files.walk(directory)) {
            all = below.sorted(Comparator.reverseOrder()).toList();
        } catch (IOException e) {
            return;
        }
        for (Path path : all) {
            if (!path.toFile().delete()) {
                System.err.println("left behind: " + path);
            }
        }
    }
}
