package dev.gatehouse.portability;

/**
 * How far an import is. Each row is counted in one of the last four.
 *
 * @param total rows of the file
 * @param rows rows done, those of earlier runs too
 * @param created users and organizations made
 * @param updated those that were there and got what the row has
 * @param skipped those that were there and stayed as they were
 * @param refused rows that were not taken
 */
public record ImportProgress(long total, long rows, long created, long updated, long skipped, long refused) {
    static ImportProgress none(long total) {
        return new ImportProgress(total, 0, 0, 0, 0, 0);
    }

    ImportProgress oneCreated() {
        return new ImportProgress(total, rows + 1, created + 1, updated, skipped, refused);
    }

    ImportProgress oneUpdated() {
        return new ImportProgress(total, rows + 1, created, updated + 1, skipped, refused);
    }

    ImportProgress oneSkipped() {
        return new ImportProgress(total, rows + 1, created, updated, skipped + 1, refused);
    }

    ImportProgress oneRefused() {
        return new ImportProgress(total, rows + 1, created, updated, skipped, refused + 1);
    }
}
