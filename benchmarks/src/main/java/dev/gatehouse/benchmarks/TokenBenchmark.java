package dev.gatehouse.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** An ID token that somebody signs in with: what it costs to believe it, its provider's keys being known. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TokenBenchmark {
    @Param
    public TokenStack stack;

    private TokenStack.Work work;

    @Setup
    public void setUp() throws Exception {
        work = stack.work();
        if (!verify().equals(TokenStack.SUBJECT)) {
            throw new IllegalStateException(stack + " read " + verify());
        }
    }

    @Benchmark
    public String verify() throws Exception {
        return work.verify();
    }
}
