package dev.gatehouse.mail;

import dev.gatehouse.config.Config;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.Envelope;
import dev.gatehouse.crypto.Ulid;
import dev.gatehouse.engine.Actor;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.engine.Json;
import dev.gatehouse.mail.Message.Kind;
import dev.gatehouse.spi.Keyring;
import dev.gatehouse.spi.Mailer;
import dev.gatehouse.spi.Settings;
import dev.gatehouse.spi.Storage;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The mail of one node: two with the same storage, keyring and clock are two nodes of one installation. */
final class Node implements AutoCloseable {
    static final String ENV = "environment_01TEST";

    final Engine engine;
    final Mails mails;

    Node(Storage storage, Keyring keyring, Clock clock, Mailer mailer, @Nullable Executor executor, Duration patience) {
        engine = new Engine(storage, new Ulid(), clock, new Json());
        mails = new Mails(engine, new Envelope(keyring), config(Map.of()), mailer, executor, patience);
    }

    static Config config(Map<Setting<?>, String> settings) {
        Map<String, String> values = settings.entrySet().stream()
                .collect(Collectors.toMap(e -> e.getKey().key(), Map.Entry::getValue));
        return Config.of(List.of(new Settings() {
            @Override
            public Optional<String> value(String key) {
                return Optional.ofNullable(values.get(key));
            }

            @Override
            public String source() {
                return "the test";
            }
        }));
    }

    /** A code of ten minutes. */
    Message code(String to) {
        return new Message(
                Kind.MAGIC_CODE,
                to,
                "de",
                Map.of("code", "417920", "minutes", "10"),
                engine.now().plusSeconds(600));
    }

    void queue(Message message) {
        engine.run(ENV, Actor.SYSTEM, call -> {
            mails.queue(call, message);
            return null;
        });
    }

    void queue(String to) {
        queue(code(to));
    }

    /** What the housekeeping does. */
    void maintain() {
        mails.deliver(ENV);
    }

    /** What is stored now. */
    List<QueuedMail> stored() {
        return engine.run(
                ENV,
                Actor.SYSTEM,
                call -> call.page(
                        QueuedMail.TYPE,
                        Map.of(),
                        null,
                        new dev.gatehouse.engine.Call.Window(null, null, false, 1000)));
    }

    @Override
    public void close() {
        mails.close();
    }
}
