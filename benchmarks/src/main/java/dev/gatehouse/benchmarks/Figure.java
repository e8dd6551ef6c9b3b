package dev.gatehouse.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What one contender needed for one operation, a sample for each iteration of each process.
 *
 * @param part of the table
 * @param operation what was done
 * @param who did it
 * @param processor nanoseconds of processor time for one operation; empty if it says nothing
 * @param wall nanoseconds that passed for one operation
 * @param bytes allocated for one operation; empty where that is not known
 * @param note what else is to be said, empty for nothing
 */
record Figure(
        Part part,
        String operation,
        String who,
        Role role,
        List<Double> processor,
        List<Double> wall,
        List<Double> bytes,
        String note) {
    private static final String END = "\t";

    /** The lower quartile: others use the machine too, and it is nearer to the truth than the mean. */
    static @Nullable Double quartile(List<Double> samples) {
        if (samples.isEmpty()) {
            return null;
        }
        double[] sorted =
                samples.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        double at = (sorted.length - 1) * 0.25;
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (sorted[above] - sorted[below]) * (at - below);
    }

    @Nullable
    Double nanos() {
        return quartile(processor);
    }

    @Nullable
    Double passed() {
        return quartile(wall);
    }

    @Nullable
    Double allocated() {
        return quartile(bytes);
    }

    /** What ratios are made of: processor time, or the time that passed where the work is done by another process. */
    double cost() {
        Double nanos = nanos();
        Double passed = passed();
        return nanos != null ? nanos : passed != null ? passed : Double.NaN;
    }

    /** As a line of text, for the process that started this one. */
    String line() {
        return String.join(
                END, part.name(), operation, who, role.name(), text(processor), text(wall), text(bytes), note + ".");
    }

    static Figure of(String line) {
        String[] parts = line.split(END);
        return new Figure(
                Part.valueOf(parts[0]),
                parts[1],
                parts[2],
                Role.valueOf(parts[3]),
                samples(parts[4]),
                samples(parts[5]),
                samples(parts[6]),
                parts[7].substring(0, parts[7].length() - 1));
    }

    private static String text(List<Double> samples) {
        return samples.stream()
                .map(sample -> String.format(Locale.ROOT, "%.3f", sample))
                .collect(Collectors.joining(","));
    }

    private static List<Double> samples(String text) {
        return text.isEmpty()
                ? List.of()
                : Arrays.stream(text.split(",")).map(Double::valueOf).toList();
    }

    /** The samples of the same measurement in two processes. */
    Figure and(Figure other) {
        return new Figure(
                part,
                operation,
                who,
                role,
                joined(processor, other.processor),
                joined(wall, other.wall),
                joined(bytes, other.bytes),
                note);
    }

    private static List<Double> joined(List<Double> some, List<Double> more) {
        return java.util.stream.Stream.concat(some.stream(), more.stream()).toList();
    }
}
