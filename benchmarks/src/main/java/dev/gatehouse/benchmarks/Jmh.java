package dev.gatehouse.benchmarks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** What is measured by JMH: work of nanoseconds to milliseconds without a database. */
final class Jmh {
    private static final String BYTES = "gc.alloc.rate.norm";

    private Jmh() {}

    static List<Figure> requests(Options options) throws RunnerException {
        List<Figure> figures = new ArrayList<>();
        for (Scenario scenario : Scenario.values()) {
            for (Stack stack : scenario.stacks()) {
                RunResult result =
                        run(options, RequestBenchmark.class, 3, "scenario", scenario.name(), "stack", stack.name());
                figures.add(figure(Part.REQUEST, scenario.operation(), stack.label(), stack.role(), result));
            }
        }
        return figures;
    }

    static List<Figure> proofs(Options options) throws RunnerException {
        List<Figure> figures = new ArrayList<>();
        for (Crypto crypto : Crypto.values()) {
            RunResult result = run(options, CryptoBenchmark.class, 3, "crypto", crypto.name());
            figures.add(figure(Part.SIGN_IN, crypto.operation(), crypto.label(), crypto.role(), result));
        }
        for (TokenStack stack : TokenStack.values()) {
            RunResult result = run(options, TokenBenchmark.class, 4, "stack", stack.name());
            figures.add(figure(Part.SIGN_IN, "ID token verified", stack.label(), stack.role(), result));
        }
        for (String form : List.of("signed", "encrypted")) {
            for (SamlStack stack : SamlStack.values()) {
                // XML takes long to be compiled
                RunResult result = run(options, SamlBenchmark.class, 8, "form", form, "stack", stack.name());
                figures.add(
                        figure(Part.SIGN_IN, "SAML response verified, " + form, stack.label(), stack.role(), result));
            }
        }
        return figures;
    }

    /** Runs a benchmark once with these parameters: names and values by turns. */
    static RunResult run(Options options, Class<?> benchmark, int warmups, String... parameters)
            throws RunnerException {
        ChainedOptionsBuilder all = new OptionsBuilder()
                .include(benchmark.getName())
                .addProfiler(GCProfiler.class)
                .addProfiler(ProcessorTime.class)
                .forks(options.forks())
                .warmupIterations(options.warmups(warmups))
                .warmupTime(TimeValue.milliseconds(options.shortest() ? 100 : 1_000))
                .measurementIterations(options.iterations())
                .measurementTime(TimeValue.milliseconds(options.iterationMillis()))
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true)
                // compiled before it is measured, also where cores are few
                .jvmArgs("-Xms1g", "-Xmx1g", "-Xbatch");
        StringBuilder what = new StringBuilder(benchmark.getSimpleName());
        for (int i = 0; i < parameters.length; i += 2) {
            all.param(parameters[i], parameters[i + 1]);
            what.append(' ').append(parameters[i + 1]);
        }
        System.err.println("  " + what);
        Collection<RunResult> results = new Runner(all.build()).run();
        return results.iterator().next();
    }

    static Figure figure(Part part, String operation, String who, Role role, RunResult result) {
        List<Double> processor = new ArrayList<>();
        List<Double> wall = new ArrayList<>();
        List<Double> bytes = new ArrayList<>();
        for (BenchmarkResult fork : result.getBenchmarkResults()) {
            for (IterationResult iteration : fork.getIterationResults()) {
                wall.add(iteration.getPrimaryResult().getScore());
                processor.add(
                        iteration.getSecondaryResults().get(ProcessorTime.NAME).getScore());
                bytes.add(iteration.getSecondaryResults().get(BYTES).getScore());
            }
        }
        return new Figure(part, operation, who, role, processor, wall, bytes, "");
    }
}
