package dev.gatehouse.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.spi.Keys;
import dev.gatehouse.spi.Query;
import dev.gatehouse.spi.Row;
import dev.gatehouse.spi.Storage;
import dev.gatehouse.spi.Telemetry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One step inside one storage transaction, bound to one environment: nothing reached through it can lie in another.
 * {@code find…} returns an Optional, {@code need…} throws 404 and holds the row.
 */
public final class Call {
    private static final int PAGE = 500;

    private final Engine engine;
    private final Storage.Tx tx;
    private final String env;
    private final Actor actor;
    private final Instant now;
    private final Map<String, Object> seen = new HashMap<>();
    private final Map<String, List<?>> children = new HashMap<>();
    /** Rows that are locked until the transaction ends, as they are now: nobody else can change them, so they are not read again. */
    private final Map<List<String>, Row> held;

    private final List<Runnable> afterCommit;
    private boolean told;

    Call(Engine engine, Storage.Tx tx, String env, Actor actor, Instant now) {
        this(engine, tx, env, actor, now, new HashMap<>(), new ArrayList<>());
    }

    private Call(
            Engine engine,
            Storage.Tx tx,
            String env,
            Actor actor,
            Instant now,
            Map<List<String>, Row> held,
            List<Runnable> afterCommit) {
        this.engine = engine;
        this.tx = tx;
        this.env = env;
        this.actor = actor;
        this.now = now;
        this.held = held;
        this.afterCommit = afterCommit;
    }

    /** The environment. */
    public String env() {
        return env;
    }

    /** When this step runs, in milliseconds precision; the same throughout. */
    public Instant now() {
        return now;
    }

    /** A new identifier of a type. */
    public String newId(EntityType<?> type) {
        return type.newId(engine.ids().ulid(now));
    }

    /** A step of the same transaction in another environment; only for what belongs to none ({@link Row#SYSTEM}). */
    public Call in(String other) {
        return new Call(engine, tx, other, actor, now, held, afterCommit);
    }

    /** Runs once the transaction has committed: to drop cached copies, never to change state. */
    public void afterCommit(Runnable action) {
        afterCommit.add(action);
    }

    /** As {@link Signals#count(Telemetry.Signal, String, String, String)}, once the transaction has committed. */
    public void count(Telemetry.Signal signal, String of, String outcome, String reason) {
        if (engine.signals().on()) {
            afterCommit(() -> engine.signals().count(signal, of, outcome, reason));
        }
    }

    /** As {@link Signals#count(Telemetry.Signal, String, String, int, String)}, once the transaction has committed. */
    public void count(Telemetry.Signal signal, String of, String outcome, int step, String reason) {
        if (engine.signals().on()) {
            afterCommit(() -> engine.signals().count(signal, of, outcome, step, reason));
        }
    }

    void committed() {
        afterCommit.forEach(Runnable::run);
    }

    /** The resource, or empty. */
    public <T extends Entity> Optional<T> find(EntityType<T> type, String id) {
        Object cached = seen.get(type.kind() + " " + id);
        if (cached != null) {
            return Optional.of(type.type().cast(cached));
        }
        return type.owns(id) ? tx.get(env, type.kind(), id).map(row -> keep(type, row)) : Optional.empty();
    }

    /** The resource that has this unique value, or empty. */
    public <T extends Entity> Optional<T> findBy(EntityType<T> type, String index, String value) {
        return tx.getByKey(env, type.kind(), index, type.fold(index, value)).map(row -> keep(type, row));
    }

    /** The resource without holding it, for reading. */
    public <T extends Entity> T get(EntityType<T> type, String id) {
        return find(type, id).orElseThrow(() -> ApiException.notFound(type.title(), id));
    }

    /** The resource, locked until the transaction ends, so that it cannot vanish or change under what is built on it. */
    public <T extends Entity> T need(EntityType<T> type, String id) {
        return hold(type, id).orElseThrow(() -> ApiException.notFound(type.title(), id));
    }

    /** As {@link #need}, or empty. */
    public <T extends Entity> Optional<T> hold(EntityType<T> type, String id) {
        return held(type, id).map(row -> keep(type, row));
    }

