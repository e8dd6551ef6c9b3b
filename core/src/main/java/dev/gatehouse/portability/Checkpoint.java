package dev.gatehouse.portability;

import dev.gatehouse.crypto.Digest;
import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Where an import is. Written in the transaction of each batch, so that a batch counts exactly if it is stored.
 *
 * @param id {@code user_import_…} with a digest of the import's name
 * @param source SHA-256 of the file
 * @param progress rows that are done
 * @param batchFrom first row of the last batch
 * @param batchRefused what was refused in the last batch: a process that dies between the commit and its report has
 *     it told by the next run
 */
record Checkpoint(
        String id,
        String source,
        ImportProgress progress,
        long batchFrom,
        List<RefusedRow> batchRefused,
        Instant createdAt,
        Instant updatedAt)
        implements Entity {
    private static final Duration KEPT = Duration.ofDays(30);

    static final EntityType<Checkpoint> TYPE =
            EntityType.of("user_import", "user_import", Checkpoint.class).expires(c -> c.updatedAt.plus(KEPT));

    static String idOf(String name) {
        return "user_import_" + Digest.of("user_import", name);
    }

    boolean finished() {
        return progress.rows() == progress.total();
    }

    Checkpoint with(ImportProgress now, long from, List<RefusedRow> refused) {
        return new Checkpoint(id, source, now, from, refused, createdAt, updatedAt);
    }
}
