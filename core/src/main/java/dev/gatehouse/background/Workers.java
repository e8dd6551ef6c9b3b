package dev.gatehouse.background;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what is due in a queue, each piece on a thread that nobody waits for and outside of any transaction. A worker
 * takes one piece, starts another worker if more is due, does it, and looks again; it ends when nothing is due. Among
 * threads of our own the last one stays while something waits for its time; a thread of the host's is given back at once,
 * and what waits comes with the next wake-up.
 */
public final class Workers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);
    private static final int MOST_AT_ONCE = 4;
    private static final int MOST_THREADS = 32;
    private static final long LONGEST_WAIT_MILLIS = 60_000;

    /** Where work comes from. */
    @FunctionalInterface
    public interface Queue {
        /** Claims what is due in an environment, or says when something will be. */
        Look look(String env);
    }

    /**
     * What one look into a queue found.
     *
     * @param work claimed, to be done now; it must not throw. Null if nothing is due
     * @param more whether something else may be due, too
     * @param next when something will be due; null if nothing waits
     */
    public record Look(
            @Nullable Runnable work, boolean more, @Nullable Instant next) {
        /** Nothing is due and nothing waits. */
        public static final Look NOTHING = new Look(null, false, null);
    }

    private final String name;
    private final Queue queue;
    private final Supplier<Instant> now;
    private final LongSupplier stuck;
    private final Executor executor;
    private final boolean own;

    // all below is guarded by this
    private final Set<String> environments = new LinkedHashSet<>();
    private int workers;
    private long wakes;
    private boolean waiting;
    private boolean closed;

    /**
     * @param name of threads of our own, and what the log calls the work
     * @param stuck how many workers are held up by somebody else, and do not count among those at work
     * @param executor the host's threads; null for threads of our own
     */
    public Workers(String name, Queue queue, Supplier<Instant> now, LongSupplier stuck, @Nullable Executor executor) {
        this.name = name;
        this.queue = queue;
        this.now = now;
        this.stuck = stuck;
        this.own = executor == null;
        this.executor = executor == null ? this::start : executor;
    }

    private void start(Runnable work) {
        // without the inheritable thread locals of the request that happens to be the first
        Thread thread = new Thread(null, work, name, 0, false);
        thread.setDaemon(true);
        thread.start();
    }

    /** Sees to it that somebody looks into the queue of this environment. Never throws, does no work itself. */
    public void wake(String env) {
        synchronized (this) {
            environments.add(env);
            wakes++;
        }
        another();
    }

    private void another() {
        synchronized (this) {
            notifyAll();
            if (closed || waiting || workers >= MOST_THREADS || workers - stuck.getAsLong() >= MOST_AT_ONCE) {
                // who is there looks again before it ends
                return;
            }
            workers++;
        }
        try {
            executor.execute(this::work);
        } catch (RuntimeException e) {
            left();
            LOG.warn("no thread for {} ({}); it waits", name, Failures.of(e));
        }
    }

    private void work() {
        boolean stay = true;
        try {
            while (stay) {
                long seen = wakes();
                Look look = look();
                if (look.work() == null) {
                    stay = stays(seen, look.next());
                } else {
                    if (look.more()) {
                        another();
                    }
                    look.work().run();
                    synchronized (this) {
                        // one that waits may have something to do earlier now
                        notifyAll();
                    }
                }
            }
        } catch (RuntimeException e) {
            if (!isClosed()) {
                LOG.warn("the queue of {} cannot be read or written ({}); it waits", name, Failures.of(e));
            }
        } finally {
            if (stay) {
                left();
            }
        }
    }

    private Look look() {
        Instant next = null;
        for (String env : environments()) {
            Look look = queue.look(env);
            if (look.work() != null) {
                return look;
            }
            Instant due = look.next();
            next = next == null || (due != null && due.isBefore(next)) ? due : next;
        }
        return new Look(null, false, next);
    }

    private synchronized List<String> environments() {
        List<String> some = closed ? new ArrayList<>() : new ArrayList<>(environments);
        // so that one with much to do does not always come first
        Collections.shuffle(some);
        return some;
    }

    /** Whether a worker that found nothing should look again; it may wait here for that. Counts it out if not. */
    @SuppressWarnings("WaitNotInLoop") // the worker looks again after any wake-up
    private synchronized boolean stays(long seen, @Nullable Instant next) {
        long millis = next == null ? -1 : Duration.between(now.get(), next).toMillis();
        if (!closed && (wakes != seen || (next != null && millis <= 0))) {
            return true;
        }
        if (!closed && own && next != null && !waiting) {
            waiting = true;
            try {
                wait(Math.min(millis, LONGEST_WAIT_MILLIS));
                return true;
            } catch (InterruptedException e) {
                // nobody has cause to, but then it is meant to end
            } finally {
                waiting = false;
            }
        }
        left();
        return false;
    }

    private synchronized void left() {
        workers--;
        notifyAll();
    }

    private synchronized long wakes() {
        return wakes;
    }

    /** Whether nothing more is begun. */
    public synchronized boolean isClosed() {
        return closed;
    }

    /** Begins nothing more: workers have a second to finish what they do. */
    @Override
    public void close() {
        close(() -> {});
    }

    /**
     * As the other. What is not done by then is done by somebody else when its claim is over.
     *
     * @param interrupt ends what takes longer than a second; then there is half a second more
     */
    public void close(Runnable interrupt) {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        if (!ended(Duration.ofSeconds(1))) {
            interrupt.run();
            ended(Duration.ofMillis(500));
        }
    }

    private synchronized boolean ended(Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        try {
            for (long left = limit.toMillis(); workers > 0 && left > 0; left = (end - System.nanoTime()) / 1_000_000) {
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return workers == 0;
    }
}
