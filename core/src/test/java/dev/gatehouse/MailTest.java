package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.gatehouse.config.Config;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.Envelope;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.crypto.Ulid;
import dev.gatehouse.engine.Actor;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.engine.Json;
import dev.gatehouse.mail.Mails;
import dev.gatehouse.mail.Message;
import dev.gatehouse.mail.Message.Kind;
import dev.gatehouse.spi.Keyring;
import dev.gatehouse.spi.Mailer;
import dev.gatehouse.store.MemoryStorage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Mail as a whole Gatehouse sends it. */
@Timeout(60)
class MailTest {
    private final MemoryStorage storage = new MemoryStorage();
    private final Keyring keyring = LocalKeyring.random();
    private final SteerableClock clock = new SteerableClock();
    private final List<Mailer.Mail> sent = Collections.synchronizedList(new ArrayList<>());

    private Mails mails(@Nullable Mailer mailer, Executor executor) {
        return new Mails(
                new Engine(storage, new Ulid(), clock, new Json()),
                new Envelope(keyring),
                Config.of(List.of()),
                clock,
                mailer,
                executor);
    }

    /** Leaves a code in the queue, as a node does that was stopped before it could send it. */
    private void leave(String env, String to) {
        Mails stopped = mails(sent::add, work -> {});
        new Engine(storage, new Ulid(), clock, new Json()).run(env, Actor.SYSTEM, call -> {
            stopped.queue(
                    call,
                    new Message(
                            Kind.MAGIC_CODE,
                            to,
                            null,
                            Map.of("code", "417920", "minutes", "10"),
                            call.now().plusSeconds(600)));
            return null;
        });
    }

    @Test
    void housekeepingSendsWhatIsDueInEveryEnvironment() {
        try (Rest live = new Rest(
                        storage,
                        keyring,
                        clock,
                        builder -> builder.set(Setting.ENVIRONMENT, "live")
                                .set(Setting.API_KEY, Rest.KEY + "_live")
                                .set(Setting.CLIENT_ID, Rest.CLIENT + "live"));
                Rest rest = new Rest(
                        storage,
                        keyring,
                        clock,
                        builder -> builder.mailer(sent::add).set(Setting.APP_NAME, "Fieldnotes"))) {
            leave(rest.gatehouse.environment().id(), "ada@example.com");
            leave(live.gatehouse.environment().id(), "grace@example.com");
            rest.gatehouse.maintain();
            await().until(() -> sent.size() == 2);
            assertThat(sent)
                    .extracting(Mailer.Mail::to)
                    .containsExactlyInAnyOrder("ada@example.com", "grace@example.com");
            assertThat(sent).allMatch(mail -> mail.subject().equals("417920 is your Fieldnotes code"));
        }
    }

    @Test
    void aNodeThatLosesTheHousekeepingSendsAllTheSame() {
        try (Rest first = new Rest(storage, keyring, clock, builder -> builder);
                Rest second = new Rest(storage, keyring, clock, builder -> builder.mailer(sent::add))) {
            first.gatehouse.maintain();
            leave(first.gatehouse.environment().id(), "ada@example.com");
            second.gatehouse.maintain();
            await().until(() -> sent.size() == 1);
        }
    }

    @Test
    void theSettingsNameAServerAndTheHostsMailerWins() throws Exception {
        ServerSetup setup = new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP);
        GreenMail server = new GreenMail(setup);
        server.start();
        Map<Setting<?>, String> smtp = Map.of(
                Setting.SMTP_HOST, "127.0.0.1",
                Setting.SMTP_PORT, Integer.toString(server.getSmtp().getPort()),
                Setting.SMTP_SECURITY, "none",
                Setting.MAIL_FROM, "no-reply@fieldnotes.example");
        try (Rest rest = new Rest(storage, keyring, clock, builder -> {
            smtp.forEach(builder::set);
            return builder;
        })) {
            leave(rest.gatehouse.environment().id(), "ada@example.com");
            rest.gatehouse.maintain();
            assertThat(server.waitForIncomingEmail(10_000, 1)).isTrue();
            rest.gatehouse.mailer().orElseThrow().send(new Mailer.Mail("grace@example.com", "s", "t", "h"));
            assertThat(server.waitForIncomingEmail(10_000, 2)).isTrue();
        }
        try (Rest rest = new Rest(storage, keyring, clock, builder -> {
            smtp.forEach(builder::set);
            return builder.mailer(sent::add);
        })) {
            leave(rest.gatehouse.environment().id(), "ada@example.com");
            rest.gatehouse.maintain();
            await().until(() -> sent.size() == 1);
        }
        assertThat(server.getReceivedMessages()).hasSize(2);
        server.stop();
    }

    @Test
    void withoutAMailerOrWithMailsOffNothingIsQueued() {
        assertThat(mails(null, work -> {}).enabled()).isFalse();
        assertThat(mails(sent::add, work -> {}).enabled()).isTrue();
        try (Rest off = new Rest(
                storage, keyring, clock, builder -> builder.mailer(sent::add).set(Setting.MAILS, "off"))) {
            leave(off.gatehouse.environment().id(), "ada@example.com");
            off.gatehouse.maintain();
            assertThat(off.gatehouse.mailer()).as("for the application itself").isPresent();
        }
        try (Rest none = new Rest(storage, keyring, clock, builder -> builder)) {
            assertThat(none.gatehouse.mailer()).isEmpty();
            none.gatehouse.maintain();
        }
        assertThat(sent).isEmpty();
    }

    @Test
    void closingEndsWhatIsBeingSentWithinTwoSeconds() {
        Rest rest = new Rest(
                storage,
                keyring,
                clock,
                builder -> builder.mailer(mail -> {
                    sent.add(mail);
                    try {
                        Thread.sleep(60_000);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }));
        leave(rest.gatehouse.environment().id(), "ada@example.com");
        rest.gatehouse.maintain();
        await().until(() -> sent.size() == 1);
        long start = System.nanoTime();
        rest.close();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("gatehouse-mail")));
    }
}
