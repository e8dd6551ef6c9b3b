package dev.gatehouse.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.config.ConfigException;
import dev.gatehouse.config.Setting;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code /.well-known/webauthn}: anybody's where it is configured, and the application's own path where it is not. */
class RelatedOriginsTest {
    private static final String PATH = "/.well-known/webauthn";
    private final SampleApp app = new SampleApp();

    private static House house(String... settings) {
        Map<Setting<?>, String> all = new LinkedHashMap<>();
        all.put(Setting.ORIGIN, "https://app.example.com");
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i].equals("rp") ? Setting.PASSKEY_RP_ID : Setting.PASSKEY_ORIGINS, settings[i + 1]);
        }
        return new House(all);
    }

    private Wire.Reply ask(Container container, House house, String contextPath, String method) throws Exception {
        try (Container.Running running = container.start(new Container.App(
                contextPath, Map.of(), context -> app.install(context, new GatehouseFilter(house.gatehouse))))) {
            return new Wire(running.port()).send(method, contextPath + PATH, "", "Accept: application/json");
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void whereOriginsAreRelatedAnybodyMayReadThem(Container container) throws Exception {
        String origins = "https://shop.example.org, android:apk-key-hash:" + "A".repeat(43);
        try (House house = house("rp", "example.com", "origins", origins)) {
            Wire.Reply reply = ask(container, house, "", "GET");
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.header("Content-Type")).startsWith("application/json");
            assertThat(reply.body())
                    .isEqualTo("{\"origins\":[\"https://app.example.com\",\"https://shop.example.org\"]}");
            assertThat(ask(container, house, "", "POST").status())
                    .as("nothing is sent there")
                    .isEqualTo(401);
            assertThat(ask(container, house, "/shop", "GET").status())
                    .as("below a context path nobody looks")
                    .isEqualTo(401);
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void whereNoneAreThePathIsTheApplications(Container container) throws Exception {
        try (House house = house()) {
            assertThat(ask(container, house, "", "GET").status()).isEqualTo(401);
        }
    }

    @Test
    void aDomainThatDoesNotFitIsRefusedAtStart() {
        house("rp", "example.com").close();
        house("rp", "app.example.com").close();
        for (String other : new String[] {"example.org", "ample.com", "www.app.example.com"}) {
            assertThatThrownBy(() -> house("rp", other))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("passkey-rp-id")
                    .hasMessageContaining("parent domain");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "rp, https://example.com",
        "rp, com",
        "rp, 127.0.0.1",
        "rp, Example.com",
        "rp, example.com.",
        "origins, http://shop.example.org",
        "origins, https://shop.example.org/",
        "origins, https://*.example.org",
        "origins, null",
        "origins, android:apk-key-hash:short"
    })
    void whatIsNoDomainOrOriginIsRefused(String setting, String value) {
        assertThatThrownBy(() -> house(setting, value))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("expected");
    }
}
