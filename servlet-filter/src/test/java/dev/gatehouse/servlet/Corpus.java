package dev.gatehouse.servlet;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Test data that is shared between machines of the project and not shipped; tests skip where it is absent. */
final class Corpus {
    private Corpus() {}

    /** The rows of a CSV file below {@code shared/security/corpora} (RFC 4180), without its header. */
    static List<List<String>> csv(String name) throws IOException {
        String configured = System.getProperty("gatehouse.shared");
        Path found = configured == null ? null : Path.of(configured, "security/corpora", name);
        for (Path at = Path.of(System.getProperty("user.dir")).toAbsolutePath();
                found == null && at != null;
                at = at.getParent()) {
            Path candidate = at.resolve("shared/security/corpora").resolve(name);
            found = Files.exists(candidate) ? candidate : null;
        }
        assumeTrue(found != null && Files.exists(found), "no shared corpus " + name);
        List<List<String>> rows = rows(Files.readString(found));
        return rows.subList(1, rows.size());
    }

    private static List<List<String>> rows(String text) {
        List<List<String>> rows = new ArrayList<>();
        List<String> row = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                boolean escaped = quoted && i + 1 < text.length() && text.charAt(i + 1) == '"';
                if (escaped) {
                    field.append(c);
                    i++;
                } else {
                    quoted = !quoted;
                }
            } else if (!quoted && c == ',') {
                row.add(field.toString());
                field.setLength(0);
            } else if (!quoted && c == '\n') {
                int length = field.length();
                row.add(
                        length > 0 && field.charAt(length - 1) == '\r'
                                ? field.substring(0, length - 1)
                                : field.toString());
                field.setLength(0);
                rows.add(row);
                row = new ArrayList<>();
            } else {
                field.append(c);
            }
        }
        return rows;
    }
}
