package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.Rest.Reply;
import dev.gatehouse.access.CustomerKey;
import dev.gatehouse.access.CustomerKeys;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.store.MemoryStorage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Keys that the application's customers call it with. */
class CustomerKeyTest {
    private final Rest rest =
            new Rest(new MemoryStorage(), LocalKeyring.random(), new SteerableClock(), builder -> builder);
    private final CustomerKeys keys = rest.gatehouse.customerKeys();
    private String ada = "";
    private String acme = "";
    private String membership = "";

    @BeforeEach
    void begin() {
        ada = rest.user("ada@example.com");
        acme = rest.organization("Acme");
        membership = rest.member(ada, acme);
        rest.gatehouse.access().createPermission("invoice:read", "Read invoices");
        rest.gatehouse.access().createPermission("invoice:pay", "Pay invoices");
        rest.gatehouse.access().createRole("clerk", "Clerk", List.of("invoice:read"));
    }

    @AfterEach
    void close() {
        rest.close();
    }

    private Reply validated(String value) {
        Reply reply = rest.post("/api_keys/validations", "{\"value\":\"%s\"}".formatted(value));
        assertThat(reply.status()).isEqualTo(200);
        return reply;
    }

    private boolean opens(String value) {
        return !validated(value).json().at("/api_key").isNull();
    }

    @Test
    @DisplayName("a key is seen once, is stored as a digest, and opens nothing of the REST API")
    void seenOnce() {
        Reply made = rest.post("/organizations/" + acme + "/api_keys", """
                {"name":"CI","permissions":["invoice:read"]}""");
        assertThat(made.status()).as(made.json().toString()).isEqualTo(201);
        String value = made.text("/value");
        assertThat(made.text("/obfuscated_value")).isEqualTo("sk_…" + value.substring(value.length() - 4));
        Reply list = rest.get("/organizations/" + acme + "/api_keys");
        assertThat(list.text("/data/0/id")).isEqualTo(made.text("/id"));
        assertThat(list.json().toString()
                        + rest.get("/events?events=api_key.created").json())
                .contains(made.text("/id"))
                .doesNotContain(value);
        assertThat(validated(value).text("/api_key/owner/id")).isEqualTo(acme);
        assertThat(rest.as(value, "GET", "/organizations", "").status()).isEqualTo(401);
        assertThat(opens(value + "x")).isFalse();
        assertThat(opens(value.substring(0, value.length() - 1) + (value.endsWith("a") ? "b" : "a")))
                .isFalse();
        assertThat(opens(Rest.KEY)).isFalse();
        assertThat(rest.get("/organizations/" + acme + "/api_keys").text("/data/0/last_used_at"))
                .isEqualTo("2026-06-01T10:00:00.000Z");
    }

    @Test
    @DisplayName("a user's key never allows more than its user may, and ends with the membership")
    void never() {
        var made = keys.createForUser(ada, acme, "Laptop", List.of("invoice:read", "invoice:pay"), null);
        assertThat(keys.validate(made.value()).orElseThrow().permissions()).isEmpty();
        rest.call("PUT", "/user_management/organization_memberships/" + membership, "{\"role_slug\":\"clerk\"}");
        assertThat(keys.validate(made.value()).orElseThrow().permissions()).containsExactly("invoice:read");
        rest.call("PUT", "/user_management/organization_memberships/" + membership + "/deactivate", "");
        assertThat(opens(made.value())).isFalse();
        rest.call("PUT", "/user_management/organization_memberships/" + membership + "/reactivate", "");
        assertThat(opens(made.value())).isTrue();
        rest.call("DELETE", "/user_management/organization_memberships/" + membership, "");
        assertThat(opens(made.value())).isFalse();
        assertThat(keys.ofUser(ada)).isEmpty();
        assertThat(rest.events("api_key.revoked")).isEqualTo(1);
        assertThatThrownBy(() -> keys.createForUser(ada, acme, "Laptop", List.of(), null))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.status()).isEqualTo(400));
    }

    @Test
    @DisplayName("keys end now, later or never, and once")
    void ends() {
        var made = keys.createForOrganization(acme, "CI", List.of(), null);
        String path = "/api_keys/" + made.key().id() + "/expire";
        assertThat(opens(made.value())).isTrue();
        assertThat(rest.post(path, "{\"expires_at\":\"2026-06-01T11:00:00Z\"}").status())
                .isEqualTo(200);
        assertThat(rest.post(path, "{\"expires_at\":null}")
                        .json()
                        .at("/expires_at")
                        .isNull())
                .isTrue();
        assertThat(rest.post(path, "{\"expires_at\":\"2020-06-01T11:00:00Z\"}").status())
                .isEqualTo(422);
        rest.post(path, "{\"expires_at\":\"2026-06-01T11:00:00Z\"}");
        assertThat(rest.events("api_key.updated")).isEqualTo(3);
        rest.clock.pass(Duration.ofHours(1));
        assertThat(opens(made.value())).isFalse();
        assertThat(rest.post(path, "{}").text("/code")).isEqualTo("api_key_already_expired");

        var other = keys.createForOrganization(acme, "CI", List.of(), null);
        assertThat(opens(other.value())).isTrue();
        rest.post("/api_keys/" + other.key().id() + "/expire", "{}");
        assertThat(opens(other.value())).isFalse();
        var third = keys.createForOrganization(acme, "CI", List.of(), null);
        keys.revoke(third.key().id());
        assertThat(opens(third.value())).isFalse();
        var last = keys.createForOrganization(acme, "CI", List.of(), null);
        rest.call("DELETE", "/organizations/" + acme, "");
        assertThat(opens(last.value())).isFalse();
        assertThat(keys.ofOrganization(acme)).extracting(CustomerKey::id).isEmpty();
    }

    @Test
    @DisplayName("what a key may be is checked, and refusals name the field")
    void wrong() {
        Reply unknown = rest.post("/organizations/" + acme + "/api_keys", """
                {"name":"CI","permissions":["invoice:burn"]}""");
        assertThat(unknown.status()).isEqualTo(422);
        assertThat(unknown.text("/errors/0/field")).isEqualTo("permissions");
        assertThat(rest.post("/organizations/" + acme + "/api_keys", "{}").status())
                .isEqualTo(422);
        assertThat(rest.post("/organizations/org_01HZZZZZZZZZZZZZZZZZZZZZZZ/api_keys", "{\"name\":\"x\"}")
                        .status())
                .isEqualTo(404);
    }
}
