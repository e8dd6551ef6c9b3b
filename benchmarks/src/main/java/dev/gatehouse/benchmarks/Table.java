package dev.gatehouse.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The table: one row for each contender of each operation. */
final class Table {
    private static final String HEAD = """
            | part | operation | who | processor | wall | B/op | x limit | x ours | goal |
            |---|---|---|---:|---:|---:|---:|---:|---|
            """;

    private Table() {}

    static String of(List<Figure> figures) {
        Map<String, List<Figure>> operations = new LinkedHashMap<>();
        figures.forEach(figure -> operations
                .computeIfAbsent(figure.part() + "\t" + figure.operation(), key -> new ArrayList<>())
                .add(figure));
        StringBuilder table = new StringBuilder(HEAD);
        operations.values().forEach(rows -> rows.forEach(row -> table.append(line(row, rows))));
        return table.toString();
    }

    private static String line(Figure row, List<Figure> rows) {
        String goals = row.role() == Role.OURS
                ? Goals.of(row.part(), row.operation()).stream()
                        .map(goal -> goal.text(rows))
                        .collect(Collectors.joining("; "))
                : "";
        String remarks = row.note().isEmpty() ? goals : goals.isEmpty() ? row.note() : row.note() + "; " + goals;
        return "| %s | %s | %s | %s | %s | %s | %s | %s | %s |%n"
                .formatted(
                        row.part().key(),
                        row.operation(),
                        row.who(),
                        time(row.nanos()),
                        time(row.passed()),
                        bytes(row.allocated()),
                        ratio(row, rows, Role.LIMIT),
                        ratio(row, rows, Role.OURS),
                        remarks);
    }

    /** Processor time beside processor time, or wall beside wall: the first row of that role is the measure. */
    private static String ratio(Figure row, List<Figure> rows, Role role) {
        return rows.stream()
                .filter(other -> other.role() == role)
                .findFirst()
                .map(measure -> row.cost() / measure.cost())
                .filter(Double::isFinite)
                .map(ratio -> String.format(Locale.ROOT, ratio < 10 ? "%.2f" : "%.0f", ratio))
                .orElse("");
    }

    static String time(@Nullable Double nanos) {
        if (nanos == null) {
            return "";
        }
        return nanos < 1_000
                ? String.format(Locale.ROOT, "%.0f ns", nanos)
                : nanos < 1e6
                        ? String.format(Locale.ROOT, nanos < 1e5 ? "%.1f us" : "%.0f us", nanos / 1e3)
                        : nanos < 1e9
                                ? String.format(Locale.ROOT, nanos < 1e8 ? "%.1f ms" : "%.0f ms", nanos / 1e6)
                                : String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
    }

    static String bytes(@Nullable Double bytes) {
        if (bytes == null) {
            return "";
        }
        return bytes < 10_000
                ? String.format(Locale.ROOT, "%.0f B", bytes)
                : bytes < 1e7
                        ? String.format(Locale.ROOT, "%.0f kB", bytes / 1e3)
                        : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }
}
