package dev.gatehouse.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Problem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Rows of files that are a resource each: how it is read, known again, made, changed and written.
 *
 * @param <T> the resource; one that is only read from a file and has no identifier there has an empty one
 * @param <I> the row
 */
public abstract class FileKind<T extends Entity, I extends Record> {
    private final EntityType<T> type;
    private final Class<I> input;
    private final String knownBy;

    /** @param knownBy the member that says which one it is */
    protected FileKind(EntityType<T> type, Class<I> input, String knownBy) {
        this.type = type;
        this.input = input;
        this.knownBy = knownBy;
    }

    /** Takes what is written. */
    @FunctionalInterface
    public interface Sink {
        /** @param organizationId whose it is; null if nobody's in particular */
        void row(@Nullable String organizationId, Object row) throws IOException;
    }

    /** The value of {@code object} in its rows. */
    public String object() {
        return type.kind();
    }

    /** Resources that later rows are built on. */
    public List<EntityType<?>> kept() {
        return List.of(type);
    }

    /** What a row says, held to what a request is held to. */
    protected abstract T read(I row, FileTimes times);

    /** The one that is there. */
    protected abstract Optional<T> known(Call call, T draft);

    /** @throws ApiException if something that it needs is not there */
    protected abstract void needs(Call call, T draft);

    /** Makes it; {@code needs} said nothing. */
    protected abstract void create(Call call, T draft);

    /** Gives the one that is there what the row has. */
    protected abstract void update(Call call, T known, T draft);

    /** The row; null for what another row tells, or every environment has. */
    protected abstract @Nullable I row(T value);

    /** Whose it is; null if nobody's in particular. */
    protected abstract @Nullable String organizationOf(T value);

    /**
     * Checks a row, outside of any transaction.
     *
     * @throws ApiException with what is wrong
     */
    public FileRow check(Engine engine, ObjectNode row) {
        return new Checked(read(engine.boundWholly(row, input), new FileTimes(engine.now())));
    }

    /** Writes all, each after what it needs. */
    public void write(Engine engine, String env, Sink out) throws IOException {
        engine.each(env, type, value -> write(value, out));
    }

    /** Writes one, if it has a row. */
    protected void write(T value, Sink out) throws IOException {
        I row = row(value);
        if (row != null) {
            out.row(organizationOf(value), row);
        }
    }

    /** The identifier of a row, or a new one. */
    protected String idOf(Call call, T draft) {
        return draft.id().isEmpty() ? call.newId(type) : draft.id();
    }

    private final class Checked implements FileRow {
        private final T draft;

        Checked(T draft) {
            this.draft = draft;
        }

        @Override
        public boolean exists(Call call) {
            return known(call, draft).isPresent();
        }

        /** What others build on is found in a rehearsal as if it was stored. */
        @Override
        public boolean rehearsed(Call call) {
            return known(call, draft)
                    .filter(known -> call.rehearsed(type, "id", known.id()))
                    .isPresent();
        }

        @Override
        public String knownBy() {
            return knownBy;
        }

        @Override
        public Problem taken() {
            return new Problem(
                    knownBy, object() + "_already_exists", "This " + object().replace('_', ' ') + " is there already.");
        }

        @Override
        public Optional<Problem> conflict(Call call) {
            if (!draft.id().isEmpty() && call.find(type, draft.id()).isPresent()) {
                return Optional.of(new Problem("id", "id_already_used", "This id belongs to another one."));
            }
            try {
                needs(call, draft);
                return Optional.empty();
            } catch (ApiException e) {
                List<Problem> problems = new ArrayList<>(e.problems());
                problems.add(new Problem(knownBy, e.code(), e.text()));
                return Optional.of(problems.get(0));
            }
        }

        @Override
        public void create(Call call) {
            FileKind.this.create(call, draft);
        }

        @Override
        public void update(Call call) {
            FileKind.this.update(call, known(call, draft).orElseThrow(), draft);
        }
    }
}
