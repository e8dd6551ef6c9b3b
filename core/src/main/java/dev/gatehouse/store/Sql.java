package dev.gatehouse.store;

/** Every statement, written once per storage with its table prefix. */
final class Sql {
    static final String COLUMNS = "r.env, r.kind, r.id, r.version, r.created_at, r.updated_at, r.expires_at, r.body";
    /** Number of the column that a statement adds to those. */
    static final int AFTER_COLUMNS = 9;

    private static final String BY_ID = " where env = ? and kind = ? and id = ?";

    final String insert;
    final String insertUnique;
    final String insertLookup;
    final String get;
    final String hold;
    final String getByKey;
    final String replace;
    final String delete;
    final String keysOf;
    final String deleteUnique;
    final String deleteLookup;
    final String deleteUniques;
    final String deleteLookups;
    final String count;
    final String counted;
    final String holdCounter;
    final String newCounter;
    final String renewLease;
    final String newLease;
    final String expired;
    final String sweep;
    final String expiredCounters;
    final String sweepCounter;
    final String append;
    final String journal;
    /** Whether transactions take turns. */
    final boolean oneWriter;

    /** Tables. */
    final String record;

    final String lookup;
    private final String unique;
    private final Dialect dialect;

    Sql(String prefix, Dialect dialect, boolean oneWriter) {
        this.dialect = dialect;
        this.oneWriter = oneWriter;
        record = prefix + "record";
        lookup = prefix + "lookup";
        unique = prefix + "unique";
        String counter = prefix + "counter";
        String lease = prefix + "lease";
        insert = "insert into " + record
                + " (env, kind, id, version, created_at, updated_at, expires_at, text, body) values (?,?,?,?,?,?,?,?,?)";
        insertUnique = "insert into " + unique + " (env, kind, id, idx, val) values (?,?,?,?,?)";
        insertLookup = "insert into " + lookup + " (env, kind, id, idx, val) values (?,?,?,?,?)";
        get = "select " + COLUMNS + " from " + record + " r where r.env = ? and r.kind = ? and r.id = ?";
        hold = get + " for update";
        getByKey = "select " + COLUMNS + " from " + unique + " u" + recordOf("u")
                + " where u.env = ? and u.kind = ? and u.idx = ? and u.val = ?";
        replace = "update " + record
                + " set version = version + 1, created_at = ?, updated_at = ?, expires_at = ?, text = ?, body = ?"
                + BY_ID
                + " and version = ?";
        delete = "delete from " + record + BY_ID;
        keysOf = "select true, idx, val from " + unique + BY_ID + " union all select false, idx, val from " + lookup
                + BY_ID;
        deleteUnique = "delete from " + unique + BY_ID + " and idx = ? and val = ?";
        deleteLookup = "delete from " + lookup + BY_ID + " and idx = ? and val = ?";
        deleteUniques = "delete from " + unique + BY_ID;
        deleteLookups = "delete from " + lookup + BY_ID;
        String next = "case when expires_at <= ? then ? else val + ? end";
        count = "update " + counter + " set val = " + next
                + ", expires_at = case when expires_at <= ? then ? else expires_at end where env = ? and name = ? and "
                + next + " <= ?";
        counted = "select val from " + counter + " where env = ? and name = ?";
        holdCounter = "select val, expires_at from " + counter + " where env = ? and name = ? for update";
        newCounter =
                dialect.insertIfAbsent("insert into " + counter + " (env, name, val, expires_at) values (?,?,?,?)");
        renewLease =
                "update " + lease + " set owner = ?, expires_at = ? where name = ? and (owner = ? or expires_at <= ?)";
        newLease = dialect.insertIfAbsent("insert into " + lease + " (owner, expires_at, name) values (?,?,?)");
        expired = "select env, kind, id from " + record + " where expires_at <= ? limit ?";
        // asked again while deleting: its life may have been prolonged since it was found
        sweep = delete + " and expires_at <= ?";
        expiredCounters = "select env, name from " + counter + " where expires_at <= ? limit ?";
        sweepCounter = "delete from " + counter + " where env = ? and name = ? and expires_at <= ?";
        append = "insert into " + prefix + "journal (env, stream, id, at, body) values (?,?,?,?,?)";
        journal = "select id, at, body from " + prefix + "journal where env = ? and stream = ?";
    }

    /** Joins the record {@code r} of each key. */
    String recordOf(String key) {
        return dialect.join(
                record, "r", "r.env = " + key + ".env and r.kind = " + key + ".kind and r.id = " + key + ".id");
    }

    String getAll(int ids) {
        return "select " + COLUMNS + " from " + values(ids)
                + dialect.join(record, "r", "r.env = ? and r.kind = ? and r.id = v.val");
    }

    /** Each with the value that found it. */
    String getAllByKey(int values) {
        return "select " + COLUMNS + ", u.val from " + values(values)
                + dialect.join(unique, "u", "u.env = ? and u.kind = ? and u.idx = ? and u.val = v.val")
                + recordOf("u");
    }

    /** Lookups {@code d} that have one of some values. */
    String lookupsOf(int values) {
        return values(values) + dialect.join(lookup, "d", "d.env = ? and d.kind = ? and d.idx = ? and d.val = v.val");
    }

    /** Values as a table that drives a join: for {@code in}, H2 reads all that the columns before it select. */
    private static String values(int count) {
        return "(values " + "(cast(? as varchar)),".repeat(count - 1) + "(cast(? as varchar))) v(val)";
    }
}
