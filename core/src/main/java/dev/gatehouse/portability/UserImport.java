package dev.gatehouse.portability;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Problem;
import dev.gatehouse.engine.Actor;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.engine.FileRow;
import dev.gatehouse.engine.Rehearsal;
import dev.gatehouse.spi.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of an import: batches of rows, each stored with the place it ends at in one transaction. */
final class UserImport {
    private static final Logger LOG = LoggerFactory.getLogger(UserImport.class);
    private static final int BATCH_ROWS = 500;
    private static final int BATCH_BYTES = 4 << 20;

    private final Engine engine;
    private final String env;
    private final RowKinds kinds;
    private final ImportOptions options;
    private final ImportListener listener;
    private final Rehearsal rehearsal;

    UserImport(Engine engine, String env, RowKinds kinds, ImportOptions options, ImportListener listener) {
        this.engine = engine;
        this.env = env;
        this.kinds = kinds;
        this.options = options;
        this.listener = listener;
        this.rehearsal = new Rehearsal(kinds.kept());
    }

    /** A row with what its check said. Exactly one of the two is there. */
    private record Item(long row, long line, @Nullable FileRow checked, List<RefusedRow> refused) {}

    /** What a batch came to. */
    private record Done(ImportProgress progress, List<RefusedRow> refused) {}

    ImportProgress run(Path file) throws IOException {
        Rows.Survey survey = Rows.Survey.of(file, options.format(), engine.json());
        Checkpoint start = options.dryRun() ? fresh(survey) : checkpoint(survey);
        ImportProgress progress = start.progress();
        listener.started(progress, start.batchFrom());
        start.batchRefused().forEach(listener::refused);
        try (InputStream in = Files.newInputStream(file)) {
            Rows rows = Rows.of(in, options.format(), engine.json());
            for (long row = 0; row < progress.rows() && rows.skip(); row++) {}
            for (List<Item> batch = batch(rows, progress.rows());
                    !batch.isEmpty();
                    batch = batch(rows, progress.rows())) {
                progress = store(batch, progress);
            }
        }
        if (progress.rows() != survey.rows()) {
            throw new ImportException("the file changed while it was imported");
        }
        return progress;
    }

    private Checkpoint fresh(Rows.Survey survey) {
        return new Checkpoint(
                Checkpoint.idOf(options.name()),
                survey.digest(),
                ImportProgress.none(survey.rows()),
                1,
                List.of(),
                engine.now(),
                engine.now());
    }

    /** Where to go on; a finished import of another file under this name is over. */
    private Checkpoint checkpoint(Rows.Survey survey) {
        return engine.run(env, Actor.SYSTEM, call -> {
            Checkpoint fresh = fresh(survey);
            Optional<Checkpoint> known = call.hold(Checkpoint.TYPE, fresh.id());
            if (known.isEmpty()) {
                return call.create(Checkpoint.TYPE, fresh);
            }
            boolean same = known.get().source().equals(survey.digest());
            if (same && !options.restart()) {
                return known.get();
            }
            if (!known.get().finished() && !options.restart()) {
                throw new ImportException("the import '" + options.name() + "' is at row "
                        + known.get().progress().rows() + " of another file, or of this one before it was changed."
                        + " Take another name, or start again");
            }
            return call.update(Checkpoint.TYPE, fresh.id(), c -> fresh);
        });
    }

    private List<Item> batch(Rows rows, long done) throws IOException {
        List<Item> batch = new ArrayList<>();
        int bytes = 0;
        while (batch.size() < BATCH_ROWS && bytes < BATCH_BYTES) {
            Rows.Row row = rows.next();
            if (row == null) {
                break;
            }
            bytes += row.size();
            batch.add(item(done + batch.size() + 1, row));
        }
        return batch;
    }

