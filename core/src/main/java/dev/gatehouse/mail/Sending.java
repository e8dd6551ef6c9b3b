package dev.gatehouse.mail;

import java.time.Duration;
import java.time.Instant;

/** A mail that the mailer has. Until it comes back, its claim is kept, and its thread may be interrupted once. */
final class Sending {
    private final Thread thread = Thread.currentThread();
    private final long began = System.nanoTime();
    private MailQueue.Claim claim;
    private boolean interrupted;
    private boolean over;

    Sending(MailQueue.Claim claim) {
        this.claim = claim;
    }

    synchronized MailQueue.Claim claim() {
        return claim;
    }

    /** Whether the mailer has had it for longer than this. */
    boolean longerThan(Duration limit) {
        return System.nanoTime() - began > limit.toNanos();
    }

    /** Interrupts the mailer; true for the first time. */
    synchronized boolean interrupt() {
        if (over || interrupted) {
            return false;
        }
        interrupted = true;
        thread.interrupt();
        return true;
    }

    /** Keeps the claim if much of it is over. */
    synchronized void keep(MailQueue queue, Instant now) {
        if (!over && claim.row().due().isBefore(now.plus(MailQueue.LEASE.dividedBy(2)))) {
            claim = queue.renewed(claim);
        }
    }

    /** The mailer is done. From here no interrupt can come: one in the middle of H2's I/O would close the database. */
    synchronized MailQueue.Claim end() {
        over = true;
        Thread.interrupted();
        return claim;
    }
}
