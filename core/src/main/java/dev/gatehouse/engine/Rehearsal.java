package dev.gatehouse.engine;

import dev.gatehouse.spi.Keys;
import dev.gatehouse.spi.Row;
import dev.gatehouse.spi.Storage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What earlier steps of a rehearsal would have stored. Each step runs as it would for real and is rolled back, so what
 * remains for later steps is kept here: the identifiers and unique values that are taken (eight bytes of a digest each,
 * so that a million rows fit), and whole rows of the few resources that others are built on. Belongs to one thread.
 */
public final class Rehearsal {
    private final Set<String> kept;
    private final Map<String, Row> rows = new HashMap<>();
    private final Map<String, Row> owners = new HashMap<>();
    private final LongSet taken = new LongSet();
    private final MessageDigest digest;

    /** @param kept resources that later steps read */
    public Rehearsal(Collection<EntityType<?>> kept) {
        this.kept = kept.stream().map(EntityType::kind).collect(Collectors.toSet());
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private long hash(String env, String kind, String index, String value) {
        String all = String.join("\n", env, kind, index, value);
        return ByteBuffer.wrap(digest.digest(all.getBytes(StandardCharsets.UTF_8)))
                .getLong();
    }

    /** The transaction of one step. */
    final class Tx extends ForwardingTx {
        private final Map<String, Row> fresh = new HashMap<>();
        private final Map<String, Row> freshOwners = new HashMap<>();
        private final LongSet now = new LongSet();

        Tx(Storage.Tx tx) {
            super(tx);
        }

        /** Whether an earlier step, or this one, took the value. */
        boolean took(String env, String kind, String index, String value) {
            long hash = hash(env, kind, index, value);
            return taken.contains(hash) || now.contains(hash);
        }

        /** The step would have been stored. */
        void keep() {
            rows.putAll(fresh);
            owners.putAll(freshOwners);
            now.forEach(taken::add);
        }

        private void take(Row row, String index, String value) {
            long hash = hash(row.env(), row.kind(), index, value);
            if (taken.contains(hash)) {
                throw new Storage.Duplicate(row.kind(), index);
            }
            now.add(hash);
        }

        private void take(Row row, Keys keys) {
            // a row without keys has an identifier that is random, or another row's
            if (!keys.equals(Keys.NONE)) {
                take(row, "id", row.id());
            }
            keys.unique().forEach((index, value) -> take(row, index, value));
            if (kept.contains(row.kind())) {
                fresh.put(path(row.env(), row.kind(), row.id()), row);
                keys.unique()
                        .forEach((index, value) ->
                                freshOwners.put(path(row.env(), row.kind(), index + "/" + value), row));
            }
        }

        @Override
        public void insert(Row row, Keys keys) {
            take(row, keys);
            super.insert(row, keys);
        }

        @Override
        public Row replace(Row row, Keys keys) {
            take(row, keys);
            return super.replace(row, keys);
        }

        private Optional<Row> earlier(String env, String kind, String id) {
            return Optional.ofNullable(rows.get(path(env, kind, id)));
        }

        @Override
        public Optional<Row> get(String env, String kind, String id) {
            return super.get(env, kind, id).or(() -> earlier(env, kind, id));
        }

        @Override
        public Optional<Row> hold(String env, String kind, String id) {
            return super.hold(env, kind, id).or(() -> earlier(env, kind, id));
        }

        @Override
        public Optional<Row> getByKey(String env, String kind, String index, String value) {
            return super.getByKey(env, kind, index, value)
                    .or(() -> Optional.ofNullable(owners.get(path(env, kind, index + "/" + value))));
        }

        @Override
        public Map<String, Row> getAll(String env, String kind, Collection<String> ids) {
            Map<String, Row> found = new LinkedHashMap<>(super.getAll(env, kind, ids));
            ids.forEach(id -> earlier(env, kind, id).ifPresent(row -> found.putIfAbsent(id, row)));
            return found;
        }
    }

    private static String path(String env, String kind, String id) {
        return env + "/" + kind + "/" + id;
    }
}
