package dev.gatehouse.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.SteerableClock;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.engine.Actor;
import dev.gatehouse.mail.Message.Kind;
import dev.gatehouse.spi.Keyring;
import dev.gatehouse.spi.Mailer;
import dev.gatehouse.spi.Query;
import dev.gatehouse.spi.Row;
import dev.gatehouse.spi.Storage;
import dev.gatehouse.store.JdbcStorage;
import dev.gatehouse.store.MemoryStorage;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A mail is sent if the change happened, once, in time, whatever the mailer does. */
@Timeout(60)
class DeliveryTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private final Storage storage = new MemoryStorage();
    private final Keyring keyring = LocalKeyring.random();
    private final SteerableClock clock = new SteerableClock();
    private final List<Node> nodes = new ArrayList<>();
    private final List<Mailer.Mail> sent = Collections.synchronizedList(new ArrayList<>());
    private final AtomicBoolean down = new AtomicBoolean();
    private final AtomicInteger tries = new AtomicInteger();

    private void accept(Mailer.Mail mail) {
        tries.incrementAndGet();
        if (down.get()) {
            throw new IllegalStateException("refused: " + mail.to() + ": " + mail.subject());
        }
        sent.add(mail);
    }

    private Node node(Mailer mailer) {
        return node(storage, mailer);
    }

    private Node node(Storage other, Mailer mailer) {
        Node node = new Node(other, keyring, clock, mailer, null, PATIENCE);
        nodes.add(node);
        return node;
    }

    /** One that queues and never sends. */
    private Node quiet() {
        Node node = new Node(storage, keyring, clock, this::accept, work -> {}, PATIENCE);
        nodes.add(node);
        return node;
    }

    private void settled(Node node) {
        await().until(() -> node.stored().isEmpty());
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("gatehouse-mail"))
                .count();
    }

    @AfterEach
    void close() {
        nodes.forEach(Node::close);
        await().until(() -> threads() == 0);
    }

    @Test
    void aMailIsSentOnAnotherThreadOutsideOfAnyTransactionAndThenNothingIsLeft() {
        Thread caller = Thread.currentThread();
        List<String> where = Collections.synchronizedList(new ArrayList<>());
        Node node = node(mail -> {
            // a nested transaction would throw
            storage.inTransaction(tx -> null);
            where.add(Thread.currentThread().getName() + Thread.currentThread().isDaemon());
            assertThat(Thread.currentThread()).isNotSameAs(caller);
            accept(mail);
        });
        node.queue("ada@example.com");
        settled(node);
        assertThat(where).containsExactly("gatehouse-mailtrue");
        assertThat(sent).singleElement().satisfies(mail -> {
            assertThat(mail.to()).isEqualTo("ada@example.com");
            assertThat(mail.subject()).isEqualTo("417920 ist Ihr Code für Gatehouse");
            assertThat(mail.id()).startsWith("mail_");
        });
        Query events = new Query(Node.ENV, "outbox", Map.of(), null, null, null, false, 1);
        List<Row> told = storage.inTransaction(tx -> tx.find(events));
        assertThat(told).as("events that tell of it").isEmpty();
        await().until(() -> threads() == 0);
        node.maintain();
        assertThat(threads()).as("none without a mail").isZero();
        await().until(() -> threads() == 0);
    }

    @Test
    void whatIsRolledBackIsNotSent() {
        Node node = node(this::accept);
        assertThatThrownBy(() -> node.engine.run(Node.ENV, Actor.SYSTEM, call -> {
                    node.mails.queue(call, node.code("ada@example.com"));
                    throw new IllegalStateException("rolled back");
                }))
                .hasMessage("rolled back");
        node.maintain();
        node.queue("grace@example.com");
        settled(node);
        assertThat(sent).extracting(Mailer.Mail::to).containsExactly("grace@example.com");
    }

    @Test
    void nothingIsLostWhileTheMailerIsDownAndTheOthersDoNotWaitForIt() {
        down.set(true);
        Node node = node(this::accept);
        node.queue("ada@example.com");
        await().until(() -> tries.get() == 1 && node.stored().get(0).failures() == 1);
        assertThat(threads()).as("one waits for the next try").isEqualTo(1);
        clock.pass(Duration.ofSeconds(5));
        node.maintain();
        await().until(() -> tries.get() == 2 && node.stored().get(0).failures() == 2);
        clock.pass(Duration.ofSeconds(29));
        node.maintain();
        down.set(false);
        node.queue("grace@example.com");
        await().until(() -> sent.size() == 1);
        assertThat(tries).as("it is not due yet").hasValue(3);
        clock.pass(Duration.ofSeconds(1));
        node.maintain();
        settled(node);
        assertThat(sent).extracting(Mailer.Mail::to).containsExactly("grace@example.com", "ada@example.com");
    }

    @Test
    void aMailKeepsItsIdentifierThroughItsTries() {
        List<String> ids = Collections.synchronizedList(new ArrayList<>());
        Node node = node(mail -> {
            ids.add(mail.id());
            if (ids.size() < 3) {
                throw new IllegalStateException();
            }
        });
        node.queue("ada@example.com");
        await().until(() -> ids.size() == 1 && node.stored().get(0).failures() == 1);
        clock.pass(Duration.ofSeconds(5));
        node.maintain();
        await().until(() -> ids.size() == 2 && node.stored().get(0).failures() == 2);
        clock.pass(Duration.ofSeconds(30));
        node.maintain();
        settled(node);
        assertThat(ids).hasSize(3).containsOnly(ids.get(0));
    }

    @Test
    void triesGoOnUntilTheEndAndNeverBeyond() {
        down.set(true);
        Node node = node(this::accept);
        node.queue("ada@example.com");
        Instant end = node.engine.now().plusSeconds(600);
        List<Long> pauses = new ArrayList<>();
        while (true) {
            int failures = pauses.size() + 1;
            await().until(() -> node.stored().stream().allMatch(row -> row.failures() == failures));
            if (node.stored().isEmpty()) {
                break;
            }
            Instant due = node.stored().get(0).due();
            assertThat(due).isBefore(end);
            pauses.add(Duration.between(node.engine.now(), due).toSeconds());
            clock.pass(Duration.between(node.engine.now(), due));
            node.maintain();
        }
        // 5, 30 and 120 seconds, then half of what is left
        assertThat(pauses).startsWith(5L, 30L, 120L, 222L, 111L).hasSizeLessThan(12);
        assertThat(Duration.between(node.engine.now(), end)).isLessThan(Duration.ofSeconds(31));
        assertThat(tries).hasValue(pauses.size() + 1);
    }

    @Test
    void longLivedMailIsTriedEachHalfHour() {
        down.set(true);
        Node node = node(this::accept);
        node.queue(new Message(
                Kind.INVITATION,
                "ada@example.com",
                null,
                Map.of("url", "https://app.example.com/i", "minutes", "10080"),
                node.engine.now().plus(Duration.ofDays(7))));
        List<Long> pauses = new ArrayList<>();
        for (int i = 1; i <= 7; i++) {
            int failures = i;
            await().until(() -> node.stored().get(0).failures() == failures);
            Instant due = node.stored().get(0).due();
            pauses.add(Duration.between(node.engine.now(), due).toSeconds());
            clock.pass(Duration.between(node.engine.now(), due));
            node.maintain();
        }
        assertThat(pauses).containsExactly(5L, 30L, 120L, 600L, 1800L, 1800L, 1800L);
    }

    @Test
    void whatCameTooLateIsDropped() {
        Node before = quiet();
        IntStream.range(0, 45).forEach(i -> before.queue("late" + i + "@example.com"));
        clock.pass(Duration.ofMinutes(10));
        before.queue("ada@example.com");
        Node node = node(this::accept);
        node.maintain();
        settled(node);
        assertThat(sent).extracting(Mailer.Mail::to).containsExactly("ada@example.com");
    }

    @Test
    void whatIsRefusedForGoodIsNotTriedAgain() {
        Node node = node(mail -> {
            tries.incrementAndGet();
            throw new Mailer.Refused("no such user", null);
        });
        node.queue("ada@example.com");
        settled(node);
        assertThat(tries).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory", "h2"})
    void nodesShareTheWorkAndEachMailIsSentOnce(String kind) {
        String database = JdbcStorage.h2Memory("mail" + DATABASES.incrementAndGet());
        List<Storage> storages = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            storages.add(
                    kind.equals("memory")
                            ? storage
                            : JdbcStorage.of(database, null, null, JdbcStorage.SchemaMode.CREATE, "gh_"));
            storages.get(i).prepare(List.of());
        }
        List<Node> some = storages.stream().map(one -> node(one, this::accept)).toList();
        IntStream.range(0, 300).parallel().forEach(i -> {
            some.get(i % 3).queue("user" + i + "@example.com");
            some.get((i + 1) % 3).maintain();
        });
        settled(some.get(0));
        assertThat(sent.stream().map(Mailer.Mail::to).distinct()).hasSize(300);
        assertThat(sent).hasSize(300);
        some.forEach(Node::close);
        storages.forEach(Storage::close);
    }

    @Test
    void oneThatThrowsOrHangsHoldsUpNobody() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        Node node = node(mail -> {
            if (mail.to().startsWith("hang")) {
                hold(hanging);
            }
            if (mail.to().startsWith("throw")) {
                throw new NoClassDefFoundError("as of a mailer that lacks its library");
            }
            accept(mail);
        });
        node.queue("hang@example.com");
        node.queue("throw@example.com");
        node.queue("ada@example.com");
        node.queue("grace@example.com");
        await().until(() -> sent.size() == 2);
        hanging.countDown();
        await().until(() -> sent.size() == 3);
        assertThat(sent).extracting(Mailer.Mail::to).contains("hang@example.com");
        await().until(() -> node.stored().size() == 1 && node.stored().get(0).failures() == 1);
    }

    private static void hold(CountDownLatch latch) {
        boolean over = false;
        while (!over) {
            try {
                latch.await();
                over = true;
            } catch (InterruptedException e) {
                // as blocking I/O, which heeds no interrupt
            }
        }
    }

    @Test
    void whenAllHangTheirThreadsAreReplacedAndTheirMailsStayTheirs() {
        CountDownLatch hanging = new CountDownLatch(1);
        Node node = new Node(
                storage,
                keyring,
                clock,
                mail -> {
                    tries.incrementAndGet();
                    if (mail.to().startsWith("hang")) {
                        hold(hanging);
                    }
                    sent.add(mail);
                },
                null,
                Duration.ofMillis(200));
        nodes.add(node);
        Node other = node(this::accept);
        IntStream.range(0, 4).forEach(i -> node.queue("hang" + i + "@example.com"));
        await().until(() -> tries.get() == 4);
        await().pollDelay(Duration.ofMillis(250)).until(() -> true);
        node.queue("ada@example.com");
        await().until(() -> sent.size() == 1);
        // claims last three minutes, and are kept by whoever comes by
        for (int minute = 0; minute < 5; minute++) {
            clock.pass(Duration.ofMinutes(1));
            Instant kept = clock.instant().plusSeconds(60);
            node.maintain();
            await().until(() -> node.stored().stream().allMatch(row -> row.due().isAfter(kept)));
            other.maintain();
        }
        assertThat(tries).hasValue(5);
        hanging.countDown();
        settled(node);
        assertThat(sent).hasSize(5);
        assertThat(tries).hasValue(5);
    }

    @Test
    void aDeadNodesMailIsSentByAnother() {
        Node dead = quiet();
        dead.queue("ada@example.com");
        MailQueue queue = new MailQueue(dead.engine, new dev.gatehouse.crypto.Envelope(keyring));
        assertThat(queue.look(Node.ENV).claim()).isNotNull();
        Node node = node(this::accept);
        node.maintain();
        clock.pass(Duration.ofMinutes(2));
        node.maintain();
        assertThat(sent).isEmpty();
        clock.pass(Duration.ofMinutes(1));
        node.maintain();
        settled(node);
        assertThat(sent).hasSize(1);
    }

    @Test
    void theHostsThreadsAreGivenBackAtOnce() throws Exception {
        AtomicInteger running = new AtomicInteger();
        ExecutorService pool = Executors.newFixedThreadPool(2, work -> new Thread(work, "hosts"));
        List<String> where = Collections.synchronizedList(new ArrayList<>());
        Node node = new Node(
                storage,
                keyring,
                clock,
                mail -> {
                    where.add(Thread.currentThread().getName());
                    accept(mail);
                },
                work -> pool.execute(() -> {
                    running.incrementAndGet();
                    work.run();
                    running.decrementAndGet();
                }),
                PATIENCE);
        nodes.add(node);
        down.set(true);
        node.queue("ada@example.com");
        await().until(() -> tries.get() == 1 && running.get() == 0);
        assertThat(threads()).isZero();
        down.set(false);
        clock.pass(Duration.ofSeconds(5));
        node.maintain();
        settled(node);
        assertThat(where).containsOnly("hosts");
        pool.shutdown();

        Node full = new Node(
                storage,
                keyring,
                clock,
                this::accept,
                work -> {
                    throw new RejectedExecutionException();
                },
                PATIENCE);
        nodes.add(full);
        full.queue("grace@example.com");
        assertThat(full.stored()).as("nobody is troubled, the mail waits").hasSize(1);
        node(this::accept).maintain();
        settled(full);
    }

    @Test
    void closingWaitsForWhatIsBeingSentButNotForEver() {
        CountDownLatch begun = new CountDownLatch(1);
        Node node = node(mail -> {
            begun.countDown();
            try {
                Thread.sleep(400);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            accept(mail);
        });
        node.queue("ada@example.com");
        hold(begun);
        node.close();
        assertThat(sent).hasSize(1);
        assertThat(node.stored()).isEmpty();
        node.queue("late@example.com");
        assertThat(node.stored()).hasSize(1);
        await().until(() -> threads() == 0);

        CountDownLatch hanging = new CountDownLatch(1);
        Node stuck = node(mail -> hold(hanging));
        stuck.maintain();
        await().until(() -> stuck.stored().get(0).due().isAfter(clock.instant()));
        long start = System.nanoTime();
        stuck.close();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
        hanging.countDown();
        settled(stuck);
    }

    @Test
    void aWaitingThreadEndsWithItsNode() {
        down.set(true);
        Node node = node(this::accept);
        node.queue("ada@example.com");
        await().until(() -> node.stored().get(0).failures() == 1 && threads() == 1);
        long start = System.nanoTime();
        node.close();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(500));
        await().until(() -> threads() == 0);
    }

    /** Whoever can read the database can neither sign in with what waits there, nor see for whom it is. */
    @Test
    void whatIsStoredIsSealedAndWhatIsLoggedIsNot() {
        PrintStream console = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            down.set(true);
            Node node = node(this::accept);
            node.queue("ada@example.com");
            await().until(() -> node.stored().get(0).failures() == 1);
            Row row = storage.inTransaction(
                            tx -> tx.find(new Query(Node.ENV, "mail", Map.of(), null, null, null, false, 10)))
                    .get(0);
            assertThat(row.body()).contains("sealed").doesNotContain("417920").doesNotContain("ada");
            assertThat(row.expiresAt()).isEqualTo(clock.instant().plusSeconds(600));
            await().until(() -> log.toString(StandardCharsets.UTF_8).contains("was not accepted"));
            assertThat(log.toString(StandardCharsets.UTF_8))
                    .contains(node.stored().get(0).mailId(), "IllegalStateException", "next try at")
                    .doesNotContain("417920", "ada@", "refused");
            Node other = new Node(storage, LocalKeyring.random(), clock, this::accept, null, PATIENCE);
            nodes.add(other);
            clock.pass(Duration.ofSeconds(5));
            other.maintain();
            await().until(() -> other.stored().get(0).failures() == 2);
            assertThat(tries)
                    .as("a node without the key tries nothing, and loses nothing")
                    .hasValue(1);
            down.set(false);
            clock.pass(Duration.ofSeconds(30));
            node.maintain();
            settled(node);
            assertThat(sent).hasSize(1);
        } finally {
            System.setErr(console);
        }
    }
}
