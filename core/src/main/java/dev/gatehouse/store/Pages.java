package dev.gatehouse.store;

import static dev.gatehouse.store.StoredValue.storable;
import static dev.gatehouse.store.StoredValue.value;

import dev.gatehouse.spi.Query;
import dev.gatehouse.spi.Row;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Reads pages. One lookup drives: the primary key of the lookups ends with the identifier, so that a page is the beginning
 * of a range of it, and is read without sorting however many rows there are. Further lookups are checked row by row.
 */
final class Pages {
    /** More values than this select little of a kind: identifiers, not words. */
    private static final int FEW = 100;

    private final Statements db;
    private final Sql sql;
    private final Rows rows;

    /** Rows of a query's kind by their identifiers. */
    @FunctionalInterface
    interface Rows {
        Map<String, Row> of(Query query, Collection<String> ids);
    }

    Pages(Statements db, Sql sql, Rows rows) {
        this.db = db;
        this.sql = sql;
        this.rows = rows;
    }

    /** A statement being written, with its arguments. */
    private static final class Draft {
        private final StringBuilder text = new StringBuilder();
        private final List<String> arguments = new ArrayList<>();

        Draft add(String more, String... values) {
            text.append(more);
            arguments.addAll(List.of(values));
            return this;
        }

        void bind(PreparedStatement statement) throws SQLException {
            Statements.bind(statement, arguments.toArray(String[]::new));
        }
    }

    /** One page, see {@link Query}. */
    List<Row> find(Query query) {
        if (query.where().values().stream().anyMatch(Set::isEmpty)
                || (query.text() != null && !storable(query.text()))) {
            return List.of();
        }
        String driver = driver(query);
        Set<String> values = query.where().getOrDefault(driver, Set.of());
        if (values.size() > 1) {
            return merged(query, driver, values);
        }
        Draft draft = new Draft();
        for (String value : values) {
            from(draft.add("select " + Sql.COLUMNS), query, driver, value, true);
        }
        if (values.isEmpty()) {
            draft.add("select " + Sql.COLUMNS + " from " + sql.record + " r where r.env = ? and r.kind = ?");
            draft.add("", query.env(), query.kind());
            checked(draft, query, "r", driver);
            ordered(draft, query, "r.env, r.kind, r.id");
        }
        return db.rows(draft.text.toString(), draft::bind);
    }

    /**
     * The lookup that drives, empty for none. Of several it is that of the longest values, since an identifier selects more
     * than a word; and one of very many values only if nothing else is asked for.
     */
    private static String driver(Query query) {
        boolean only = query.where().size() == 1 && query.text() == null;
        return query.where().entrySet().stream()
                .filter(lookup -> only || lookup.getValue().size() <= FEW)
                .max(Comparator.comparing((Map.Entry<String, Set<String>> lookup) -> shortest(lookup.getValue()))
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .orElse("");
    }

    private static int shortest(Set<String> values) {
        return values.stream().mapToInt(String::length).min().orElse(0);
    }

    /** Rows that have one value. */
    private void from(Draft draft, Query query, String driver, String value, boolean body) {
        draft.add(" from " + sql.lookup + " d");
        if (body || query.text() != null) {
            draft.add(sql.recordOf("d"));
        }
        draft.add(" where d.env = ? and d.kind = ? and d.idx = ? and d.val = ?", query.env(), query.kind(), driver);
        draft.add("", value(value));
        checked(draft, query, "d", driver);
        // by all columns of the key, though one value each is wanted: H2 sorts everything otherwise
        ordered(draft, query, "d.env, d.kind, d.idx, d.val, d.id");
    }

    /** What else must hold of a row. */
    private void checked(Draft draft, Query query, String table, String driver) {
        query.where().forEach((index, values) -> {
            if (!index.equals(driver)) {
                draft.add(" and exists (select 1 from " + sql.lookup + " l where l.env = " + table
                        + ".env and l.kind = " + table + ".kind and l.idx = ? and l.val in ("
                        + "?,".repeat(values.size() - 1)
                        + "?) and l.id = " + table + ".id)");
                draft.add("", index);
                values.forEach(value -> draft.add("", value(value)));
            }
        });
        if (query.text() != null) {
            draft.add(" and r.text like ? escape '!'", "%" + query.text().replaceAll("[!%_]", "!$0") + "%");
        }
        bounded(draft, query, table + ".id");
    }

    private static void bounded(Draft draft, Query query, String id) {
        if (query.after() != null) {
            draft.add(" and " + id + " > ?", query.after());
        }
        if (query.before() != null) {
            draft.add(" and " + id + " < ?", query.before());
        }
    }

    private static void ordered(Draft draft, Query query, String columns) {
        String down = query.descending() ? " desc" : "";
        draft.add(" order by " + columns.replace(",", down + ",") + down + " limit " + query.limit());
    }

    /** Rows that have one of several values, in two statements, since H2 would join them from the wrong end. */
    private List<Row> merged(Query query, String driver, Set<String> values) {
        Draft draft = values.size() > FEW ? sorted(query, driver, values) : first(query, driver, values);
        List<String> ids = db.query(draft.text.toString(), draft::bind, result -> {
            List<String> all = new ArrayList<>();
            while (result.next()) {
                all.add(result.getString(1));
            }
            return all;
        });
        Map<String, Row> found = rows.of(query, ids);
        List<Row> page = new ArrayList<>();
        ids.stream().map(found::get).filter(Objects::nonNull).forEach(page::add);
        if (ids.size() == query.limit() && page.size() < ids.size()) {
            // somebody deleted one in between, and a page that is not full would be the last
            String last = ids.get(ids.size() - 1);
            page.addAll(find(new Query(
                    query.env(),
                    query.kind(),
                    query.where(),
                    query.text(),
                    query.descending() ? query.after() : last,
                    query.descending() ? last : query.before(),
                    query.descending(),
                    query.limit() - page.size())));
        }
        return page;
    }

    /** The first of the pages of each value: none has more to give. */
    private Draft first(Query query, String driver, Set<String> values) {
        Draft draft = new Draft().add("select id from (");
        String union = "";
        for (String value : values) {
            from(draft.add(union + "(select d.id as id"), query, driver, value, false);
            draft.add(")");
            union = " union ";
        }
        draft.add(") m");
        ordered(draft, query, "id");
        return draft;
    }

    /** Of all that has one of the values: sorted, since it is little. */
    private Draft sorted(Query query, String driver, Set<String> values) {
        Draft draft = new Draft().add("select distinct d.id from " + sql.lookupsOf(values.size()) + " where 1 = 1");
        values.forEach(value -> draft.add("", value(value)));
        draft.add("", query.env(), query.kind(), driver);
        bounded(draft, query, "d.id");
        ordered(draft, query, "d.id");
        return draft;
    }
}
