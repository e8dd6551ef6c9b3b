package dev.gatehouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.spi.Keys;
import dev.gatehouse.spi.Row;
import dev.gatehouse.spi.Storage;
import dev.gatehouse.spi.ViewSpec;
import dev.gatehouse.spi.ViewSpec.Column;
import dev.gatehouse.store.JdbcStorage;
import dev.gatehouse.store.JdbcStorage.SchemaMode;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The views through which the owner of the database reads his data. */
class SqlViewsTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Instant CREATED = Instant.parse("2026-03-29T01:30:00.123Z");

    @Nested
    class H2 extends Views {
        H2() {
            super(JdbcStorage.h2Memory("views-" + UUID.randomUUID()));
        }
    }

    @Nested
    class H2AsPostgreSql extends Views {
        H2AsPostgreSql() {
            super(JdbcStorage.h2Memory("views-" + UUID.randomUUID()) + ";MODE=PostgreSQL");
        }
    }

    @Nested
    class PostgreSql extends Views {
        PostgreSql() {
            super(Postgres.url(Postgres.schema()));
        }
    }

    abstract static class Views {
        private final String url;

        Views(String url) {
            this.url = url;
        }

        private static ViewSpec users(Column... more) {
            List<Column> columns = new ArrayList<>(List.of(
                    new Column("email", ViewSpec.Type.TEXT),
                    new Column("verified", ViewSpec.Type.BOOLEAN),
                    new Column("logins", ViewSpec.Type.NUMBER),
                    new Column("metadata", ViewSpec.Type.JSON)));
            columns.addAll(List.of(more));
            return new ViewSpec("user", "user", columns);
        }

        private Storage open(ViewSpec... views) {
            Storage storage = JdbcStorage.of(url, null, null, SchemaMode.CREATE, "gh_");
            storage.prepare(List.of(views));
            return storage;
        }

        private static void insert(Storage storage, String kind, String id, JsonNode body) {
            Row row = new Row("env_1", kind, id, 1, CREATED, CREATED.plusMillis(1), null, body.toString());
            storage.<Boolean>inTransaction(tx -> {
                tx.insert(row, Keys.NONE);
                return true;
            });
        }

        private static ObjectNode body() {
            return JSON.createObjectNode();
        }

        private <T> List<T> query(String select, Class<T> type) throws SQLException {
            List<T> values = new ArrayList<>();
            try (Connection connection = DriverManager.getConnection(url);
                    Statement statement = connection.createStatement();
                    var result = statement.executeQuery(select)) {
                while (result.next()) {
                    values.add(result.getObject(1, type));
                }
            }
            return values;
        }

        @Test
        void textIsShownAsItIs() throws SQLException {
            List<String> texts = List.of(
                    "plain",
                    "it's \"quoted\"",
                    "back\\slash",
                    "\\\"",
                    "\\n is not a line",
                    "two\nlines\tand a tab",
                    "äöü ß 漢字 \uD83D\uDE00",
                    "",
                    " spaces ",
                    "null",
                    "[1]",
                    "\"",
                    "\\",
                    "a\u0001b",
                    "/",
                    "\u2028",
                    "\\u0041");
            try (Storage storage = open(users())) {
                for (int i = 0; i < texts.size(); i++) {
                    insert(storage, "user", "u%02d".formatted(i), body().put("email", texts.get(i)));
                }
                assertThat(query("select email from gh_v_user order by id", String.class))
                        .containsExactlyElementsOf(texts);
                assertThat(query("select id from gh_v_user where email = 'it''s \"quoted\"'", String.class))
                        .containsExactly("u01");
            }
        }

        @Test
        void everyTypeHasItsColumnAndWhatIsMissingIsNull() throws Exception {
            try (Storage storage = open(users())) {
                JsonNode metadata = JSON.readTree("{\"a\": [1, {\"b\": \"x\\\"y\"}], \"c\": null}");
                ObjectNode full =
                        body().put("email", "a@b.c").put("verified", true).put("logins", 12.5);
                insert(storage, "user", "full", full.set("metadata", metadata));
                insert(storage, "user", "empty", body());
                ObjectNode nulls = body().putNull("email").putNull("verified").putNull("logins");
                insert(storage, "user", "nulls", nulls.putNull("metadata"));
                insert(
                        storage,
                        "user",
                        "text",
                        body().put("metadata", "just \"text\"").put("verified", false));
                String from = " from gh_v_user where id = ";
                assertThat(query("select verified" + from + "'full'", Boolean.class))
                        .containsExactly(true);
                assertThat(query("select verified" + from + "'text'", Boolean.class))
                        .containsExactly(false);
                assertThat(query("select logins" + from + "'full'", java.math.BigDecimal.class))
                        .singleElement()
                        .satisfies(n -> assertThat(n).isEqualByComparingTo("12.5"));
                assertThat(JSON.readTree(query("select metadata" + from + "'full'", String.class)
                                .get(0)))
                        .isEqualTo(metadata);
                assertThat(query("select metadata" + from + "'text'", String.class))
                        .containsExactly("\"just \\\"text\\\"\"");
                assertThat(query(
                                "select id from gh_v_user where email is null and verified is null"
                                        + " and logins is null and metadata is null order by id",
                                String.class))
                        .containsExactly("empty", "nulls");
            }
        }

        @Test
        void instantsAreTimestampsWithAZone() throws SQLException {
            try (Storage storage = open(users())) {
                insert(storage, "user", "u", body());
                assertThat(query("select created_at from gh_v_user", OffsetDateTime.class))
                        .extracting(OffsetDateTime::toInstant)
                        .containsExactly(CREATED);
                assertThat(query("select updated_at from gh_v_user", OffsetDateTime.class))
                        .extracting(OffsetDateTime::toInstant)
                        .containsExactly(CREATED.plusMillis(1));
                assertThat(query("select environment_id from gh_v_user", String.class))
                        .containsExactly("env_1");
            }
        }

        @Test
        void aViewShowsItsKindOnlyAndFollowsTheRows() throws SQLException {
            try (Storage storage = open(users())) {
                insert(storage, "user", "u", body());
                insert(storage, "role", "r", body());
                assertThat(query("select id from gh_v_user", String.class)).containsExactly("u");
                storage.<Boolean>inTransaction(tx -> tx.delete("env_1", "user", "u"));
                assertThat(query("select id from gh_v_user", String.class)).isEmpty();
            }
        }

        @Test
        void oneOddBodyDoesNotBreakTheViewForTheOthers() throws SQLException {
            try (Storage storage = open(users())) {
                insert(storage, "user", "a", body().put("email", "a").put("other", "x\u0000y\\u0000"));
                insert(
                        storage,
                        "user",
                        "b",
                        body().put("email", "b").put("verified", "maybe").put("logins", "many"));
                insert(storage, "user", "c", body().put("email", "c"));
                assertThat(query("select email from gh_v_user order by id", String.class))
                        .containsExactly("a", "b", "c");
                assertThat(query("select verified from gh_v_user order by id", Boolean.class))
                        .containsOnlyNulls();
                assertThat(query("select logins from gh_v_user order by id", java.math.BigDecimal.class))
                        .containsOnlyNulls();
            }
        }

        @Test
        void nobodyWritesThroughAView() throws SQLException {
            try (Storage storage = open(users())) {
                insert(storage, "user", "u", body());
                for (String statement : List.of(
                        "insert into gh_v_user (environment_id, id) values ('env_1', 'x')",
                        "update gh_v_user set id = 'y'",
                        "delete from gh_v_user")) {
                    try (Connection connection = DriverManager.getConnection(url);
                            Statement run = connection.createStatement()) {
                        assertThatThrownBy(() -> run.execute(statement)).isInstanceOf(SQLException.class);
                    }
                }
                assertThat(query("select id from gh_v_user", String.class)).containsExactly("u");
            }
        }

        @Test
        void aNewReleaseChangesTheColumns() throws SQLException {
            open(users(new Column("first", ViewSpec.Type.TEXT), new Column("last", ViewSpec.Type.TEXT)))
                    .close();
            try (Storage storage =
                    open(new ViewSpec("user", "user", List.of(new Column("last", ViewSpec.Type.TEXT))))) {
                insert(storage, "user", "u", body().put("last", "x"));
                assertThat(query("select last from gh_v_user", String.class)).containsExactly("x");
            }
        }

        @Test
        void aColumnMayBeCalledLikeAWordOfTheLanguage() throws SQLException {
            try (Storage storage =
                    open(users(new Column("order", ViewSpec.Type.TEXT), new Column("value", ViewSpec.Type.TEXT)))) {
                insert(storage, "user", "u", body().put("order", "x").put("value", "y"));
                assertThat(query("select id from gh_v_user", String.class)).containsExactly("u");
            }
        }
    }
}
