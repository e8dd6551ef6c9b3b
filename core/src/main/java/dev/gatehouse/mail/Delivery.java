package dev.gatehouse.mail;

import dev.gatehouse.spi.Mailer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes mails from the queue and gives them to the mailer, each on a thread that nobody waits for and outside of any
 * transaction. A worker claims one mail, starts another worker if more is due, sends, and looks again; it ends when
 * nothing is due. Among threads of our own the last one stays while mails wait for their next try; a thread of the
 * host's is given back at once, and tries again come with the next mail or with {@code maintain()}.
 */
final class Delivery implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
    private static final int MOST_AT_ONCE = 4;
    private static final int MOST_THREADS = 32;
    private static final long LONGEST_WAIT_MILLIS = 60_000;

    private final MailQueue queue;
    private final Letters letters;
    private final Mailer mailer;
    private final Supplier<Instant> now;
    private final Executor executor;
    private final boolean own;
    private final Duration patience;
    private final Set<Sending> sending = ConcurrentHashMap.newKeySet();

    // all below is guarded by this
    private final Set<String> environments = new LinkedHashSet<>();
    private int workers;
    private long wakes;
    private boolean waiting;
    private boolean closed;

    /**
     * @param executor the host's threads; null for threads of our own
     * @param patience how long a mailer may take before its thread is interrupted and another one sends the rest
     */
    Delivery(
            MailQueue queue,
            Letters letters,
            Mailer mailer,
            Supplier<Instant> now,
            @Nullable Executor executor,
            Duration patience) {
        this.queue = queue;
        this.letters = letters;
        this.mailer = mailer;
        this.now = now;
        this.own = executor == null;
        this.executor = executor == null ? Delivery::start : executor;
        this.patience = patience;
    }

    private static void start(Runnable work) {
        // without the inheritable thread locals of the request that happens to be the first
        Thread thread = new Thread(null, work, "gatehouse-mail", 0, false);
        thread.setDaemon(true);
        thread.start();
    }

    /** Sees to it that somebody looks into the queue of this environment. Never throws, sends nothing itself. */
    void wake(String env) {
        synchronized (this) {
            environments.add(env);
            wakes++;
        }
        another();
    }

    private void another() {
        synchronized (this) {
            notifyAll();
            if (closed || waiting || workers >= MOST_THREADS || workers - stuck() >= MOST_AT_ONCE) {
                // who is there looks again before it ends
                return;
            }
            workers++;
        }
        try {
            executor.execute(this::work);
        } catch (RuntimeException e) {
            left();
            LOG.warn("no thread to send mail ({}); it waits", Failure.of(e));
        }
    }

    private long stuck() {
        return sending.stream().filter(one -> one.longerThan(patience)).count();
    }

    private void work() {
        boolean stay = true;
        try {
            while (stay) {
                long seen = wakes();
                MailQueue.Look look = look();
                if (look.claim() == null) {
                    stay = stays(seen, look.next());
                } else {
                    if (look.more()) {
                        another();
                    }
                    send(look.claim());
                }
            }
        } catch (RuntimeException e) {
            if (!isClosed()) {
                LOG.warn("the mail queue cannot be read or written ({}); mail waits", Failure.of(e));
            }
        } finally {
            if (stay) {
                left();
            }
        }
    }

    /** Claims what is due in some environment, or says when something will be. */
    private MailQueue.Look look() {
        for (Sending one : sending) {
            if (one.longerThan(patience) && one.interrupt()) {
                LOG.warn(
                        "mail {} is with the mailer for too long; its thread was interrupted",
                        one.claim().mailId());
            }
            one.keep(queue, now.get());
        }
        Instant next = null;
        for (String env : environments()) {
            MailQueue.Look look = queue.look(env);
            if (!look.late().isEmpty()) {
                LOG.warn("dropped unsent, since they would come too late: {}", look.late());
            }
            if (!look.closed().isEmpty()) {
                LOG.warn("they open under none of this node's root keys, and wait: {}", look.closed());
            }
            if (look.claim() != null) {
                return look;
            }
            Instant due = look.next();
            next = next == null || (due != null && due.isBefore(next)) ? due : next;
        }
        return new MailQueue.Look(null, false, next, List.of(), List.of());
    }

    private synchronized List<String> environments() {
        List<String> some = closed ? new ArrayList<>() : new ArrayList<>(environments);
        // so that one with much to send does not always come first
        Collections.shuffle(some);
        return some;
    }

    private void send(MailQueue.Claim claim) {
        Sending mail = new Sending(claim);
        sending.add(mail);
        Throwable failure = null;
        try {
            mailer.send(letters.write(claim.mailId(), claim.row().createdAt(), claim.message()));
        } catch (Throwable e) {
            // whatever a host's mailer throws, the next mail is to be sent all the same
            failure = e;
        }
        MailQueue.Claim held = mail.end();
        sending.remove(mail);
        if (failure == null) {
            queue.done(held);
        } else if (failure instanceof Mailer.Refused) {
            queue.done(held);
            LOG.warn("mail {} was refused for good ({}); dropped", held.mailId(), Failure.of(failure));
        } else {
            Optional<Instant> next = queue.failed(held);
            LOG.warn(
                    "mail {} was not accepted ({}); {}",
                    held.mailId(),
                    Failure.of(failure),
                    next.map(at -> "next try at " + at).orElse("dropped, since a later try would be too late"));
        }
        synchronized (this) {
            notifyAll();
        }
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

    private synchronized boolean isClosed() {
        return closed;
    }

    /**
     * Ends the workers: the mailer gets a second to finish what it has, and half a second more after an interrupt. What
     * is not done by then is tried again by somebody else when its claim is over.
     */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        if (!ended(Duration.ofSeconds(1))) {
            sending.forEach(Sending::interrupt);
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