    private Item item(long number, Rows.Row row) {
        if (row.value() == null || row.problem() != null) {
            Problem problem = row.problem() == null ? new Problem("", "invalid", "") : row.problem();
            return new Item(number, row.line(), null, List.of(RefusedRow.of(number, row.line(), problem)));
        }
        try {
            return new Item(number, row.line(), kinds.check(engine, row.value()), List.of());
        } catch (ApiException e) {
            return new Item(number, row.line(), null, RefusedRow.of(number, row.line(), e));
        }
    }

    private ImportProgress store(List<Item> batch, ImportProgress before) {
        try {
            return told(transaction(batch, before));
        } catch (ApiException | Storage.Duplicate e) {
            // something in it was refused while it was stored, and nothing of the batch is there: one by one, then
            LOG.debug("a batch of {} rows is taken one by one", batch.size(), e);
        }
        ImportProgress progress = before;
        for (Item item : batch) {
            try {
                progress = told(transaction(List.of(item), progress));
            } catch (ApiException e) {
                Item refused = new Item(item.row, item.line, null, RefusedRow.of(item.row, item.line, e));
                progress = told(transaction(List.of(refused), progress));
            }
        }
        return progress;
    }

    private ImportProgress told(Done done) {
        done.refused.forEach(listener::refused);
        listener.progress(done.progress);
        return done.progress;
    }

    private Done transaction(List<Item> batch, ImportProgress before) {
        boolean many = batch.size() > 1;
        if (options.dryRun()) {
            return engine.rehearse(env, Actor.SYSTEM, rehearsal, many, call -> rows(call, batch, before));
        }
        // alone, a row is stored at once, so that a refusal says exactly what is taken
        return many
                ? engine.runBatch(env, Actor.SYSTEM, call -> stored(call, batch, before))
                : engine.run(env, Actor.SYSTEM, call -> stored(call, batch, before));
    }

    private Done stored(Call call, List<Item> batch, ImportProgress before) {
        Checkpoint at = call.need(Checkpoint.TYPE, Checkpoint.idOf(options.name()));
        if (!at.progress().equals(before)) {
            throw new ImportException("somebody else runs the import '" + options.name() + "'");
        }
        Done done = rows(call, batch, before);
        call.update(
                Checkpoint.TYPE,
                Checkpoint.idOf(options.name()),
                c -> c.with(done.progress, before.rows() + 1, List.copyOf(done.refused)));
        return done;
    }

    private Done rows(Call call, List<Item> batch, ImportProgress before) {
        kinds.prefetch(call, batch.stream().map(Item::checked).filter(Objects::nonNull));
        ImportProgress progress = before;
        List<RefusedRow> refused = new ArrayList<>();
        for (Item item : batch) {
            progress = store(call, item, progress, refused);
        }
        return new Done(progress, refused);
    }

    private ImportProgress store(Call call, Item item, ImportProgress progress, List<RefusedRow> refused) {
        FileRow row = item.checked;
        if (row == null) {
            refused.addAll(item.refused);
            return progress.oneRefused();
        }
        boolean again = row.rehearsed(call);
        if (again || row.exists(call)) {
            switch (options.existing()) {
                case SKIP -> {
                    return progress.oneSkipped();
                }
                case UPDATE -> {
                    if (again) {
                        refused.add(RefusedRow.of(item.row, item.line, repeated(row)));
                        return progress.oneRefused();
                    }
                    row.update(call);
                    return progress.oneUpdated();
                }
                case REFUSE -> {
                    refused.add(RefusedRow.of(item.row, item.line, row.taken()));
                    return progress.oneRefused();
                }
            }
        }
        Optional<Problem> conflict = row.conflict(call);
        if (conflict.isPresent()) {
            refused.add(RefusedRow.of(item.row, item.line, conflict.get()));
            return progress.oneRefused();
        }
        row.create(call);
        return progress.oneCreated();
    }

    /** What an update would do depends on the row before, which a rehearsal has not stored; and which one shall count? */
    private static Problem repeated(FileRow row) {
        return new Problem(
                row.knownBy(), row.knownBy() + "_repeated", "An earlier row of this file is about the same.");
    }
}
