package dev.gatehouse.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an operation of ours is meant to reach beside others of the same run; see {@link Goals}.
 *
 * @param what in words
 * @param measured from the rows of the operation; NaN if the run has not what it needs
 * @param most that is still good
 */
record Goal(String what, ToDoubleFunction<List<Figure>> measured, double most) {

    static Goal timesLimit(double most) {
        return new Goal(
                "at most %s x limit".formatted(plain(most)),
                rows -> cost(rows, Role.OURS) / cost(rows, Role.LIMIT),
                most);
    }

    /** At least so many times as fast as a peer, whose name begins so. */
    static Goal faster(double times, String peer) {
        return new Goal(
                "%s x as fast as %s".formatted(plain(times), peer),
                rows -> cost(rows, Role.OURS) / cost(named(rows, peer)),
                1 / times);
    }

    /** At most so many times what another needs, whose name begins so. */
    static Goal times(double most, String peer) {
        return new Goal(
                "at most %s x %s".formatted(plain(most), peer),
                rows -> cost(rows, Role.OURS) / cost(named(rows, peer)),
                most);
    }

    static Goal nanos(double most) {
        return new Goal("at most " + Table.time(most), rows -> cost(rows, Role.OURS), most);
    }

    /** Within so much time, whatever it needs of the processor. */
    static Goal passed(double most) {
        return new Goal(
                "within " + Table.time(most),
                rows -> {
                    Figure ours = first(rows.stream().filter(row -> row.role() == Role.OURS));
                    Double passed = ours == null ? null : ours.passed();
                    return passed == null ? Double.NaN : passed;
                },
                most);
    }

    /** At most so much more than the limit. */
    static Goal overLimit(double nanos) {
        return new Goal(
                "at most limit + " + Table.time(nanos), rows -> cost(rows, Role.OURS) - cost(rows, Role.LIMIT), nanos);
    }

    static Goal bytes(double most) {
        return new Goal(
                "at most " + Table.bytes(most),
                rows -> {
                    Figure ours = first(rows.stream().filter(row -> row.role() == Role.OURS));
                    Double bytes = ours == null ? null : ours.allocated();
                    return bytes == null ? Double.NaN : bytes;
                },
                most);
    }

    /** The goal and whether it is met. */
    String text(List<Figure> rows) {
        double is = measured.applyAsDouble(rows);
        return what + (Double.isNaN(is) ? "" : is <= most ? ": met" : ": not met");
    }

    private static double cost(List<Figure> rows, Role role) {
        return cost(first(rows.stream().filter(row -> row.role() == role)));
    }

    private static double cost(@Nullable Figure row) {
        return row == null ? Double.NaN : row.cost();
    }

    private static @Nullable Figure named(List<Figure> rows, String who) {
        return first(rows.stream().filter(row -> row.who().startsWith(who)));
    }

    private static @Nullable Figure first(Stream<Figure> rows) {
        return rows.filter(Objects::nonNull).findFirst().orElse(null);
    }

    private static String plain(double number) {
        return number == Math.rint(number)
                ? String.format(Locale.ROOT, "%.0f", number)
                : String.format(Locale.ROOT, "%s", number);
    }
}
