package dev.gatehouse.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.config.ConfigException;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TrustedProxiesTest {
    private final TrustedProxies proxies =
            new TrustedProxies(List.of("10.0.0.0/8", "192.0.2.7", "2001:db8::/32", "::1"));

    private String client(String peer, String... lines) {
        return proxies.client(peer, Collections.enumeration(List.of(lines)));
    }

    @Test
    @DisplayName("H10 the last address that is no proxy of ours, over all lines")
    void theClientIsTheLastUntrustedHop() {
        assertThat(client("10.1.2.3", "203.0.113.9")).isEqualTo("203.0.113.9");
        assertThat(client("10.1.2.3", "198.51.100.1, 203.0.113.9, 10.9.9.9")).isEqualTo("203.0.113.9");
        assertThat(client("10.1.2.3", "198.51.100.1", "203.0.113.9")).isEqualTo("203.0.113.9");
        assertThat(client("[0:0:0:0:0:0:0:1]", "[2001:db8::5], 2001:4860::1, 2001:db8::7"))
                .isEqualTo("2001:4860::1");
        assertThat(client("::ffff:10.1.2.3", "203.0.113.9")).as("IPv4 in IPv6").isEqualTo("203.0.113.9");
    }

    @Test
    @DisplayName("H10 an untrusted peer, or what is no address, is the client himself")
    void nonsenseCountsForNothing() {
        assertThat(client("203.0.113.50", "10.0.0.1")).isEqualTo("203.0.113.50");
        for (String odd : List.of(
                "not-an-ip",
                "",
                " ",
                "127.0.0.1:9999",
                "1.2.3",
                "999.1.1.1",
                "cafe.de",
                "dead.beef",
                "01.2.3.4",
                "fe80::1%eth0",
                "203.0.113.9, unknown",
                "0x7f000001",
                "2130706433")) {
            assertThat(client("10.1.2.3", odd)).as(odd).isEqualTo("10.1.2.3");
        }
        assertThat(client("10.1.2.3")).isEqualTo("10.1.2.3");
        assertThat(client("10.1.2.3", "10.0.0.1, 10.0.0.2"))
                .as("nothing but proxies")
                .isEqualTo("10.1.2.3");
    }

    @Test
    void aRangeThatIsNoneStopsTheStart() {
        for (String text :
                List.of("10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "proxy.example.com", "::1/129", "", "1.2.3/8")) {
            assertThatThrownBy(() -> new TrustedProxies(List.of(text)))
                    .as(text)
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("trusted-proxies");
        }
    }
}
