package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import dev.gatehouse.Rest.Reply;
import dev.gatehouse.api.Answer;
import dev.gatehouse.spi.Storage;
import dev.gatehouse.spi.ViewSpec;
import dev.gatehouse.store.MemoryStorage;
import java.lang.management.ManagementFactory;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** ATTACKS, group "Timing and enumeration". Time is never measured; the work that takes it is. */
class EnumerationTest {
    private final MemoryStorage storage = new MemoryStorage();
    private final Rest rest = new Rest(storage, "staging");

    @AfterEach
    void close() {
        rest.close();
    }

    /** Addresses of one length: with a password, without one, imported with another kind of hash, and unknown. */
    private List<String> addresses() {
        rest.user("known@example.com");
        rest.made("/user_management/users", "{\"email\":\"blank@example.com\"}");
        return List.of("known@example.com", "blank@example.com", "ghost@example.com");
    }

    @Test
    @DisplayName("E01, E08 an unknown user, one without a password and a wrong password answer alike, byte for byte")
    void answers() {
        assertThat(addresses()).isNotEmpty();
        assertThat(rest.signIn("known@example.com").status()).isEqualTo(200);
        Map<String, String> seen = new LinkedHashMap<>();
        for (String address : List.of("known@example.com", "blank@example.com", "ghost@example.com")) {
            Reply refused = rest.password(address, "wrong");
            assertThat(refused.status()).isEqualTo(400);
            seen.put(address, (headers(refused.answer()) + refused.answer().text()).replace(address, "ADDRESS"));
            Answer page = new Browser(rest.gatehouse).signIn(address, "wrong");
            assertThat(page.status()).isEqualTo(422);
            seen.merge(
                    address,
                    headers(page)
                            + page.text()
                                    .replaceAll("flow=[^\"]+|value=\"[^\"]+\"", "")
                                    .replace(address, "ADDRESS"),
                    String::concat);
        }
        assertThat(seen.values().stream().distinct()).hasSize(1);
    }

    private static String headers(Answer answer) {
        return answer.headers().stream()
                .filter(h -> !h.getKey().equals("X-Request-ID"))
                .toList()
                .toString();
    }

    @Test
    @DisplayName("E01 each of them costs one password hash of the same size")
    void work() {
        List<String> addresses = addresses();
        Map<String, Long> bytes = new LinkedHashMap<>();
        for (int round = 0; round < 3; round++) {
            for (String address : addresses) {
                // the first hash of an instance takes its memory, and on this very thread: 4 MiB here
                try (Rest fresh = new Rest(storage, "staging")) {
                    fresh.get("/organizations");
                    bytes.put(address, allocated(() -> fresh.password(address, "wrong")));
                }
            }
        }
        long hash = 4096 * 1024;
        bytes.forEach((address, allocated) -> assertThat(allocated).as(address).isBetween(hash, hash + hash / 2));
    }

    private static long allocated(Runnable work) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        work.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    @Test
    @DisplayName("E02 how often the sign-up page can be asked from one network is limited")
    void signUps() {
        rest.user("known@example.com");
        Browser browser = new Browser(rest.gatehouse);
        String flow = Browser.flowOf(Browser.location(browser.get("/auth/sign-up")));
        Map<String, String> taken = Map.of("flow", flow, "email", "known@example.com", "password", Rest.PASSWORD);
        for (int i = 0; i < 30; i++) {
            assertThat(browser.post("/auth/sign-up", taken).status()).isEqualTo(422);
        }
        assertThat(browser.post("/auth/sign-up", taken).status()).isEqualTo(429);
        rest.clock.pass(Duration.ofMinutes(11));
        assertThat(browser.post("/auth/sign-up", taken).status()).isEqualTo(422);
    }

    @Test
    @DisplayName("E04 the page that asks for the address says the same to every address")
    void identifierFirst() {
        List<String> seen = new ArrayList<>();
        for (String address : addresses()) {
            Browser browser = new Browser(rest.gatehouse);
            Answer typed = browser.post(
                    "/auth/sign-in",
                    Map.of("flow", Browser.flowOf(Browser.location(browser.get("/auth/sign-in"))), "email", address));
            assertThat(typed.status()).isEqualTo(303);
            String next = Browser.location(typed);
            assertThat(next).startsWith("/auth/password?flow=");
            String page = browser.get(next).text().replaceAll("[?&]?flow=[^\"]+|value=\"[^\"]+\"", "");
            seen.add(next.length() + headers(typed).replace(next, "") + page.replace(address, "ADDRESS"));
        }
        assertThat(seen.stream().distinct()).hasSize(1);
    }

