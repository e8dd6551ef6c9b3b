package dev.gatehouse.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Measures work that needs a database or something to be made ready for each time, which JMH has no form for: iterations of
 * many operations each, whose preparation is not counted.
 */
final class Meter {
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** After so many rounds most of the work is compiled; what takes so long that it never comes to them has waited enough. */
    private static final int COMPILED = 1_000;

    private final Part part;
    private final Options options;
    private final List<Figure> figures = new ArrayList<>();

    Meter(Part part, Options options) {
        this.part = part;
        this.options = options;
    }

    /** One operation; {@code round} never comes twice. */
    @FunctionalInterface
    interface Step {
        void run(int round) throws Exception;
    }

    /**
     * Work to be measured.
     *
     * @param ready makes ready for the rounds from the first to before the second, not counted
     * @param step is counted
     * @param most rounds that are made ready at once
     */
    record Work(Ready ready, Step step, int most) {
        static Work of(Step step) {
            return new Work((from, to) -> {}, step, 1_000_000);
        }

        /**
         * Work whose rounds each use up something.
         *
         * @param making makes what a round uses up, not counted
         * @param using is counted
         */
        static <T> Work using(Making<T> making, Using<T> using, int most) {
            Map<Integer, T> ready = new HashMap<>();
            return new Work(
                    (from, to) -> {
                        ready.clear();
                        for (int round = from; round < to; round++) {
                            ready.put(round, making.of(round));
                        }
                    },
                    round -> using.up(Objects.requireNonNull(ready.get(round))),
                    most);
        }
    }

    @FunctionalInterface
    interface Making<T> {
        T of(int round) throws Exception;
    }

    @FunctionalInterface
    interface Using<T> {
        void up(T made) throws Exception;
    }

    @FunctionalInterface
    interface Ready {
        void make(int from, int to) throws Exception;
    }

    List<Figure> figures() {
        return figures;
    }

    /** Notes what others measured, too. */
    void add(Figure figure) {
        figures.add(figure);
    }

    Figure measure(String operation, String who, Role role, Step step) throws Exception {
        return measure(operation, who, role, true, Work.of(step));
    }

    /** @param here whether the work is done in this process, so that its processor time says what it costs */
    Figure measure(String operation, String who, Role role, boolean here, Work work) throws Exception {
        int round = 0;
        int batch = 1;
        long enough = options.iterationMillis() * 1_000_000 / (options.full() ? 1 : 2);
        long warmUp = enough * options.warmups(3);
        long begun = System.nanoTime();
        long took = 0;
        while (System.nanoTime() - begun < (round < COMPILED ? 8 * warmUp : warmUp)
                || (took < enough / 2 && batch < work.most)) {
            if (took > 0 && took < enough) {
                double wanted = (double) enough / took * batch;
                batch = (int) Math.max(1, Math.min(Math.min(wanted, 4.0 * batch), work.most));
            }
            took = one(work, round, batch).wall;
            round += batch;
        }
        List<Double> processor = new ArrayList<>();
        List<Double> wall = new ArrayList<>();
        List<Double> bytes = new ArrayList<>();
        for (int i = 0; i < options.iterations(); i++) {
            Sample sample = one(work, round, batch);
            round += batch;
            if (here) {
                processor.add((double) sample.processor / batch);
            }
            wall.add((double) sample.wall / batch);
            bytes.add((double) sample.bytes / batch);
        }
        Figure figure = new Figure(part, operation, who, role, processor, wall, bytes, "");
        figures.add(figure);
        System.err.printf("  %s, %s: %s%n", operation, who, Table.time(figure.passed()));
        return figure;
    }

    private record Sample(long wall, long processor, long bytes) {}

    private static Sample one(Work work, int from, int batch) throws Exception {
        work.ready.make(from, from + batch);
        long bytes = THREADS.getCurrentThreadAllocatedBytes();
        long processor = SYSTEM.getProcessCpuTime();
        long begun = System.nanoTime();
        for (int i = 0; i < batch; i++) {
            work.step.run(from + i);
        }
        long wall = System.nanoTime() - begun;
        return new Sample(
                wall, SYSTEM.getProcessCpuTime() - processor, THREADS.getCurrentThreadAllocatedBytes() - bytes);
    }
}
