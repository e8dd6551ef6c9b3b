package dev.gatehouse.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs the benchmarks and prints a table of each; see {@code bin/bench}. */
public final class Bench {
    private Bench() {}

    private record Figure(double nanos, double processor, double bytes) {}

    /** {@code --full} measures longer, in three processes each; {@code --filter} or {@code --federation} alone. */
    public static void main(String[] arguments) throws Exception {
        Set<String> options = Set.of(arguments);
        if (!Set.of("--full", "--filter", "--federation").containsAll(options)) {
            System.err.println("usage: bench [--filter | --federation] [--full]");
            System.exit(2);
        }
        boolean full = options.contains("--full");
        String run = full ? "full" : "quick";
        System.out.printf(
                "%s, JDK %s, %d x %s%n",
                Instant.now().truncatedTo(ChronoUnit.MINUTES),
                System.getProperty("java.version"),
                Runtime.getRuntime().availableProcessors(),
                processor());
        if (!options.contains("--federation")) {
            Collection<RunResult> results = run(FilterBenchmark.class, 7, full);
            print(
                    "A page for somebody seen before, per request (" + run + " run)",
                    "filter",
                    Stack.class,
                    Stack::label,
                    results);
        }
        if (!options.contains("--filter")) {
            // XML takes long to be compiled
            Collection<RunResult> results = run(SamlBenchmark.class, 20, full);
            for (String form : List.of("signed", "encrypted")) {
                List<RunResult> some = results.stream()
                        .filter(one -> one.getParams().getParam("form").equals(form))
                        .toList();
                print(
                        "A SAML response, " + form + " (" + run + " run)",
                        "library",
                        SamlStack.class,
                        SamlStack::label,
                        some);
            }
            Collection<RunResult> tokens = run(TokenBenchmark.class, 10, full);
            print("An ID token (" + run + " run)", "library", TokenStack.class, TokenStack::label, tokens);
        }
    }

    private static Collection<RunResult> run(Class<?> benchmark, int warmups, boolean full) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(benchmark.getName())
                .addProfiler(GCProfiler.class)
                .addProfiler(ProcessorTime.class)
                .forks(full ? 3 : 1)
                .warmupIterations(full ? warmups + 3 : warmups)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(full ? 10 : 8)
                .measurementTime(TimeValue.seconds(1))
                // compiled before it is measured, also where cores are few
                .jvmArgs("-Xms1g", "-Xmx1g", "-Xbatch");
        return new Runner(options.build()).run();
    }

    /** One row for each of the stacks, of which {@code LIMIT} and {@code GATEHOUSE} are measures for the others. */
    private static <E extends Enum<E>> void print(
            String title, String what, Class<E> stacks, Function<E, String> label, Collection<RunResult> results) {
        Map<E, Figure> figures = new EnumMap<>(stacks);
        for (RunResult result : results) {
            E stack = Enum.valueOf(stacks, result.getParams().getParam("stack"));
            // others use the machine too: the lower quartile is nearer to the truth than the mean
            double nanos = result.getPrimaryResult().getStatistics().getPercentile(25);
            double bytes =
                    result.getSecondaryResults().get("gc.alloc.rate.norm").getScore();
            double processor =
                    result.getSecondaryResults().get(ProcessorTime.NAME).getScore();
            figures.put(stack, new Figure(nanos, processor, bytes));
        }
        Figure limit = figures.get(Enum.valueOf(stacks, "LIMIT"));
        Figure ours = figures.get(Enum.valueOf(stacks, "GATEHOUSE"));
        System.out.printf("%n%s%n%n", title);
        System.out.printf("| %s | ns | processor ns | B | x limit | x Gatehouse |%n", what);
        System.out.println("|---|---:|---:|---:|---:|---:|");
        // others use the machine too, so that ratios are those of processor time
        figures.forEach((stack, figure) -> System.out.printf(
                "| %s | %.0f | %.0f | %.0f | %.2f | %.2f |%n",
                label.apply(stack),
                figure.nanos,
                figure.processor,
                figure.bytes,
                figure.processor / limit.processor,
                figure.processor / ours.processor));
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
