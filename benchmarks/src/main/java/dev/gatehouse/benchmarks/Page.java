package dev.gatehouse.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes what was measured into {@code docs/performance.md}, between its markers. Rows of parts that were not measured stay as
 * they are, each part with the line that says when and where it was.
 */
final class Page {
    private static final String BEGIN = "<!-- printed by bin/bench -->";
    private static final String END = "<!-- end -->";

    private Page() {}

    static void write(Set<Part> measured, String table, String conditions) throws IOException {
        Path page = Path.of(System.getProperty("bench.root", "."), "docs/performance.md");
        String text = Files.readString(page);
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END, begin);
        if (begin < 0 || end < 0) {
            throw new IOException(page + " has no lines " + BEGIN + " and " + END);
        }
        String old = text.substring(begin + BEGIN.length(), end);
        Files.writeString(
                page,
                text.substring(0, begin) + BEGIN + "\n\n" + merged(measured, old, table, conditions) + "\n"
                        + text.substring(end));
        System.err.println("wrote " + page);
    }

    private static String merged(Set<Part> measured, String old, String table, String conditions) {
        List<String> head = table.lines().limit(2).toList();
        StringBuilder all = new StringBuilder(String.join("\n", head)).append('\n');
        for (Part part : Part.values()) {
            String begins = "| " + part.key() + " |";
            (measured.contains(part) ? table : old)
                    .lines()
                    .filter(line -> line.startsWith(begins))
                    .forEach(line -> all.append(line).append('\n'));
        }
        all.append('\n');
        for (Part part : Part.values()) {
            String begins = "- " + part.key() + ": ";
            if (measured.contains(part)) {
                all.append(begins).append(conditions).append('\n');
            } else {
                all.append(old.lines()
                        .filter(line -> line.startsWith(begins))
                        .map(line -> line + "\n")
                        .collect(Collectors.joining()));
            }
        }
        return all.toString();
    }
}