    @Test
    @DisplayName("E05 guesses at an unknown address are limited as those at a known one")
    void limits() {
        List<List<Integer>> seen = new ArrayList<>();
        for (String address : addresses()) {
            List<Integer> statuses = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                statuses.add(rest.password(address, "wrong").status());
            }
            assertThat(statuses).contains(400, 429);
            seen.add(statuses);
        }
        assertThat(seen.stream().distinct()).hasSize(1);
    }

    @Test
    @DisplayName("E06 bytes are compared in constant time, and nowhere else")
    void comparing() {
        ArchRuleDefinition.noClasses()
                .should()
                .callMethod(Arrays.class, "equals", byte[].class, byte[].class)
                .check(ArchitectureTest.CLASSES);
        assertThat(ArchitectureTest.CLASSES.stream()
                        .flatMap(type -> type.getMethodCallsFromSelf().stream())
                        .filter(call -> call.getTargetOwner().isEquivalentTo(MessageDigest.class)
                                && call.getName().equals("isEqual"))
                        .map(call -> call.getOriginOwner().getSimpleName()))
                .as("digests, refresh tokens, hashes, cookies of the SDK family")
                .contains("Digest", "RefreshTokens", "HashFormat", "IronSeal");
    }

    /** Fails when told to, with words that must stay inside. */
    private static final class Failing implements Storage {
        private final MemoryStorage inner = new MemoryStorage();
        volatile @Nullable RuntimeException failure;

        @Override
        public <T extends @Nullable Object> T inTransaction(Work<T> work) {
            RuntimeException now = failure;
            if (now != null) {
                throw now;
            }
            return inner.inTransaction(work);
        }

        @Override
        public void prepare(List<ViewSpec> views) {
            inner.prepare(views);
        }

        @Override
        public void close() {
            inner.close();
        }
    }

    @Test
    @DisplayName("E07 what fails inside is answered without a word about the inside, by the API and by the pages")
    void failures() {
        Failing storage = new Failing();
        try (Rest failing = new Rest(storage, "staging")) {
            Browser browser = new Browser(failing.gatehouse);
            failing.user("ada@example.com");
            browser.signIn("ada@example.com", Rest.PASSWORD);
            assertThat(failing.get("/user_management/users").status()).isEqualTo(200);
            Browser half = new Browser(failing.gatehouse);
            String flow = Browser.flowOf(Browser.location(half.get("/auth/sign-in")));
            for (RuntimeException failure : List.of(
                    new Storage.StorageException(
                            "jdbc:secret: table GH_RECORD", new IllegalStateException("jdbc:secret")),
                    new IllegalStateException("jdbc:secret at dev.gatehouse.Inside"))) {
                failure.setStackTrace(new StackTraceElement[0]);
                storage.failure = failure;
                int expected = failure instanceof Storage.StorageException ? 503 : 500;
                Reply api = failing.get("/user_management/users");
                assertThat(api.status()).isEqualTo(expected);
                // session caches of this node still know the browser: another one has only its cookie
                Answer account = new Browser(failing.gatehouse)
                        .with("cookie", "gatehouse_session=" + browser.session())
                        .get("/auth/account");
                Answer typed = half.post(
                        "/auth/sign-up", Map.of("flow", flow, "email", "eve@example.com", "password", Rest.PASSWORD));
                assertThat(typed.status()).isEqualTo(expected);
                assertThat(account.status()).isEqualTo(expected);
                for (String text : List.of(api.answer().text(), typed.text(), account.text())) {
                    assertThat(text).doesNotContainIgnoringCase("jdbc").doesNotContain("dev.gatehouse", "GH_RECORD");
                }
                storage.failure = null;
            }
            assertThat(failing.get("/user_management/users").json().at("/data")).hasSize(1);
        }
    }
}
