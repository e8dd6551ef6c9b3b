package dev.gatehouse.mail;

import dev.gatehouse.config.Config;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.Envelope;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.spi.Mailer;
import dev.gatehouse.ui.Brand;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Tells people something by mail. A mail is queued in the transaction of the change that it tells of, so that there is
 * one exactly if the change happened; it is sent afterwards, on another thread, as often as it takes until the mailer has
 * accepted it or it would be useless. Safe for many threads and for several nodes on one storage: while the nodes live
 * and call {@code maintain()}, a mail is with one mailer at a time; after a crash in the middle of a try it may arrive twice.
 */
public final class Mails implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final MailQueue queue;
    private final @Nullable Mailer mailer;
    private final @Nullable Delivery delivery;

    /**
     * Makes the one of a Gatehouse instance.
     *
     * @param hosts mailer of the host's; null for the SMTP server of the settings, if they name one
     * @param executor threads of the host's to send on; null for threads of our own, which exist while mail waits only
     */
    public Mails(
            Engine engine,
            Envelope envelope,
            Config config,
            Clock clock,
            @Nullable Mailer hosts,
            @Nullable Executor executor) {
        this(
                engine,
                envelope,
                config,
                hosts == null ? SmtpMailer.of(config, clock).orElse(null) : hosts,
                executor,
                PATIENCE);
    }

    Mails(
            Engine engine,
            Envelope envelope,
            Config config,
            @Nullable Mailer mailer,
            @Nullable Executor executor,
            Duration patience) {
        this.queue = new MailQueue(engine, envelope);
        this.mailer = mailer;
        Brand brand = config.get(Setting.BRAND_COLOR).map(Brand::of).orElse(Brand.OWN);
        Letters letters = new Letters(config.get(Setting.APP_NAME), brand);
        this.delivery = mailer == null || !config.get(Setting.MAILS).equals("on")
                ? null
                : new Delivery(queue, letters, mailer, engine::now, executor, patience, engine.signals());
    }

    /** Whether mails are sent: there is a mailer, and the setting {@code mails} is {@code on}. */
    public boolean enabled() {
        return delivery != null;
    }

    /** What sends mail: the host's mailer or the SMTP server of the settings; also when {@code mails} is {@code off}. */
    public Optional<Mailer> mailer() {
        return Optional.ofNullable(mailer);
    }

    /**
     * Queues a mail in the caller's transaction; does nothing unless {@link #enabled()}. Costs the caller the sealing and
     * storing of one row, and perhaps the start of a thread: where the time taken must not tell whether there is an
     * account, do it for both cases or for neither. Whom the address belongs to is not checked.
     */
    public void queue(Call call, Message message) {
        if (delivery != null) {
            queue.add(call, message);
            Delivery sends = delivery;
            call.afterCommit(() -> sends.wake(call.env()));
        }
    }

    /**
     * Sees to it that what is due in an environment is sent, on another thread, and that the claims of what is being sent
     * are kept. Where nothing waits it starts no thread.
     *
     * @throws dev.gatehouse.spi.Storage.StorageException if the queue cannot be read
     */
    public void deliver(String env) {
        if (delivery != null && !queue.isEmpty(env)) {
            delivery.wake(env);
        }
    }

    /** When the next mail of an environment is due; empty if none waits. */
    public Optional<Instant> next(String env) {
        return queue.next(env);
    }

    /** Stops sending, within two seconds. What was not sent stays queued. */
    @Override
    public void close() {
        if (delivery != null) {
            delivery.close();
        }
    }
}
