package dev.gatehouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.spi.Storage;
import dev.gatehouse.spi.ViewSpec;
import dev.gatehouse.store.JdbcStorage;
import dev.gatehouse.store.JdbcStorage.SchemaMode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Who makes the tables, and what becomes of the host's own. */
class SchemaModesTest {

    @Nested
    class H2 extends Modes {
        H2() {
            super(JdbcStorage.h2Memory("schema-" + UUID.randomUUID()), "h2");
        }
    }

    @Nested
    class PostgreSql extends Modes {
        PostgreSql() {
            super(Postgres.url(Postgres.schema()), "postgresql");
        }
    }

    abstract static class Modes {
        private final String url;
        private final String vendor;

        Modes(String url, String vendor) {
            this.url = url;
            this.vendor = vendor;
        }

        private Storage open(SchemaMode mode, String prefix) {
            Storage storage = JdbcStorage.of(url, null, null, mode, prefix);
            try {
                storage.prepare(List.of(new ViewSpec("user", "user", List.of())));
                return storage;
            } catch (RuntimeException e) {
                storage.close();
                throw e;
            }
        }

        private void execute(String... statements) throws SQLException {
            try (Connection connection = DriverManager.getConnection(url);
                    Statement statement = connection.createStatement()) {
                for (String text : statements) {
                    statement.execute(text);
                }
            }
        }

        private List<String> query(String select) throws SQLException {
            List<String> values = new ArrayList<>();
            try (Connection connection = DriverManager.getConnection(url);
                    Statement statement = connection.createStatement();
                    var result = statement.executeQuery(select)) {
                while (result.next()) {
                    values.add(result.getString(1));
                }
            }
            return values;
        }

        private static void insert(Storage storage, String id) {
            storage.<Boolean>inTransaction(tx -> {
                tx.insert(StorageFixture.row(id), StorageFixture.unique("email", id));
                return true;
            });
        }

        private static boolean has(Storage storage, String id) {
            return storage.<Boolean>inTransaction(
                    tx -> tx.getByKey(StorageFixture.ENV, StorageFixture.KIND, "email", id)
                            .isPresent());
        }

        @Test
        void creatingTwiceKeepsWhatIsThere() {
            try (Storage storage = open(SchemaMode.CREATE, "gh_")) {
                insert(storage, "a");
                storage.prepare(List.of());
            }
            try (Storage storage = open(SchemaMode.CREATE, "gh_")) {
                assertThat(has(storage, "a")).isTrue();
            }
        }

        @Test
        void severalNodesMayCreateAtOnce() {
            try (Race race = new Race(4)) {
                race.start(n -> {
                    open(SchemaMode.CREATE, "gh_").close();
                    return n;
                });
            }
            try (Storage storage = open(SchemaMode.VALIDATE, "gh_")) {
                insert(storage, "a");
                assertThat(has(storage, "a")).isTrue();
            }
        }

        @Test
        void validationPassesAfterCreationAndOtherwiseNamesTheCure() throws SQLException {
            assertThatThrownBy(() -> open(SchemaMode.VALIDATE, "gh_"))
                    .isInstanceOf(Storage.StorageException.class)
                    .hasMessageContaining("gh_")
                    .hasMessageContaining("dev/gatehouse/store/sql/")
                    .hasMessageMatching("(?is).*create.*");
            open(SchemaMode.CREATE, "gh_").close();
            open(SchemaMode.VALIDATE, "gh_").close();
            assertThatThrownBy(() -> open(SchemaMode.VALIDATE, "other_")).hasMessageContaining("other_");
            execute("drop table gh_lease");
            assertThatThrownBy(() -> open(SchemaMode.VALIDATE, "gh_")).hasMessageContaining("gh_lease");
        }

        @Test
        void theSqlMayBeRunByHand() throws SQLException, IOException {
            byHand("mine_");
            for (SchemaMode mode : List.of(SchemaMode.VALIDATE, SchemaMode.OFF)) {
                try (Storage storage = open(mode, "mine_")) {
                    insert(storage, mode.name());
                    assertThat(has(storage, mode.name())).isTrue();
                }
            }
        }

        private void byHand(String prefix) throws IOException, SQLException {
            String file = "/dev/gatehouse/store/sql/" + vendor + "/V001__tables.sql";
            try (InputStream in = JdbcStorage.class.getResourceAsStream(file)) {
                String sql = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                execute(sql.replace("${prefix}", prefix));
            }
        }

        @Test
        void offMakesNothing() {
            try (Storage storage = open(SchemaMode.OFF, "gh_")) {
                assertThatThrownBy(() -> insert(storage, "a")).isInstanceOf(Storage.StorageException.class);
            }
        }

        @Test
        void theHostsTablesAndItsMigrationsStayUntouched() throws SQLException {
            Flyway host = Flyway.configure()
                    .dataSource(url, null, null)
                    .locations("classpath:host-migrations")
                    .load();
            host.migrate();
            execute("insert into record (id) values ('mine')");
            List<String> history = query("select \"description\" from \"flyway_schema_history\"");
            try (Storage storage = open(SchemaMode.CREATE, "gh_")) {
                insert(storage, "a");
            }
            assertThat(query("select id from record")).containsExactly("mine");
            assertThat(query("select \"description\" from \"flyway_schema_history\""))
                    .isEqualTo(history);
            host.validate();
            host.migrate();
            open(SchemaMode.CREATE, "gh_").close();
        }

        @Test
        void twoPrefixesAreTwoStorages() {
            try (Storage one = open(SchemaMode.CREATE, "one_");
                    Storage two = open(SchemaMode.CREATE, "two_")) {
                insert(one, "a");
                assertThat(has(two, "a")).isFalse();
                insert(two, "a");
                one.<Boolean>inTransaction(tx -> tx.delete(StorageFixture.ENV, StorageFixture.KIND, "a"));
                assertThat(has(two, "a")).isTrue();
            }
        }

        @Test
        void aPrefixIsAWord() {
            for (String prefix : List.of("", "Gh_", "1a", "a-b", "a\"; drop", "a_very_long_prefix")) {
                assertThatThrownBy(() -> JdbcStorage.of(url, null, null, SchemaMode.OFF, prefix))
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
    }
}