    private Optional<Row> held(EntityType<?> type, String id) {
        if (!type.owns(id)) {
            return Optional.empty();
        }
        List<String> path = path(type, id);
        Row known = held.get(path);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<Row> row = tx.hold(env, type.kind(), id);
        row.ifPresent(found -> held.put(path, found));
        return row;
    }

    private List<String> path(EntityType<?> type, String id) {
        return List.of(env, type.kind(), id);
    }

    /** As {@link #hold}, found by a unique value. */
    public <T extends Entity> Optional<T> holdBy(EntityType<T> type, String index, String value) {
        return findBy(type, index, value).flatMap(found -> hold(type, found.id()));
    }

    /**
     * Whether an earlier step of the same {@link Rehearsal}, or this one, took a unique value or an identifier (index
     * {@code id}). Never outside of a rehearsal: then what was stored is there to be found.
     */
    public boolean rehearsed(EntityType<?> type, String index, String value) {
        return tx instanceof Rehearsal.Tx seen && seen.took(env, type.kind(), index, type.fold(index, value));
    }

    /** In {@link Engine#runBatch}, loads these at once, so that later {@link #findBy} calls read nothing. */
    public <T extends Entity> void prefetchBy(EntityType<T> type, String index, Collection<String> values) {
        tx.getAllByKey(
                env,
                type.kind(),
                index,
                values.stream().map(v -> type.fold(index, v)).toList());
    }

    /** Loads these at once, so that later {@link #find} calls read nothing. */
    public <T extends Entity> void prefetch(EntityType<T> type, Collection<String> ids) {
        Set<String> missing = new LinkedHashSet<>(ids);
        missing.removeIf(id -> seen.containsKey(type.kind() + " " + id));
        if (!missing.isEmpty()) {
            tx.getAll(env, type.kind(), missing).values().forEach(row -> keep(type, row));
        }
    }

    /** Loads the children of many parents at once, so that later {@link #all} calls read nothing. */
    public <T extends Entity> void prefetchAll(
            EntityType<T> type, String index, Collection<String> values, Function<T, String> parent) {
        if (values.isEmpty()) {
            return;
        }
        Map<String, List<T>> found = new HashMap<>();
        values.forEach(value -> found.put(value, new ArrayList<>()));
        each(
                type,
                Map.of(index, values),
                value -> found.computeIfAbsent(parent.apply(value), v -> new ArrayList<>())
                        .add(value));
        found.forEach((value, list) -> children.put(type.kind() + " " + index + " " + value, list));
    }

    /** All resources with this lookup value, oldest first. For cascades; pages use {@link #page}. */
    public <T extends Entity> List<T> all(EntityType<T> type, String index, String value) {
        List<?> known = children.get(type.kind() + " " + index + " " + value);
        if (known != null) {
            return known.stream().map(type.type()::cast).toList();
        }
        List<T> all = new ArrayList<>();
        each(type, index, value, all::add);
        return all;
    }

    /** As the other, with several lookups; none for all of the type. */
    public <T extends Entity> List<T> all(EntityType<T> type, Map<String, ? extends Collection<String>> where) {
        List<T> all = new ArrayList<>();
        each(type, where, all::add);
        return all;
    }

    /** Visits all resources with this lookup value, oldest first, a page at a time. */
    public <T extends Entity> void each(EntityType<T> type, String index, String value, Consumer<T> visit) {
        each(type, Map.of(index, Set.of(value)), visit);
    }

    /** As the other, with several lookups; none for all of the type. */
    public <T extends Entity> void each(
            EntityType<T> type, Map<String, ? extends Collection<String>> where, Consumer<T> visit) {
        String after = null;
        List<Row> rows;
        do {
            rows = rows(type, where, null, new Window(after, null, false, PAGE));
            for (Row row : rows) {
                visit.accept(read(type, row));
                after = row.id();
            }
        } while (rows.size() == PAGE);
    }

