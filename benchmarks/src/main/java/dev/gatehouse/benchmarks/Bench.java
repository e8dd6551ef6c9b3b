package dev.gatehouse.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs the benchmarks and prints one table; see {@code bin/bench}. */
public final class Bench {
    private Bench() {}

    private record Figure(double nanos, double bytes) {}

    /** {@code --full} measures longer, in three processes each. */
    public static void main(String[] arguments) throws Exception {
        boolean full = arguments.length == 1 && arguments[0].equals("--full");
        if (arguments.length > 0 && !full) {
            System.err.println("usage: bench [--full]");
            System.exit(2);
        }
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(FilterBenchmark.class.getName())
                .addProfiler(GCProfiler.class)
                .forks(full ? 3 : 1)
                .warmupIterations(full ? 10 : 7)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(full ? 10 : 8)
                .measurementTime(TimeValue.seconds(1))
                // compiled before it is measured, also where cores are few
                .jvmArgs("-Xms1g", "-Xmx1g", "-Xbatch");
        print(new Runner(options.build()).run(), full);
    }

    private static void print(Collection<RunResult> results, boolean full) throws IOException {
        Map<Stack, Figure> figures = new EnumMap<>(Stack.class);
        for (RunResult result : results) {
            Stack stack = Stack.valueOf(result.getParams().getParam("stack"));
            // others use the machine too: the lower quartile is nearer to the truth than the mean
            double nanos = result.getPrimaryResult().getStatistics().getPercentile(25);
            double bytes =
                    result.getSecondaryResults().get("gc.alloc.rate.norm").getScore();
            figures.put(stack, new Figure(nanos, bytes));
        }
        Figure limit = figures.get(Stack.LIMIT);
        Figure ours = figures.get(Stack.GATEHOUSE);
        System.out.printf("%nA page for somebody seen before, per request (%s run)%n", full ? "full" : "quick");
        System.out.printf(
                "%s, JDK %s, %d x %s%n%n",
                Instant.now().truncatedTo(ChronoUnit.MINUTES),
                System.getProperty("java.version"),
                Runtime.getRuntime().availableProcessors(),
                processor());
        System.out.println("| filter | ns | B | x limit | x Gatehouse |");
        System.out.println("|---|---:|---:|---:|---:|");
        figures.forEach((stack, figure) -> System.out.printf(
                "| %s | %.0f | %.0f | %.2f | %.2f |%n",
                stack.label(), figure.nanos, figure.bytes, figure.nanos / limit.nanos, figure.nanos / ours.nanos));
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
