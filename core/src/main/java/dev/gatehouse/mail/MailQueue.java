package dev.gatehouse.mail;

import dev.gatehouse.crypto.Envelope;
import dev.gatehouse.engine.Actor;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Engine;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The mails that wait, in the storage: durable, sealed, and each claimed by one worker at a time. */
final class MailQueue {
    /** A claim is over after this time, so that another node can take what a dead one has left. */
    static final Duration LEASE = Duration.ofMinutes(3);

    private static final String PURPOSE = "mail";
    private static final int PAGE = 20;
    private static final List<Duration> PAUSES = List.of(
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofMinutes(2),
            Duration.ofMinutes(10),
            Duration.ofMinutes(30));
    private static final Duration SHORTEST_LAST_PAUSE = Duration.ofSeconds(30);

    private final Engine engine;
    private final Envelope envelope;

    MailQueue(Engine engine, Envelope envelope) {
        this.engine = engine;
        this.envelope = envelope;
    }

    /**
     * A mail that one worker has, and nobody else.
     *
     * @param env environment
     * @param row as it is stored while it is claimed
     */
    record Claim(String env, QueuedMail row, Message message) {
        /** Identifier for people, the same through all tries. */
        String mailId() {
            return row.mailId();
        }
    }

    /**
     * What one look into the queue found.
     *
     * @param claim to be sent now; null if nothing is due
     * @param more whether something else is due, too
     * @param next when something will be due, the ends of other workers' claims included; null if nothing waits
     * @param late mails that were deleted, since they would come too late
     * @param closed mails that open under none of this node's root keys; another node may have the key, so they wait
     */
    record Look(
            @Nullable Claim claim, boolean more, @Nullable Instant next, List<String> late, List<String> closed) {}

    /** Stores a mail in the caller's transaction. */
    void add(Call call, Message message) {
        String id = call.newId(QueuedMail.TYPE);
        String sealed = envelope.seal(PURPOSE, id, engine.json().bytes(message));
        // the generator may be ahead of the clock, and then the mail would be due in the future
        call.create(
                QueuedMail.TYPE,
                new QueuedMail(id, id, sealed, 0, message.uselessAfter(), call.now(), call.now())
                        .at(call.now(), 0, call.now()));
    }

    /** Whether nothing waits and nothing is being sent. */
    boolean isEmpty(String env) {
        return engine.run(env, Actor.SYSTEM, call -> first(call, 1).isEmpty());
    }

    /** When the next mail is due; empty if none waits. */
    Optional<Instant> next(String env) {
        return engine.run(
                env,
                Actor.SYSTEM,
                call -> first(call, 1).stream().map(QueuedMail::due).findFirst());
    }

    private static List<QueuedMail> first(Call call, int most) {
        return call.page(QueuedMail.TYPE, Map.of(), null, new Call.Window(null, null, false, most));
    }

    /** Claims the mail that is due for longest. */
    Look look(String env) {
        return engine.run(env, Actor.SYSTEM, this::look);
    }

    private Look look(Call call) {
        List<String> late = new ArrayList<>();
        List<String> closed = new ArrayList<>();
        List<QueuedMail> first = first(call, PAGE);
        for (int i = 0; i < first.size(); i++) {
            QueuedMail row = first.get(i);
            if (row.due().isAfter(call.now())) {
                return new Look(null, false, row.due(), late, closed);
            }
            if (!row.expiresAt().isAfter(call.now())) {
                if (call.delete(QueuedMail.TYPE, row)) {
                    late.add(row.mailId());
                }
                continue;
            }
            Message message = open(row);
            if (message == null) {
                closed.add(row.mailId());
                moveToNextTry(call, row);
                continue;
            }
            // of any number of workers one gets it
            Optional<QueuedMail> claimed = move(call, row, call.now().plus(LEASE), row.failures());
            if (claimed.isPresent()) {
                boolean more = i + 1 < first.size() && !first.get(i + 1).due().isAfter(call.now());
                return new Look(new Claim(call.env(), claimed.get(), message), more, null, late, closed);
            }
        }
        return new Look(null, false, first.isEmpty() ? null : call.now(), late, closed);
    }

    private @Nullable Message open(QueuedMail row) {
        try {
            return envelope.open(PURPOSE, row.mailId(), row.sealed())
                    .map(plain -> engine.json().read(new String(plain, StandardCharsets.UTF_8), Message.class))
                    .orElse(null);
        } catch (UncheckedIOException e) {
            return null;
        }
    }

    /** It is done: sent, or never to be sent. */
    void done(Claim claim) {
        engine.run(claim.env(), Actor.SYSTEM, call -> call.delete(QueuedMail.TYPE, claim.row()));
    }

    /** It failed: it waits for its next try, or is deleted if that would be too late. When, or empty. */
    Optional<Instant> failed(Claim claim) {
        return engine.run(claim.env(), Actor.SYSTEM, call -> moveToNextTry(call, claim.row()));
    }

    private static Optional<Instant> moveToNextTry(Call call, QueuedMail row) {
        Optional<Instant> next = next(row, call.now());
        if (next.isEmpty()) {
            call.delete(QueuedMail.TYPE, row);
        } else {
            move(call, row, next.get(), row.failures() + 1);
        }
        return next;
    }

    /** Keeps the claim of a mail that is still being sent. */
    Claim renewed(Claim claim) {
        return engine.run(
                claim.env(),
                Actor.SYSTEM,
                call -> move(
                                call,
                                claim.row(),
                                call.now().plus(LEASE),
                                claim.row().failures())
                        .map(row -> new Claim(claim.env(), row, claim.message()))
                        .orElse(claim));
    }

    private static Optional<QueuedMail> move(Call call, QueuedMail row, Instant due, int failures) {
        return call.take(QueuedMail.TYPE, row.id())
                .map(taken -> call.create(QueuedMail.TYPE, taken.at(due, failures, call.now())));
    }

    /** Ever longer pauses; towards the end half of what is left, so that a short-lived code has its last chances, too. */
    private static Optional<Instant> next(QueuedMail row, Instant now) {
        Duration pause = PAUSES.get(Math.min(row.failures(), PAUSES.size() - 1));
        Duration half = Duration.between(now, row.expiresAt()).dividedBy(2);
        Duration last = half.compareTo(SHORTEST_LAST_PAUSE) < 0 ? SHORTEST_LAST_PAUSE : half;
        Instant next = now.plus(pause.compareTo(last) < 0 ? pause : last);
        return next.isBefore(row.expiresAt()) ? Optional.of(next) : Optional.empty();
    }
}
