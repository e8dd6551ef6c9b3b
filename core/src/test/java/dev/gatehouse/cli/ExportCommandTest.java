package dev.gatehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.config.Setting;
import dev.gatehouse.identity.NewUser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands as an operator runs them, one after another on H2 files. */
class ExportCommandTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Path data;

    @BeforeEach
    void someUsers() {
        data = folder.resolve("data");
        try (Gatehouse gatehouse =
                Gatehouse.builder().set(Setting.DATA_DIRECTORY, data.toString()).build()) {
            String ada = gatehouse
                    .users()
                    .create(NewUser.of("ada@example.com").withPassword("correct-horse-battery-9"))
                    .id();
            gatehouse.users().create(NewUser.of("bob@example.com"));
            gatehouse
                    .organizations()
                    .addMember(gatehouse.organizations().create("Acme").id(), ada, "admin");
        }
    }

    @AfterEach
    void settings() {
        System.clearProperty("gatehouse.data-directory");
    }

    @FunctionalInterface
    private interface Main {
        int run(String[] arguments, PrintStream out, PrintStream err);
    }

    private int run(Main command, Path at, Object... arguments) {
        out.reset();
        err.reset();
        List<String> all = new ArrayList<>(List.of("--data", at.toString()));
        for (Object argument : arguments) {
            all.add(argument.toString());
        }
        return command.run(
                all.toArray(String[]::new),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private int export(Object... arguments) {
        return run(ExportCommand::run, data, arguments);
    }

    @Test
    void theFileIsWholeAndItsOwnersAlone() throws IOException {
        Path file = folder.resolve("all.jsonl");
        Files.writeString(file, "an older export");
        Files.writeString(folder.resolve("all.jsonl.part"), "of one that was killed");
        assertThat(export(file)).isEqualTo(Command.USAGE);
        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith(file + " is there already; --force replaces it");
        assertThat(file).hasContent("an older export");
        assertThat(export(file, "--force"))
                .as(err.toString(StandardCharsets.UTF_8))
                .isEqualTo(Command.DONE);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo("exported: 1 organizations and 2 users to " + file + System.lineSeparator());
        assertThat(Files.readAllLines(file)).hasSize(3).allMatch(line -> line.startsWith("{\"object\":"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(folder.resolve("all.jsonl.part")).doesNotExist();
    }

    @Test
    void whatTheCommandsWriteTheyTakeAndWriteAgain() throws IOException {
        Path first = folder.resolve("first.jsonl");
        Path second = folder.resolve("second.jsonl");
        Path other = folder.resolve("other");
        assertThat(export(first)).isEqualTo(Command.DONE);
        try (Gatehouse made = Gatehouse.builder()
                .set(Setting.DATA_DIRECTORY, other.toString())
                .build()) {
            assertThat(made.users().findByEmail("ada@example.com")).isEmpty();
        }
        assertThat(run(ImportCommand::run, other, first, "--dry-run", "--quiet"))
                .isEqualTo(Command.DONE);
        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("would be imported: 3 new, 0 updated");
        assertThat(run(ImportCommand::run, other, first, "--quiet")).isEqualTo(Command.DONE);
        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("imported: 3 new, 0 updated, 0 there already");
        assertThat(run(ImportCommand::run, other, first, "--quiet")).isEqualTo(Command.DONE);
        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("done before, nothing to do (--restart");
        assertThat(run(ExportCommand::run, other, second)).isEqualTo(Command.DONE);
        assertThat(Files.readString(second)).isEqualTo(Files.readString(first));
    }

    @Test
    void csvHasUsersAlone() throws IOException {
        Path file = folder.resolve("all.csv");
        assertThat(export(file)).isEqualTo(Command.DONE);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo("exported: 2 users to " + file + System.lineSeparator());
        assertThat(Files.readAllLines(file)).hasSize(3);
        assertThat(Files.readString(file)).doesNotContain("Acme");
        Path named = folder.resolve("all.txt");
        assertThat(export(named, "--format", "csv")).isEqualTo(Command.DONE);
        assertThat(Files.readString(named)).isEqualTo(Files.readString(file));
    }

    @Test
    void aWrongCommandLineWritesNothing() {
        Path file = folder.resolve("all.csv");
        for (Object[] wrong : List.of(
                new Object[] {},
                new Object[] {file, file},
                new Object[] {file, "--totp-secrets"},
                new Object[] {file, "--format", "xml"},
                new Object[] {file, "--everything"},
                new Object[] {file, "--format"})) {
            assertThat(export(wrong)).as(List.of(wrong).toString()).isEqualTo(Command.USAGE);
            assertThat(err.toString(StandardCharsets.UTF_8)).contains("usage: export FILE");
        }
        assertThat(file).doesNotExist();
        assertThat(export(file)).as("without what is wrong").isEqualTo(Command.DONE);
    }

    @Test
    void anImportMakesADatabaseOnlyIfItIsTold() throws IOException {
        Path file = folder.resolve("first.jsonl");
        Path nowhere = folder.resolve("nowhere");
        assertThat(export(file)).isEqualTo(Command.DONE);
        for (Object[] options : List.of(new Object[] {file, "--quiet"}, new Object[] {file, "--quiet", "--dry-run"})) {
            assertThat(run(ImportCommand::run, nowhere, options)).isEqualTo(Command.FAILED);
            assertThat(err.toString(StandardCharsets.UTF_8)).contains("there is no database in " + nowhere);
            assertThat(nowhere).doesNotExist();
        }
        assertThat(run(ImportCommand::run, nowhere, file, "--quiet", "--dry-run", "--new"))
                .isEqualTo(Command.USAGE);
        assertThat(nowhere).doesNotExist();
        assertThat(run(ImportCommand::run, nowhere, file, "--quiet", "--new")).isEqualTo(Command.DONE);
    }

    @Test
    void aPlaceWithoutADatabaseIsNotAnEmptyOne() {
        Path file = folder.resolve("all.jsonl");
        assertThat(run(ExportCommand::run, folder.resolve("misspelt"), file)).isEqualTo(Command.FAILED);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .startsWith("failed: ")
                .contains("there is no database in " + folder.resolve("misspelt"));
        assertThat(folder.resolve("misspelt")).doesNotExist();
        assertThat(folder.resolve("all.jsonl.part")).doesNotExist();
        assertThat(file).doesNotExist();
        assertThat(export(folder.resolve("no such folder").resolve("all.jsonl")))
                .isEqualTo(Command.FAILED);
        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("there is no file ");
        assertThat(export(file)).isEqualTo(Command.DONE);
    }
}
