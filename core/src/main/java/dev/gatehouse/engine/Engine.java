package dev.gatehouse.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.Answer;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Problem;
import dev.gatehouse.spi.Ids;
import dev.gatehouse.spi.Storage;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Runs steps in transactions. One per Gatehouse instance. */
public final class Engine {
    private static final int MOST_ATTEMPTS = 8;
    private static final int PAGE = 500;

    private final Storage storage;
    private final Ids ids;
    private final Clock clock;
    private final Json json;
    private final Signals signals;
    private final Map<Class<?>, Binder<?>> binders = new ConcurrentHashMap<>();
    private final List<Consumer<String>> followers = new CopyOnWriteArrayList<>();

    /** One that tells nobody what it does. */
    public Engine(Storage storage, Ids ids, Clock clock, Json json) {
        this(storage, ids, clock, json, new Signals(null));
    }

    public Engine(Storage storage, Ids ids, Clock clock, Json json, Signals signals) {
        this.signals = signals;
        this.storage = storage;
        this.ids = ids;
        this.clock = clock;
        this.json = json;
    }

    /**
     * Runs a step in one transaction; again, after a short random pause, when the database gave it up for another one.
     *
     * @param env environment everything in the step belongs to
     * @param actor who causes its changes
     */
    public <T extends @Nullable Object> T run(String env, Actor actor, Function<Call, T> step) {
        return again(() -> {
            Call[] call = new Call[1];
            T result = storage.inTransaction(tx -> {
                call[0] = new Call(this, tx, env, actor, now());
                return step.apply(call[0]);
            });
            call[0].committed();
            return result;
        });
    }

    /**
     * As {@link #run}, for a step that makes many resources: they are stored together at the end, or when something must
     * see them. What was {@linkplain Call#prefetchBy prefetched} is looked up without reading.
     *
     * @throws Storage.Duplicate if something is taken after all: nothing is stored then, and whoever wants to know what it
     *     was runs the step with {@link #run}
     */
    public <T extends @Nullable Object> T runBatch(String env, Actor actor, Function<Call, T> step) {
        return again(() -> {
            Call[] call = new Call[1];
            T result = storage.inTransaction(tx -> {
                BatchTx batch = new BatchTx(tx);
                call[0] = new Call(this, batch, env, actor, now());
                T value = step.apply(call[0]);
                batch.flush();
                return value;
            });
            call[0].committed();
            return result;
        });
    }

    /**
     * Runs a step and takes everything back. What it would have stored is taken for later steps of the same rehearsal,
     * unless it throws.
     *
     * @param batch as {@link #runBatch}, with its exceptions
     */
    public <T extends @Nullable Object> T rehearse(
            String env, Actor actor, Rehearsal rehearsal, boolean batch, Function<Call, T> step) {
        return again(() -> {
            List<T> result = new ArrayList<>(1);
            Rehearsal.Tx[] seen = new Rehearsal.Tx[1];
            try {
                return storage.inTransaction(tx -> {
                    BatchTx waiting = new BatchTx(tx);
                    seen[0] = rehearsal.new Tx(batch ? waiting : tx);
                    result.add(step.apply(new Call(this, seen[0], env, actor, now())));
                    waiting.flush();
                    throw new RolledBack();
                });
            } catch (RolledBack e) {
                seen[0].keep();
                return result.get(0);
            }
        });
    }

    /** Ends a transaction that must not be stored. */
    private static final class RolledBack extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RolledBack() {
            super("rehearsed", null, false, false);
        }
    }

    private static <T extends @Nullable Object> T again(Supplier<T> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                return work.get();
            } catch (Storage.TransientConflict | Storage.Stale e) {
                if (attempt == MOST_ATTEMPTS) {
                    throw e;
                }
                pause(attempt);
            }
        }
    }

    /**
     * An input that Java code made, held to the limits of one that came over REST.
     *
     * @throws dev.gatehouse.api.ApiException 422 with every problem found
     */
    @SuppressWarnings("unchecked") // the class of an I
    public <I extends Record> I checked(I input) {
        return binder((Class<I>) input.getClass()).check(input, json);
    }

    /**
     * An input that was read from a file, held to the limits of one that came over REST. Unlike there, a member of an
     * object inside of it that is not known is a problem; those of the object itself are the caller's to look at.
     *
     * @throws dev.gatehouse.api.ApiException 422 with every problem found
     */
    public <I extends Record> I bound(JsonNode object, Class<I> type) {
        return this.<I>binder(type).bindFile(object);
    }

    /**
     * As {@link #bound}; a member of the object itself that is not known is a problem, too.
     *
     * @throws dev.gatehouse.api.ApiException 422 with every problem found
     */
    public <I extends Record> I boundWholly(ObjectNode object, Class<I> type) {
        Set<String> names = names(type);
        List<Problem> unknown = new ArrayList<>();
        object.fieldNames().forEachRemaining(name -> {
            if (!names.contains(name)) {
                unknown.add(new Problem(name, "unknown_field", "Nothing is known by this name."));
            }
        });
        if (!unknown.isEmpty()) {
            throw ApiException.invalid(unknown);
        }
        return bound(object, type);
    }

    /** The members that an input record reads, as on the wire. */
    public Set<String> names(Class<? extends Record> type) {
        return binder(type).names();
    }

    @SuppressWarnings("unchecked") // made for that class
    <I> Binder<I> binder(Class<I> type) {
        return (Binder<I>) binders.computeIfAbsent(type, Binder::new);
    }

    /** A JSON answer. */
    Answer answer(int status, Object body) {
        return Answer.of(status, "application/json; charset=utf-8", json.bytes(body));
    }

    /**
     * Does something with one of a kind.
     *
     * @param <E> what it may throw
     */
    @FunctionalInterface
    public interface Visit<T, E extends Exception> {
        /** Outside of any transaction. */
        void of(T value) throws E;
    }

    /** Visits all of a kind, oldest first: a page is read in a transaction of its own, and what is visited may be gone. */
    public <T extends Entity, E extends Exception> void each(String env, EntityType<T> type, Visit<T, E> visit)
            throws E {
        String after = null;
        List<T> page;
        do {
            String from = after;
            page = run(
                    env,
                    Actor.SYSTEM,
                    call -> call.page(type, Map.of(), null, new Call.Window(from, null, false, PAGE)));
            for (T value : page) {
                visit.of(value);
                after = value.id();
            }
        } while (page.size() == PAGE);
    }

    /** Changes all of a kind silently, each in a transaction of its own: to seal what was sealed under another key. */
    public <T extends Entity> void rewrite(String env, EntityType<T> type, UnaryOperator<T> change) {
        each(
                env,
                type,
                value -> run(
                        env,
                        Actor.SYSTEM,
                        call -> call.hold(type, value.id())
                                .map(held -> call.updateSilently(type, held.id(), change))
                                .isPresent()));
    }

    /**
     * Tells of each committed transaction that emitted events.
     *
     * @param follower gets the environment; it runs in the thread of the change, so it must be quick and never throw
     */
    public void onEvents(Consumer<String> follower) {
        followers.add(follower);
    }

    void emitted(String env) {
        followers.forEach(follower -> follower.accept(env));
    }

    /** The current time in milliseconds precision. */
    public Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /** Tells what happens. */
    public Signals signals() {
        return signals;
    }

    /** Makes identifiers. */
    public Ids ids() {
        return ids;
    }

    /** Reads and writes JSON. */
    public Json json() {
        return json;
    }

    private static void pause(int attempt) {
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong(1, 4L << attempt));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Storage.TransientConflict("interrupted while waiting to try again", e);
        }
    }
}
