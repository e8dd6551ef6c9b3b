package dev.gatehouse.portability;

/**
 * How to import a file.
 *
 * @param name under which its progress is remembered for thirty days, so that an import that was cut off goes on where
 *     it was
 * @param format form of the file
 * @param existing what becomes of a row whose address somebody has already, or whose organization is there
 * @param dryRun does what an import does and takes it back. Without a refusal, an import has none either, if nothing else
 *     changes the database between them
 * @param restart forgets where an earlier import of this name was
 */
public record ImportOptions(String name, Format format, Existing existing, boolean dryRun, boolean restart) {

    /** What becomes of a row whose address somebody has already, or whose organization is there. */
    public enum Existing {
        /** Leaves the user or organization as it is. */
        SKIP,
        /** Gives the user or organization what the row has. */
        UPDATE,
        /** Refuses the row. */
        REFUSE
    }

    /** Skips who is there already, and goes on where an earlier import of this name was cut off. */
    public static ImportOptions of(String name, Format format) {
        return new ImportOptions(name, format, Existing.SKIP, false, false);
    }

    /** With another answer to a row whose address somebody has already. */
    public ImportOptions existing(Existing answer) {
        return new ImportOptions(name, format, answer, dryRun, restart);
    }

    /** That checks and changes nothing. */
    public ImportOptions dry() {
        return new ImportOptions(name, format, existing, true, restart);
    }

    /** That begins with the first row. */
    public ImportOptions fromStart() {
        return new ImportOptions(name, format, existing, dryRun, true);
    }
}
