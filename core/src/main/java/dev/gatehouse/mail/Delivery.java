package dev.gatehouse.mail;

import dev.gatehouse.background.Workers;
import dev.gatehouse.engine.Reasons;
import dev.gatehouse.engine.Signals;
import dev.gatehouse.spi.Mailer;
import dev.gatehouse.spi.Telemetry.Signal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes mails from the queue and gives them to the mailer, on the threads of {@link Workers}. */
final class Delivery implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

    private final MailQueue queue;
    private final Letters letters;
    private final Mailer mailer;
    private final Supplier<Instant> now;
    private final Duration patience;
    private final Set<Sending> sending = ConcurrentHashMap.newKeySet();
    private final Workers workers;
    private final Signals signals;

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
            Duration patience,
            Signals signals) {
        this.signals = signals;
        this.queue = queue;
        this.letters = letters;
        this.mailer = mailer;
        this.now = now;
        this.patience = patience;
        this.workers = new Workers("gatehouse-mail", this::look, now, this::stuck, executor);
    }

    /** Sees to it that somebody looks into the queue of this environment. Never throws, sends nothing itself. */
    void wake(String env) {
        workers.wake(env);
    }

    private long stuck() {
        return sending.stream().filter(one -> one.longerThan(patience)).count();
    }

    private Workers.Look look(String env) {
        for (Sending one : sending) {
            if (one.longerThan(patience) && one.interrupt()) {
                LOG.warn(
                        "mail {} is with the mailer for too long; its thread was interrupted",
                        one.claim().mailId());
            }
            one.keep(queue, now.get());
        }
        MailQueue.Look look = queue.look(env);
        if (!look.late().isEmpty()) {
            look.late().forEach(mail -> signals.count(Signal.MAIL, "given_up", "too_late"));
            LOG.warn("dropped unsent, since they would come too late: {}", look.late());
        }
        if (!look.closed().isEmpty()) {
            LOG.warn("they open under none of this node's root keys, and wait: {}", look.closed());
        }
        MailQueue.Claim claim = look.claim();
        return new Workers.Look(claim == null ? null : () -> send(claim), look.more(), look.next());
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
            signals.count(Signal.MAIL, "sent", Reasons.NONE);
        } else if (failure instanceof Mailer.Refused) {
            queue.done(held);
            signals.count(Signal.MAIL, "given_up", "refused_for_good");
            LOG.atWarn()
                    .addKeyValue("mail", held.mailId())
                    .addKeyValue("reason", "refused_for_good")
                    .log("mail {} was refused for good ({}); dropped", held.mailId(), Failure.of(failure));
        } else {
            Optional<Instant> next = queue.failed(held);
            signals.count(Signal.MAIL, next.isPresent() ? "retried" : "given_up", "not_accepted");
            LOG.atWarn()
                    .addKeyValue("mail", held.mailId())
                    .addKeyValue("reason", "not_accepted")
                    .log(
                            "mail {} was not accepted ({}); {}",
                            held.mailId(),
                            Failure.of(failure),
                            next.map(at -> "next try at " + at).orElse("dropped, since a later try would be too late"));
        }
    }

    /**
     * Ends the workers: the mailer gets a second to finish what it has, and half a second more after an interrupt. What
     * is not done by then is tried again by somebody else when its claim is over.
     */
    @Override
    public void close() {
        workers.close(() -> sending.forEach(Sending::interrupt));
    }
}
