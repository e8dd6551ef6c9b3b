package dev.gatehouse.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The resolver against a name server that behaves, and one that does not. */
class DnsResolverTest {
    private final DnsServer server = new DnsServer();
    private final DnsServer other = new DnsServer();
    private final DnsResolver resolver = resolver(server.socketAddress());

    private static DnsResolver resolver(InetSocketAddress... servers) {
        return new DnsResolver(List.of(servers), Duration.ofMillis(1_500), Duration.ofMillis(400));
    }

    @BeforeEach
    void records() {
        server.txt("acme.example", "verification_token=abc");
        other.txt("acme.example", "verification_token=abc");
        assertThat(lookup("acme.example")).containsExactly("verification_token=abc");
    }

    @AfterEach
    void close() {
        server.close();
        other.close();
    }

    private List<String> lookup(String name) {
        try {
            return resolver.lookup(name);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void severalRecordsAndSeveralStringsOfOne() {
        server.txt("acme.example", "v=spf1 ", "include:mail.example", " -all");
        server.txt("acme.example", "");
        assertThat(lookup("ACME.example"))
                .containsExactlyInAnyOrder("verification_token=abc", "v=spf1 include:mail.example -all", "");
        assertThat(server.questions()).doesNotContain("tcp acme.example");
    }

    @Test
    void whatIsTruncatedIsAskedOverTcp() {
        for (int i = 0; i < 300; i++) {
            server.txt("many.example", "x".repeat(200), "y" + i);
        }
        assertThat(lookup("many.example")).hasSize(300).contains("x".repeat(200) + "y299");
        assertThat(server.questions()).contains("udp many.example", "tcp many.example");
    }

    @Test
    void aliasesAreFollowedButNotForever() {
        server.cname("a.example", "b.example");
        server.cname("b.example", "acme.example");
        assertThat(lookup("a.example")).containsExactly("verification_token=abc");
        server.cname("loop.example", "pool.example");
        server.cname("pool.example", "loop.example");
        assertThatThrownBy(() -> resolver.lookup("loop.example")).isInstanceOf(IOException.class);
        server.cname("gone.example", "nowhere.example");
        assertThat(lookup("gone.example")).isEmpty();
    }

    @Test
    void noNameAndNoRecordAreBothNothing() {
        server.empty("empty.example");
        assertThat(lookup("empty.example")).isEmpty();
        assertThat(lookup("nowhere.example")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = DnsServer.Manner.class,
            names = {"SILENT", "SERVFAIL", "GARBAGE", "OTHER_QUESTION", "TCP_SILENT"})
    void aServerThatFailsIsAnErrorInTimeAndTheNextIsAsked(DnsServer.Manner manner) throws IOException {
        server.manner = manner;
        long begin = System.nanoTime();
        assertThatThrownBy(() -> resolver.lookup("acme.example")).isInstanceOf(IOException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(4));
        assertThat(resolver(server.socketAddress(), other.socketAddress()).lookup("acme.example"))
                .containsExactly("verification_token=abc");
    }

    @Test
    void aServerThatIsNotThereIsAnError() throws IOException {
        other.close();
        assertThatThrownBy(() -> resolver(other.socketAddress()).lookup("acme.example"))
                .isInstanceOf(IOException.class);
        assertThat(resolver(other.socketAddress(), server.socketAddress()).lookup("acme.example"))
                .hasSize(1);
    }

    @Test
    void aServerThatDripsIsGivenUp() {
        server.txt("long.example", "x".repeat(255));
        server.txt("long.example", "y".repeat(255));
        assertThat(lookup("long.example")).hasSize(2);
        server.manner = DnsServer.Manner.DRIPPING;
        long begin = System.nanoTime();
        assertThatThrownBy(() -> resolver.lookup("long.example")).isInstanceOf(IOException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(4));
    }

    @Test
    void aForgedAnswerIsNotTakenAndDoesNotEndTheWait() {
        server.manner = DnsServer.Manner.FORGED_FIRST;
        assertThat(lookup("acme.example")).containsExactly("verification_token=abc");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a..b", "x.\\300", ""})
    void whatIsNoNameIsRefusedOrNothing(String name) {
        try {
            assertThat(resolver.lookup(name)).isEmpty();
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("no ");
        }
    }

    @Test
    void noThreadIsLeft() {
        lookup("acme.example");
        Set<String> names = Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .collect(Collectors.toSet());
        assertThat(names).contains("test-dns").noneMatch(name -> name.startsWith("dnsjava"));
    }

    @Test
    void addressesOfTheSetting() {
        List<String> read = new ArrayList<>();
        for (String text : List.of("192.0.2.1", "192.0.2.1:5353", "[2001:db8::1]", "[2001:db8::1]:5353")) {
            InetSocketAddress address = NameServers.address(text);
            read.add(address.getAddress().getHostAddress() + " " + address.getPort());
        }
        assertThat(read)
                .containsExactly(
                        "192.0.2.1 53", "192.0.2.1 5353", "2001:db8:0:0:0:0:0:1 53", "2001:db8:0:0:0:0:0:1 5353");
    }
}
