package dev.gatehouse.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.portability.ImportListener;
import dev.gatehouse.portability.ImportProgress;
import dev.gatehouse.portability.RefusedRow;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes down which rows are refused, one JSON object a line, and shows on a terminal how far an import is. */
final class Console implements ImportListener, AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path report;
    private final @Nullable PrintStream terminal;
    private @Nullable BufferedWriter refused;
    private long began;
    private long before;
    private long total;

    /** @param terminal where to show progress; null for nowhere */
    Console(Path report, @Nullable PrintStream terminal) {
        this.report = report;
        this.terminal = terminal;
    }

    @Override
    public void started(ImportProgress soFar, long toldFrom) {
        began = System.nanoTime();
        before = soFar.rows();
        total = soFar.total();
        try {
            if (soFar.rows() == 0) {
                Files.deleteIfExists(report);
            } else if (Files.exists(report)) {
                keepBefore(toldFrom);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (terminal != null && before > 0 && !doneBefore()) {
            terminal.println("goes on after row " + before + " of " + soFar.total());
        }
    }

    /** Whether an earlier run had done every row. */
    boolean doneBefore() {
        return before > 0 && before == total;
    }

    /** An earlier run died: what it wrote of its last rows, perhaps cut short, is told again. */
    private void keepBefore(long row) throws IOException {
        Path kept = report.resolveSibling(report.getFileName() + ".part");
        try (BufferedReader in = Files.newBufferedReader(report);
                BufferedWriter out = Files.newBufferedWriter(kept)) {
            for (String line = in.readLine(); line != null && rowOf(line) < row; line = in.readLine()) {
                out.write(line);
                out.write('\n');
            }
        }
        Files.move(kept, report, StandardCopyOption.REPLACE_EXISTING);
    }

    private static long rowOf(String line) {
        try {
            return JSON.readTree(line).path("row").asLong(Long.MAX_VALUE);
        } catch (JsonProcessingException e) {
            return Long.MAX_VALUE;
        }
    }

    @Override
    public void refused(RefusedRow problem) {
        try {
            if (refused == null) {
                refused = Files.newBufferedWriter(report, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            }
            refused.write(JSON.writeValueAsString(problem));
            refused.write('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void progress(ImportProgress now) {
        try {
            if (refused != null) {
                refused.flush();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (terminal != null) {
            terminal.print("\r" + line(now, System.nanoTime() - began, before) + "\u001b[K");
            terminal.flush();
        }
    }

    /** {@code 50000/100000 rows (50 %), 2400 a second, 21 s left, 3 refused}. */
    static String line(ImportProgress now, long nanos, long before) {
        double rate = (now.rows() - before) / Math.max(nanos / 1e9, 1e-3);
        return String.format(
                Locale.ROOT,
                "%d/%d rows (%d %%), %.0f a second, %.0f s left, %d refused",
                now.rows(),
                now.total(),
                now.total() == 0 ? 100 : now.rows() * 100 / now.total(),
                rate,
                rate < 1e-9 ? 0 : (now.total() - now.rows()) / rate,
                now.refused());
    }

    @Override
    public void close() throws IOException {
        if (refused != null) {
            refused.close();
        }
        if (terminal != null) {
            terminal.println();
        }
    }
}
