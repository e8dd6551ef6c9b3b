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

/** What a sign-in computes. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CryptoBenchmark {
    @Param
    public Crypto crypto;

    private Crypto.Work work;

    @Setup
    public void setUp() throws Exception {
        work = crypto.work();
        if (!run()) {
            throw new IllegalStateException(crypto + " is wrong");
        }
    }

    @Benchmark
    public boolean run() throws Exception {
        return work.run();
    }
}
