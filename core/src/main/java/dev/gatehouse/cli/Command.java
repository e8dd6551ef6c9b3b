package dev.gatehouse.cli;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.config.ConfigException;
import dev.gatehouse.config.Setting;
import dev.gatehouse.portability.ImportException;
import dev.gatehouse.spi.Storage;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.NoSuchFileException;

/** What commands have in common: exit codes, and one line that says what is wrong. */
final class Command {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int REFUSED = 3;

    private Command() {}

    /** A command's work; its exit code. */
    @FunctionalInterface
    interface Work {
        int run() throws IOException;
    }

    /** What opens the configured database, which must be there: a misspelt place must not become a new, empty one. */
    static Gatehouse.Builder existing() {
        return Gatehouse.builder().set(Setting.SCHEMA, "validate");
    }

    static int run(PrintStream err, String usage, Work work) {
        try {
            return work.run();
        } catch (Arguments.Wrong e) {
            err.println(e.getMessage());
            err.println(usage);
            return USAGE;
        } catch (NoSuchFileException e) {
            err.println("there is no file " + e.getMessage());
        } catch (IOException | ConfigException | Storage.StorageException | ImportException e) {
            err.println("failed: " + e.getMessage());
        }
        return FAILED;
    }
}
