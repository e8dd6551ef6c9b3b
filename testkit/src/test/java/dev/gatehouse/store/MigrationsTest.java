package dev.gatehouse.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.spi.Storage;
import dev.gatehouse.spi.ViewSpec;
import dev.gatehouse.store.JdbcStorage.SchemaMode;
import dev.gatehouse.testkit.Postgres;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** A start leaves alone what is as needed, without Flyway, and nothing else. */
class MigrationsTest {
    private static final String VIEW = "gh_v_user";

    @Nested
    class H2 extends Databases {
        H2() {
            super(
                    Dialect.H2,
                    JdbcStorage.h2Memory("migrations-" + UUID.randomUUID()),
                    "select remarks from information_schema.tables where table_name = 'GH_V_USER'");
        }
    }

    @Nested
    class PostgreSql extends Databases {
        PostgreSql() {
            super(
                    Dialect.POSTGRESQL,
                    Postgres.url(Postgres.schema()),
                    "select obj_description(cast('gh_v_user' as regclass), 'pg_class')");
        }
    }

    abstract static class Databases {
        private final Dialect dialect;
        private final String url;
        private final String comment;

        Databases(Dialect dialect, String url, String comment) {
            this.dialect = dialect;
            this.url = url;
            this.comment = comment;
        }

        private void start() {
            try (Storage storage = JdbcStorage.of(url, null, null, SchemaMode.CREATE, "gh_")) {
                storage.prepare(List.of(new ViewSpec("user", "user", List.of())));
            }
        }

        private void execute(String statement) throws SQLException {
            try (Connection connection = DriverManager.getConnection(url);
                    Statement run = connection.createStatement()) {
                run.execute(statement);
            }
        }

        private String one(String select) throws SQLException {
            try (Connection connection = DriverManager.getConnection(url);
                    Statement statement = connection.createStatement();
                    ResultSet result = statement.executeQuery(select)) {
                assertThat(result.next()).isTrue();
                return result.getString(1);
            }
        }

        private boolean current() throws SQLException {
            try (Connection connection = DriverManager.getConnection(url)) {
                return new Migrations(dialect).areAllOf(connection, "gh_schema_history");
            }
        }

        /** As a newer release would leave it. */
        private void newer() throws SQLException {
            execute("insert into \"gh_schema_history\" (\"installed_rank\", \"version\", \"description\", \"type\","
                    + " \"script\", \"checksum\", \"installed_by\", \"execution_time\", \"success\") values (900, '900',"
                    + " 'more', 'SQL', 'V900__more.sql', 1, 'x', 1, true)");
        }

        @Test
        void everyFileIsNamed() throws IOException, URISyntaxException {
            String folder = "/" + Migrations.folder(dialect);
            URL at = Objects.requireNonNull(Migrations.class.getResource(folder + "/" + Migrations.SCRIPTS.get(0)));
            if (at.getProtocol().equals("jar")) {
                try (FileSystem jar = FileSystems.newFileSystem(at.toURI(), Map.of())) {
                    assertThat(names(jar.getPath(folder))).isEqualTo(Migrations.SCRIPTS);
                }
            } else {
                assertThat(names(Path.of(at.toURI()).resolveSibling(""))).isEqualTo(Migrations.SCRIPTS);
            }
        }

        private static List<String> names(Path folder) throws IOException {
            try (Stream<Path> files = Files.list(folder)) {
                return files.map(file -> file.getFileName().toString()).sorted().toList();
            }
        }

        @Test
        void whatThisReleaseMadeIsAsItNeedsIt() throws SQLException {
            start();
            assertThat(current()).isTrue();
            start();
            assertThat(current()).isTrue();
        }

        @Test
        void aHostsTablesAreNoReasonToMigrateAgain() throws SQLException {
            execute("create table host (id int)");
            start();
            assertThat(current()).isTrue();
        }

        @Test
        void aNewerSchemaIsLeftToFlywayWhichLetsItBe() throws SQLException {
            start();
            newer();
            assertThat(current()).isFalse();
            start();
        }

        @Test
        void aMigrationThatWasChangedOrFailedEndsTheStart() throws SQLException {
            for (String change : List.of("\"success\" = false", "\"checksum\" = 1")) {
                start();
                execute("create table kept as select * from \"gh_schema_history\"");
                execute("update \"gh_schema_history\" set " + change + " where \"version\" = '001'");
                assertThat(current()).isFalse();
                assertThatThrownBy(this::start).isInstanceOf(Storage.StorageException.class);
                execute("delete from \"gh_schema_history\"");
                execute("insert into \"gh_schema_history\" select * from kept");
                execute("drop table kept");
            }
        }

        @Test
        void aHistoryOfAnOlderReleaseIsMigrated() throws SQLException {
            start();
            execute("delete from \"gh_schema_history\" where \"version\" = '001'");
            for (String table : List.of("record", "unique", "lookup", "counter", "lease", "journal")) {
                execute("drop table gh_" + table + " cascade");
            }
            assertThat(current()).isFalse();
            start();
            assertThat(current()).isTrue();
            assertThat(one("select count(*) from gh_record")).isEqualTo("0");
        }

        @Test
        void aViewIsMadeAgainWhereItIsMissingOrFromAnotherRelease() throws SQLException {
            start();
            String ours = one(comment);
            execute("drop view " + VIEW);
            start();
            assertThat(one(comment)).isEqualTo(ours);
            assertThat(one("select count(*) from " + VIEW)).isEqualTo("0");

            execute("drop view " + VIEW);
            execute("create view " + VIEW + " as select 1 as other");
            execute("comment on view " + VIEW + " is '" + ours + "'");
            start();
            assertThat(one("select other from " + VIEW)).isEqualTo("1");

            execute("comment on view " + VIEW + " is 'Read-only, made by Gatehouse (0)'");
            start();
            assertThat(one("select count(environment_id) from " + VIEW)).isEqualTo("0");
            assertThat(one(comment)).isEqualTo(ours);
        }
    }
}