    /** One page; {@code where} may name lookups only. */
    public <T extends Entity> List<T> page(
            EntityType<T> type, Map<String, ? extends Collection<String>> where, @Nullable String text, Window window) {
        List<T> page = new ArrayList<>();
        rows(type, where, text, window).forEach(row -> page.add(keep(type, row)));
        return page;
    }

    private List<Row> rows(
            EntityType<?> type, Map<String, ? extends Collection<String>> where, @Nullable String text, Window window) {
        Map<String, Set<String>> folded = new LinkedHashMap<>();
        where.forEach((index, values) -> {
            Set<String> all = new LinkedHashSet<>();
            values.forEach(value -> all.add(type.fold(index, value)));
            folded.put(index, all);
        });
        return tx.find(new Query(
                env, type.kind(), folded, text, window.after(), window.before(), window.descending(), window.limit()));
    }

    /**
     * Bounds of a page by identifier.
     *
     * @param after only greater; null for no bound
     * @param before only less; null for no bound
     * @param descending greatest first
     * @param limit most rows
     */
    public record Window(@Nullable String after, @Nullable String before, boolean descending, int limit) {
        /** The part of these that lies in the window; for sets that are small by construction. */
        public <T extends Entity> List<T> of(Collection<T> all) {
            Comparator<T> byId = Comparator.comparing(Entity::id);
            return all.stream()
                    .filter(value -> after == null || value.id().compareTo(after) > 0)
                    .filter(value -> before == null || value.id().compareTo(before) < 0)
                    .sorted(descending ? byId.reversed() : byId)
                    .limit(limit)
                    .toList();
        }
    }

    /** Stores a new resource and emits its {@code .created}. */
    public <T extends Entity> T create(EntityType<T> type, T value) {
        try {
            tx.insert(row(type, value, 1), type.keys(value));
        } catch (Storage.Duplicate e) {
            throw type.taken(e.index(), value);
        }
        changed(type, value.id(), value);
        emitChange(type, value, "created", null);
        return value;
    }

    /**
     * Changes a resource under a lock. A change that leaves it equal writes nothing and emits nothing; any other sets
     * {@code updatedAt} and emits {@code .updated} with what it was before.
     */
    public <T extends Entity> T update(EntityType<T> type, String id, UnaryOperator<T> change) {
        return write(type, id, change, true);
    }

    /** As {@link #update}, for bookkeeping that is no news (a last sign-in): {@code updatedAt} stays, nothing is emitted. */
    public <T extends Entity> T updateSilently(EntityType<T> type, String id, UnaryOperator<T> change) {
        return write(type, id, change, false);
    }

    private <T extends Entity> T write(EntityType<T> type, String id, UnaryOperator<T> change, boolean news) {
        Row row = held(type, id).orElseThrow(() -> ApiException.notFound(type.title(), id));
        T before = read(type, row);
        T after = change.apply(before);
        if (after.equals(before)) {
            return before;
        }
        if (news) {
            after = type.touched(after, now);
        }
        Keys keys = type.keys(after);
        try {
            held.put(path(type, id), tx.replace(row(type, after, row.version()), keys));
        } catch (Storage.Duplicate e) {
            throw type.taken(e.index(), after);
        }
        changed(type, id, after);
        if (news) {
            emitChange(type, after, "updated", before);
        }
        return after;
    }

    /** Deletes a resource and emits its {@code .deleted}. False if it was gone. */
    public <T extends Entity> boolean delete(EntityType<T> type, T value) {
        Object data = type.eventBase() == null ? null : type.renderEvent(value, this);
        boolean deleted = tx.delete(env, type.kind(), value.id());
        changed(type, value.id(), null);
        if (deleted && data != null) {
            emit(type.eventBase() + ".deleted", data);
        }
        return deleted;
    }

    /** Spends a single-use resource: one caller gets it, all others and anybody too late get nothing. */
    public <T extends Entity> Optional<T> take(EntityType<T> type, String id) {
        changed(type, id, null);
        return type.owns(id) ? tx.take(env, type.kind(), id, now).map(row -> read(type, row)) : Optional.empty();
    }

