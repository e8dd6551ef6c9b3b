package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.environments.Environment;
import dev.gatehouse.events.Event;
import dev.gatehouse.events.EventSubscriber;
import dev.gatehouse.events.Events;
import dev.gatehouse.spi.Keyring;
import dev.gatehouse.spi.Storage;
import dev.gatehouse.store.MemoryStorage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Handlers in the application get every event, in order, one at a time. */
@Timeout(60)
class SubscriberTest {
    private static final Set<String> CREATED = Set.of("user.created");

    private final Storage storage = new MemoryStorage();
    private final Keyring keyring = LocalKeyring.random();
    private final SteerableClock clock = new SteerableClock();
    private final List<Rest> nodes = new ArrayList<>();
    private final Rest rest = node();
    private final List<String> handled = Collections.synchronizedList(new ArrayList<>());

    private Rest node() {
        Rest made = new Rest(storage, keyring, clock, builder -> builder);
        nodes.add(made);
        return made;
    }

    @AfterEach
    void close() {
        nodes.forEach(Rest::close);
    }

    private void handle(Event event) {
        handled.add(event.data().path("email").asText());
    }

    private List<String> users(Rest at, String name, int count) {
        List<String> emails = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            emails.add(name + i + "@example.com");
            at.user(name + i + "@example.com");
        }
        return emails;
    }

    private static EventSubscriber subscriber(Rest at) {
        return at.gatehouse.events().subscriber("crm").orElseThrow();
    }

    @Test
    void aHandlerGetsWhatHappensFromThenOnInOrderOnAnotherThreadOutsideOfAnyTransaction() {
        rest.user("before@example.com");
        Thread caller = Thread.currentThread();
        AtomicBoolean elsewhere = new AtomicBoolean(true);
        rest.gatehouse.events().subscribe("crm", CREATED, event -> {
            // a nested transaction would throw
            storage.inTransaction(tx -> null);
            elsewhere.compareAndSet(true, Thread.currentThread() != caller);
            handle(event);
        });
        rest.organization("not subscribed to");
        List<String> emails = users(rest, "u", 30);
        await().until(() -> handled.size() == 30);
        assertThat(handled).isEqualTo(emails);
        assertThat(elsewhere).isTrue();
        await().until(() -> subscriber(rest).node() == null);
        await().until(() -> threads() == 0);
        Environment other = rest.gatehouse.environments().ensure("other", false);
        String key = rest.gatehouse
                .environments()
                .createKey(other, "theirs", Set.of("*"))
                .key();
        rest.as(key, "POST", "/user_management/users", "{\"email\":\"eve@example.com\"}");
        rest.user("last@example.com");
        await().until(() -> handled.contains("last@example.com"));
        assertThat(handled).as("another environment's").doesNotContain("eve@example.com");
    }

    @Test
    void nothingIsMissedWhileNobodySubscribes() {
        Events.Subscription first = rest.gatehouse.events().subscribe("crm", CREATED, this::handle);
        rest.user("ada@example.com");
        await().until(() -> handled.size() == 1);
        first.close();
        rest.user("bob@example.com");
        rest.close();
        nodes.remove(rest);
        Rest again = node();
        // two nodes in the same millisecond have no order
        clock.pass(Duration.ofMillis(1));
        again.user("eve@example.com");
        again.gatehouse.events().subscribe("crm", CREATED, this::handle);
        await().until(() -> handled.size() == 3);
        assertThat(handled).containsExactly("ada@example.com", "bob@example.com", "eve@example.com");
    }

    @Test
    void aHandlerThatFailsGetsTheSameEventAgainBeforeAnyLaterOne() {
        AtomicInteger tries = new AtomicInteger();
        AtomicBoolean broken = new AtomicBoolean(true);
        rest.gatehouse.events().subscribe("crm", CREATED, event -> {
            tries.incrementAndGet();
            if (broken.get()) {
                throw new java.io.IOException("about ada@example.com");
            }
            handle(event);
        });
        List<String> emails = users(rest, "u", 3);
        for (int failure = 1; failure <= 4; failure++) {
            int wanted = failure;
            await().until(() -> subscriber(rest).failures() == wanted);
            EventSubscriber failed = subscriber(rest);
            assertThat(failed.lastFailure()).isEqualTo("IOException");
            assertThat(failed.nextTry()).isEqualTo(clock.instant().plusSeconds(1L << (failure - 1)));
            rest.gatehouse.maintain();
            assertThat(tries).hasValue(failure);
            broken.set(failure < 4);
            clock.pass(Duration.ofSeconds(1L << (failure - 1)));
            rest.gatehouse.maintain();
        }
        await().until(() -> handled.size() == 3);
        assertThat(handled).isEqualTo(emails);
        assertThat(tries).hasValue(7);
        assertThat(subscriber(rest).failures()).isZero();
    }

    @Test
    void anEventThatCannotBeHandledIsSkippedByHandAndNoOther() {
        rest.gatehouse.events().subscribe("crm", CREATED, event -> {
            if (event.data().path("email").asText().startsWith("poison")) {
                throw new AssertionError("never");
            }
            handle(event);
        });
        rest.user("poison@example.com");
        await().until(() -> subscriber(rest).failures() == 1);
        rest.user("ada@example.com");
        List<Event> events = rest.gatehouse.events().after(CREATED, null, 10);
        assertThat(rest.gatehouse.events().skip("crm", events.get(1).id())).isFalse();
        assertThat(handled).isEmpty();
        assertThat(rest.gatehouse.events().skip("crm", events.get(0).id())).isTrue();
        await().until(() -> handled.size() == 1);
        assertThat(handled).containsExactly("ada@example.com");
        assertThat(rest.gatehouse.events().skip("crm", events.get(1).id())).isFalse();
    }

    @Test
    @DisplayName("over two nodes each event is handled once, in order, by one node at a time")
    void nodes() throws InterruptedException {
        Rest second = node();
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<String> ids = Collections.synchronizedList(new ArrayList<>());
        for (Rest one : List.of(rest, second)) {
            one.gatehouse.events().subscribe("crm", CREATED, event -> {
                most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                Thread.sleep(2);
                ids.add(event.id());
                handle(event);
                atOnce.decrementAndGet();
            });
        }
        List<Thread> threads = new ArrayList<>();
        for (Rest one : List.of(rest, second)) {
            Thread thread = new Thread(() -> users(one, one == rest ? "a" : "b", 40));
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        await().until(() -> handled.size() >= 80);
        await().until(() -> subscriber(rest).node() == null);
        assertThat(handled).hasSize(80).doesNotHaveDuplicates();
        assertThat(ids).isSorted();
        assertThat(most).hasValue(1);
    }

    @Test
    void anotherNodeGoesOnWhenOneDiesInTheMiddle() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        rest.gatehouse.events().subscribe("crm", CREATED, event -> {
            begun.countDown();
            never.await();
        });
        rest.user("ada@example.com");
        begun.await();
        Rest second = node();
        second.gatehouse.events().subscribe("crm", CREATED, this::handle);
        second.gatehouse.maintain();
        await().pollDelay(Duration.ofMillis(300)).until(handled::isEmpty);
        clock.pass(Duration.ofMinutes(2).plusMillis(1));
        second.gatehouse.maintain();
        await().until(() -> handled.size() == 1);
        never.countDown();
        await().until(() -> subscriber(second).node() == null);
        second.user("bob@example.com");
        await().until(() -> handled.contains("bob@example.com"));
        assertThat(handled).containsExactly("ada@example.com", "bob@example.com");
    }

    @Test
    void whatCannotBeSubscribedToIsRefused() {
        Events events = rest.gatehouse.events();
        for (String name : List.of("", "a b", "a".repeat(101))) {
            assertThatThrownBy(() -> events.subscribe(name, CREATED, this::handle))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> events.subscribe("crm", Set.of("user.exploded"), this::handle))
                .hasMessageContaining("user.exploded");
        assertThatThrownBy(() -> events.subscribe("crm", Set.of(), this::handle))
                .isInstanceOf(IllegalArgumentException.class);
        events.subscribe("crm", Set.of("vault.data.read"), this::handle);
        assertThatThrownBy(() -> events.subscribe("crm", CREATED, this::handle)).hasMessageContaining("already");
        assertThat(events.subscriber("other")).isEmpty();
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("gatehouse-events"))
                .count();
    }
}
