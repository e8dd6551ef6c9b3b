package dev.gatehouse.cli;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.portability.Format;
import dev.gatehouse.portability.ImportOptions;
import dev.gatehouse.portability.ImportOptions.Existing;
import dev.gatehouse.portability.ImportProgress;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Imports the users of a file into the configured database; see {@code bin/import}. Exit codes: 0 all rows are in, 1 it
 * failed and goes on where it was when run again, 2 the command line is wrong, 3 all rows were read and some refused.
 */
public final class ImportCommand {
    private static final String USAGE = "usage: import FILE [--name NAME] [--format json-lines|csv]"
            + " [--existing skip|update|refuse] [--dry-run | --new] [--restart] [--report FILE] [--quiet]"
            + " [--data DIR] [--database-url URL]";

    private ImportCommand() {}

    /** Runs the command and ends the process. */
    public static void main(String[] arguments) {
        System.exit(run(arguments, System.out, System.err));
    }

    static int run(String[] arguments, PrintStream out, PrintStream err) {
        return Command.run(err, USAGE, () -> {
            Arguments given = new Arguments(
                    arguments,
                    Set.of("--name", "--format", "--existing", "--report"),
                    Set.of("--dry-run", "--new", "--restart", "--quiet"));
            if (given.alone().size() != 1) {
                throw new Arguments.Wrong("expected one file");
            }
            Path file = Path.of(given.alone().get(0));
            // before a database is opened, or even made
            Files.newInputStream(file).close();
            ImportOptions options = options(given, file);
            Path report = Path.of(given.value("--report").orElse(file + ".refused.jsonl"));
            boolean fresh = given.flag("--new");
            if (fresh && options.dryRun()) {
                throw new Arguments.Wrong("a dry run makes no database: --dry-run or --new");
            }
            given.set();
            Gatehouse.Builder database = fresh ? Gatehouse.builder() : Command.existing();
            return run(database, file, options, report, given.flag("--quiet") ? null : err, out);
        });
    }

    private static ImportOptions options(Arguments given, Path file) {
        String name = given.value("--name")
                .orElse(Objects.requireNonNullElse(file.getFileName(), file).toString());
        return new ImportOptions(
                name,
                given.word("--format", Format.class).orElse(Format.of(file)),
                given.word("--existing", Existing.class).orElse(Existing.SKIP),
                given.flag("--dry-run"),
                given.flag("--restart"));
    }

    private static int run(
            Gatehouse.Builder database,
            Path file,
            ImportOptions options,
            Path report,
            @Nullable PrintStream terminal,
            PrintStream out)
            throws IOException {
        ImportProgress done;
        boolean before;
        try (Gatehouse gatehouse = database.build();
                Console console = new Console(report, terminal)) {
            done = gatehouse.portability().importUsers(file, options, console);
            before = console.doneBefore();
        }
        if (before) {
            out.println("done before, nothing to do (--restart begins anew)");
        }
        out.println((options.dryRun() ? "would be imported: " : "imported: ") + done.created() + " new, "
                + done.updated() + " updated, " + done.skipped() + " there already, " + done.refused() + " refused"
                + (done.refused() > 0 ? " (why: " + report + ")" : ""));
        return done.refused() > 0 ? Command.REFUSED : Command.DONE;
    }
}
