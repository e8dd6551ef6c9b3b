package dev.gatehouse.benchmarks;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.crypto.Ulid;
import dev.gatehouse.engine.ForwardingTx;
import dev.gatehouse.identity.NewUser;
import dev.gatehouse.spi.Keys;
import dev.gatehouse.spi.Row;
import dev.gatehouse.spi.Storage;
import dev.gatehouse.spi.ViewSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A Gatehouse's storage that can be filled with many users and their events: copies of what Gatehouse stored for one, whose
 * identifiers and address differ.
 */
final class Population implements Storage {
    private static final int BATCH = 1_000;
    private static final String EMAIL = "original-of-all@example.com";

    private final Storage storage;
    private final Ulid ids = new Ulid();
    private final Map<String, Insert> seen = new LinkedHashMap<>();
    private @Nullable Insert user;
    private @Nullable Insert event;
    private int users;
    private int events;
    private String middleUser = "";
    private String lateEvent = "";

    Population(Storage storage) {
        this.storage = storage;
    }

    @Override
    public <T extends @Nullable Object> T inTransaction(Work<T> work) {
        return storage.inTransaction(tx -> work.run(user == null ? new Noting(tx) : tx));
    }

    @Override
    public void prepare(List<ViewSpec> views) {
        storage.prepare(views);
    }

    @Override
    public void close() {
        storage.close();
    }

    private final class Noting extends ForwardingTx {
        Noting(Tx tx) {
            super(tx);
        }

        @Override
        public void insert(Row row, Keys keys) {
            super.insert(row, keys);
            seen.put(row.kind(), new Insert(row, keys));
        }

        @Override
        public void insertAll(List<Insert> rows) {
            super.insertAll(rows);
            rows.forEach(one -> seen.put(one.row().kind(), one));
        }
    }

    /** Until there are so many. */
    void grow(Gatehouse gatehouse, int people, int happened) {
        if (user == null) {
            gatehouse.users().create(NewUser.of(EMAIL));
            gatehouse.events().publish();
            event = seen.get("event");
            user = seen.get("user");
            if (user == null || event == null) {
                throw new IllegalStateException("stored " + seen.keySet());
            }
        }
        Insert first = user;
        Insert told = event;
        while (users < people) {
            List<Insert> batch = new ArrayList<>();
            for (int i = 0; i < BATCH; i++) {
                String other = ids.ulid(Instant.now());
                batch.add(copy(first, Map.of(ulid(first), other, EMAIL, email(users + i))));
                if (users + i == people / 2) {
                    middleUser = "user_" + other;
                }
            }
            users += BATCH;
            store(batch);
        }
        while (events < happened) {
            List<Insert> batch = new ArrayList<>();
            for (int i = 0; i < BATCH; i++) {
                String other = ids.ulid(Instant.now());
                batch.add(copy(told, Map.of(ulid(told), other)));
                if (events + i == happened - 200) {
                    lateEvent = "event_" + other;
                }
            }
            events += BATCH;
            store(batch);
        }
    }

    private void store(List<Insert> batch) {
        storage.<Boolean>inTransaction(tx -> {
            tx.insertAll(batch);
            return true;
        });
    }

    static String email(int n) {
        return "copy-" + n + "@example.com";
    }

    /** A user in the middle of the list. */
    String middleUser() {
        return middleUser;
    }

    /** An event that two hundred others follow. */
    String lateEvent() {
        return lateEvent;
    }

    private static String ulid(Insert one) {
        String id = one.row().id();
        return id.substring(id.lastIndexOf('_') + 1);
    }

    private static Insert copy(Insert one, Map<String, String> others) {
        UnaryOperator<String> renamed = text -> {
            String to = text;
            for (Map.Entry<String, String> other : others.entrySet()) {
                to = to.replace(other.getKey(), other.getValue());
            }
            return to;
        };
        Map<String, String> unique = new HashMap<>();
        one.keys().unique().forEach((index, value) -> unique.put(index, renamed.apply(value)));
        Map<String, Set<String>> lookup = new HashMap<>();
        one.keys()
                .lookup()
                .forEach((index, values) ->
                        lookup.put(index, values.stream().map(renamed).collect(Collectors.toSet())));
        String text = one.keys().text();
        Row row = one.row();
        return new Insert(
                new Row(
                        row.env(),
                        row.kind(),
                        renamed.apply(row.id()),
                        1,
                        row.createdAt(),
                        row.updatedAt(),
                        row.expiresAt(),
                        renamed.apply(row.body())),
                new Keys(unique, lookup, text == null ? null : renamed.apply(text)));
    }
}
