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

/** A SAML response that somebody signs in with: what it costs to believe it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SamlBenchmark {
    @Param
    public SamlStack stack;

    @Param({"signed", "encrypted"})
    public String form;

    private SamlStack.Work work;

    @Setup
    public void setUp() throws Exception {
        boolean encrypted = form.equals("encrypted");
        work = stack.work(SamlMessage.make(encrypted), encrypted);
        if (verify() != 9) {
            throw new IllegalStateException(stack + " read " + verify() + " attributes");
        }
    }

    @Benchmark
    public int verify() throws Exception {
        return work.verify();
    }
}
