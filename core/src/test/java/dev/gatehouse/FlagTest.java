package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.Rest.Reply;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.flags.Flags;
import dev.gatehouse.flags.NewFlag;
import dev.gatehouse.flags.Rollout;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** For whom features are on. */
class FlagTest {
    private final Rest rest = new Rest();
    private final Flags flags = rest.gatehouse.flags();
    private String ada = "";
    private String acme = "";

    @BeforeEach
    void begin() {
        ada = rest.user("ada@example.com");
        acme = rest.organization("Acme");
        rest.member(ada, acme);
    }

    @AfterEach
    void close() {
        rest.close();
    }

    @Test
    @DisplayName("off for all while disabled; then the user's target, the organization's, the roll-out, the default")
    void precedence() {
        flags.create(NewFlag.of("beta", "Beta"));
        flags.target("beta", ada, true);
        assertThat(flags.isOn("beta", ada, acme)).as("disabled").isFalse();
        assertThat(flags.on(ada, acme)).isEmpty();
        flags.enable("beta", true);
        assertThat(flags.isOn("beta", ada, acme)).isTrue();
        assertThat(flags.on(ada, acme)).containsExactly("beta");
        assertThat(flags.isOn("beta", "user_other", acme)).isFalse();
        flags.target("beta", acme, false);
        assertThat(flags.isOn("beta", ada, acme))
                .as("the user before the organization")
                .isTrue();
        flags.untarget("beta", ada);
        flags.rollOut("beta", new Rollout(100, Rollout.By.USER));
        assertThat(flags.isOn("beta", ada, acme))
                .as("the organization before the roll-out")
                .isFalse();
        flags.untarget("beta", acme);
        assertThat(flags.isOn("beta", ada, acme)).as("the roll-out").isTrue();
        assertThat(flags.isOn("beta", null, acme)).as("draws users").isFalse();
        flags.rollOut("beta", null);
        assertThat(flags.isOn("beta", ada, acme)).as("the default").isFalse();
        assertThat(flags.isOn("nothing", ada, acme)).isFalse();
        flags.create(NewFlag.of("open", "Open").enable().onByDefault());
        assertThat(flags.on(null, null)).containsExactly("open");
        flags.delete("open");
        assertThat(flags.on(null, null)).isEmpty();
        assertThat(rest.events("flag.created,flag.deleted")).isEqualTo(3);
        assertThat(rest.events("flag.updated")).isEqualTo(1);
        assertThat(rest.events("flag.rule_updated")).isEqualTo(6);
    }

    @Test
    @DisplayName("a growing roll-out keeps whom it had, holds about its share, and draws otherwise for another flag")
    void rollout() {
        List<String> users =
                IntStream.range(0, 4_000).mapToObj(i -> "user_" + i).toList();
        flags.create(NewFlag.of("one", "One").enable());
        flags.create(NewFlag.of("two", "Two").enable());
        flags.rollOut("two", new Rollout(10, Rollout.By.USER));
        List<String> before = List.of();
        for (int percent : new int[] {0, 1, 10, 50, 100}) {
            flags.rollOut("one", new Rollout(percent, Rollout.By.USER));
            List<String> now =
                    users.stream().filter(u -> flags.isOn("one", u, null)).toList();
            assertThat(now).containsAll(before);
            assertThat(now.size()).isBetween(users.size() * percent / 100 - 120, users.size() * percent / 100 + 120);
            if (percent == 10) {
                assertThat(users.stream()
                                .filter(u -> flags.isOn("two", u, null))
                                .toList())
                        .isNotEqualTo(now);
            }
            before = now;
        }
        assertThatThrownBy(() -> new Rollout(101, Rollout.By.USER)).isInstanceOf(IllegalArgumentException.class);
        assertThat(rest.call("PUT", "/feature-flags/one", "{\"rollout\":{\"percent\":101}}")
                        .status())
                .isEqualTo(422);
        flags.rollOut("one", new Rollout(100, Rollout.By.ORGANIZATION));
        assertThat(flags.isOn("one", null, acme)).isTrue();
        assertThat(flags.isOn("one", ada, null)).isFalse();
    }

    @Test
    @DisplayName("a token says which flags are on, from the next refresh on")
    void token() {
        flags.create(NewFlag.of("beta", "Beta").enable());
        Reply in = rest.signIn("ada@example.com");
        assertThat(claims(in).has("feature_flags")).isFalse();
        assertThat(rest.post("/feature_flags/beta/targets", "{\"resource_id\":\"%s\"}".formatted(acme))
                        .status())
                .as("the seed's path")
                .isEqualTo(204);
        Reply next = rest.refresh(in.text("/refresh_token"));
        assertThat(claims(next).at("/feature_flags/0").asText()).isEqualTo("beta");
        assertThat(rest.get("/organizations/" + acme + "/feature-flags").text("/data/0/slug"))
                .isEqualTo("beta");
        assertThat(rest.get("/user_management/users/" + ada + "/feature-flags").text("/data/0/slug"))
                .isEqualTo("beta");
        assertThat(rest.get("/sdk/feature-flags").text("/beta/targets/organizations/0/id"))
                .isEqualTo(acme);
    }

    private static JsonNode claims(Reply in) {
        try {
            return new ObjectMapper()
                    .readTree(Base64.getUrlDecoder()
                            .decode(in.text("/access_token").split("\\.", -1)[1]));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @DisplayName("targets are users and organizations that are there, and go with them")
    void targets() {
        flags.create(NewFlag.of("beta", "Beta").enable());
        for (String wrong : List.of("om_1", "x", "flag_1")) {
            assertThat(rest.post("/feature-flags/beta/targets/" + wrong, "{}").text("/code"))
                    .isEqualTo("invalid_resource_id_format");
        }
        assertThat(rest.post("/feature-flags/beta/targets/user_01HZZZZZZZZZZZZZZZZZZZZZZZ", "{}")
                        .status())
                .isEqualTo(404);
        flags.target("beta", ada, true);
        flags.target("beta", acme, true);
        rest.call("DELETE", "/user_management/users/" + ada, "");
        rest.call("DELETE", "/organizations/" + acme, "");
        assertThat(rest.get("/sdk/feature-flags").json().at("/beta/targets").toString())
                .doesNotContain(ada)
                .doesNotContain(acme);
        assertThatThrownBy(() -> flags.create(NewFlag.of("beta", "Again")))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.status()).isEqualTo(409));
        assertThatThrownBy(() -> flags.create(NewFlag.of("Be ta", "No"))).isInstanceOf(ApiException.class);
    }
}
