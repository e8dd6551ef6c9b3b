package dev.gatehouse.portability;

/** Hears how an import goes, on the thread that runs it. What it throws ends the import after the last batch. */
public interface ImportListener {
    /**
     * It begins, or goes on.
     *
     * @param soFar what earlier runs have done
     * @param toldFrom refused rows from this number on are told now, also those that an earlier run may have told already:
     *     whoever writes them down drops what he has of them
     */
    default void started(ImportProgress soFar, long toldFrom) {}

    /** Something is wrong with a row; called in the order of rows, and again for each thing that is wrong with it. */
    default void refused(RefusedRow problem) {}

    /** A batch of rows is stored. */
    default void progress(ImportProgress now) {}
}
