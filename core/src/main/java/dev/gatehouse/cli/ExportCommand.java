package dev.gatehouse.cli;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.portability.Format;
import dev.gatehouse.portability.Portability.ExportOptions;
import dev.gatehouse.portability.Portability.Exported;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Writes the users and organizations of the configured database to a file that only its owner can read; see {@code
 * bin/export}. Exit codes:
 * 0 it is whole, 1 it failed, 2 the command line is wrong.
 */
public final class ExportCommand {
    private static final String USAGE =
            "usage: export FILE [--force] [--format json-lines|csv] [--totp-secrets] [--data DIR] [--database-url URL]";

    private ExportCommand() {}

    /** Runs the command and ends the process. */
    public static void main(String[] arguments) {
        System.exit(run(arguments, System.out, System.err));
    }

    static int run(String[] arguments, PrintStream out, PrintStream err) {
        return Command.run(err, USAGE, () -> {
            Arguments given = new Arguments(arguments, Set.of("--format"), Set.of("--totp-secrets", "--force"));
            if (given.alone().size() != 1) {
                throw new Arguments.Wrong("expected one file");
            }
            Path file = Path.of(given.alone().get(0));
            ExportOptions options = options(given, file);
            if (Files.exists(file) && !given.flag("--force")) {
                throw new Arguments.Wrong(file + " is there already; --force replaces it");
            }
            given.set();
            Exported done = export(file, options);
            out.println("exported: "
                    + (options.format() == Format.CSV ? "" : done.organizations() + " organizations and ")
                    + done.users() + " users to " + file);
            return Command.DONE;
        });
    }

    private static ExportOptions options(Arguments given, Path file) {
        try {
            return new ExportOptions(
                    given.word("--format", Format.class).orElse(Format.of(file)), given.flag("--totp-secrets"));
        } catch (IllegalArgumentException e) {
            throw new Arguments.Wrong(String.valueOf(e.getMessage()));
        }
    }

    private static Exported export(Path file, ExportOptions options) throws IOException {
        // under another name until it is whole
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Exported done;
        try (Gatehouse gatehouse = Command.existing().build()) {
            Files.deleteIfExists(part);
            if (part.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.createFile(
                        part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            } else {
                Files.createFile(part);
            }
            try (OutputStream out = Files.newOutputStream(part)) {
                done = gatehouse.portability().exportUsers(out, options);
            }
        }
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        return done;
    }
}
