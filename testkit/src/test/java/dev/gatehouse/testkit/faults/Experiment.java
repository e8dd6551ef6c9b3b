package dev.gatehouse.testkit.faults;

import java.util.List;

/** One row of the catalogue of faults. */
interface Experiment {
    /** As the catalogue numbers it. */
    String id();

    /** What goes wrong. */
    String what();

    /** How long a spent refresh token is answered in it. */
    default String window() {
        return "10s";
    }

    /**
     * Does it.
     *
     * @param full with the catalogue's load, else with one of some seconds
     */
    List<Figure> run(Cluster cluster, boolean full) throws Exception;

    /**
     * A figure with its limit.
     *
     * @param pass whether it is kept
     */
    record Figure(String name, String value, String limit, boolean pass) {
        static Figure none(String name, long value) {
            return new Figure(name, Long.toString(value), "0", value == 0);
        }

        static Figure all(String name, long value, long of) {
            return new Figure(name, value + " of " + of, of + " of " + of, value == of);
        }

        static Figure below(String name, double value, double limit, String unit) {
            return new Figure(
                    name,
                    String.format(java.util.Locale.ROOT, "%.1f %s", value, unit),
                    String.format(java.util.Locale.ROOT, "< %.0f %s", limit, unit),
                    value < limit);
        }
    }
}
