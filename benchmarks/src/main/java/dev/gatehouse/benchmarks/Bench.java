package dev.gatehouse.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Measures and prints one table; see {@code bin/bench}. */
public final class Bench {
    private Bench() {}

    public static void main(String[] arguments) throws Exception {
        Options options;
        try {
            options = Options.of(List.of(arguments));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + "\n" + Options.USAGE);
            System.exit(2);
            return;
        }
        long begun = System.nanoTime();
        List<Figure> figures = new ArrayList<>();
        for (Part part : options.parts()) {
            System.err.println("measuring " + part.title());
            figures.addAll(part.measure(options));
        }
        String table = Table.of(figures);
        String conditions = conditions(options, (System.nanoTime() - begun) / 60_000_000_000L);
        System.out.printf("%s%n%s%n", table, conditions);
        if (options.write()) {
            Page.write(options.parts(), table, conditions);
        }
    }

    /** When and where this was measured. */
    private static String conditions(Options options, long minutes) throws IOException {
        return "%s, `bin/bench` (%s, %d minutes), JDK %s, %d x %s, load %.1f at the end."
                .formatted(
                        Instant.now().truncatedTo(ChronoUnit.DAYS).toString().substring(0, 10),
                        options.name(),
                        minutes,
                        System.getProperty("java.version"),
                        Runtime.getRuntime().availableProcessors(),
                        processor(),
                        java.lang.management.ManagementFactory.getOperatingSystemMXBean()
                                .getSystemLoadAverage());
    }

    private static String processor() throws IOException {
        Path info = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(info)) {
            return System.getProperty("os.arch");
        }
        return Files.readAllLines(info).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).trim())
                .findFirst()
                .orElse(System.getProperty("os.arch"));
    }
}