    /** As {@link #take}, unless it has changed since: who spent it meanwhile may have left its successor under that identifier. */
    public <T extends Entity> Optional<T> takeUnchanged(EntityType<T> type, T found) {
        return hold(type, found.id()).filter(found::equals).flatMap(same -> take(type, same.id()));
    }

    /** As {@link #take}, found by a unique value. */
    public <T extends Entity> Optional<T> takeBy(EntityType<T> type, String index, String value) {
        return tx.getByKey(env, type.kind(), index, type.fold(index, value)).flatMap(row -> take(type, row.id()));
    }

    /** Counts against a limit, see {@link Storage.Tx#add}. */
    public OptionalLong count(String counter, long delta, long max, Instant until) {
        return tx.add(env, counter, delta, max, now, until);
    }

    /**
     * Counts one use of what nobody may ask again and again (contract/behaviour/01 §1.11).
     *
     * @throws ApiException 429 {@code rate_limit_exceeded} with {@code Retry-After} beyond {@code most} in a window
     */
    public void limit(String counter, long most, Duration window) {
        if (count(counter, 1, most, now.plus(window)).isEmpty()) {
            throw ApiException.rateLimited(window.toSeconds());
        }
    }

    /** The transaction itself, for what no verb covers. */
    public Storage.Tx tx() {
        return tx;
    }

    /** What reaches the wire of a resource. */
    public <T extends Entity> Object view(EntityType<T> type, T value) {
        return type.render(value, this);
    }

    /** Emits an event in this transaction. {@code data} is a view record or a map; it must hold no secret. */
    public void emit(String event, Object data) {
        emit(event, data, (JsonNode) null);
    }

    /** As the other, of an organization that the data does not name at its top. */
    public void emit(String event, Object data, String organizationId) {
        store(new Outbox(event, engine.json().tree(data), organizationId, actor, null, now));
    }

    private void emit(String event, Object data, @Nullable JsonNode previous) {
        JsonNode tree = engine.json().tree(data);
        JsonNode organization =
                tree.path("object").asText().equals("organization") ? tree.path("id") : tree.path("organization_id");
        store(new Outbox(
                event, tree, organization.isTextual() ? organization.textValue() : null, actor, previous, now));
    }

    private void store(Outbox outbox) {
        String id = "outbox_" + engine.ids().ulid(now);
        if (!told) {
            told = true;
            afterCommit(() -> engine.emitted(env));
        }
        tx.insert(new Row(env, Outbox.KIND, id, 1, now, now, null, engine.json().write(outbox)), Keys.NONE);
    }

    private <T extends Entity> void emitChange(EntityType<T> type, T after, String what, @Nullable T before) {
        String base = type.eventBase();
        if (base == null) {
            return;
        }
        Object data = type.renderEvent(after, this);
        if (before == null) {
            emit(base + "." + what, data);
            return;
        }
        JsonNode was = engine.json().tree(type.renderEvent(before, this));
        JsonNode is = engine.json().tree(data);
        ObjectNode previous = (ObjectNode) engine.json().tree(Map.of());
        was.properties().forEach(entry -> {
            if (!entry.getKey().equals("updated_at") && !entry.getValue().equals(is.get(entry.getKey()))) {
                previous.set(entry.getKey(), entry.getValue());
            }
        });
        emit(base + "." + what, data, previous);
    }

    private <T extends Entity> Row row(EntityType<T> type, T value, long version) {
        return new Row(
                env,
                type.kind(),
                value.id(),
                version,
                value.createdAt(),
                value.updatedAt(),
                type.expiresAt(value),
                engine.json().write(value));
    }

    private void changed(EntityType<?> type, String id, @Nullable Object value) {
        children.keySet().removeIf(key -> key.startsWith(type.kind() + " "));
        if (value == null) {
            seen.remove(type.kind() + " " + id);
            held.remove(path(type, id));
        } else {
            seen.put(type.kind() + " " + id, value);
        }
    }

    private <T extends Entity> T keep(EntityType<T> type, Row row) {
        T value = read(type, row);
        seen.put(type.kind() + " " + row.id(), value);
        return value;
    }

    private <T extends Entity> T read(EntityType<T> type, Row row) {
        return engine.json().read(row.body(), type.type());
    }
}
