package dev.gatehouse.servlet;

import static dev.gatehouse.servlet.SampleApp.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.access.CustomerKeys;
import dev.gatehouse.config.Setting;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Customers' API keys on the application's own paths. */
class ApiKeysTest {
    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName(
            "a customer's key is a credential on the paths that take keys, until it is revoked or ends, and nowhere else")
    void keys(Container container) throws Exception {
        Map<Setting<?>, String> settings = Map.of(
                Setting.API_KEY_PATHS, "/api/*",
                Setting.ORGANIZATION_PATHS, "/api/team/*",
                Setting.ROLE_PATHS, "/api/admin/*=admin");
        try (House house = new House(settings);
                Container.Running running = container.start(new Container.App(
                        context -> new SampleApp().install(context, new GatehouseFilter(house.gatehouse))))) {
            Wire wire = new Wire(running.port());
            String acme = house.gatehouse.organizations().create("Acme").id();
            CustomerKeys.NewKey made =
                    house.gatehouse.customerKeys().createForOrganization(acme, "CI", List.of(), null);
            String key = "Authorization: Bearer " + made.value();
            assertThat(wire.get("/api/notes", key).body())
                    .contains(SECRET, "user=" + made.key().id(), "admin=false");
            assertThat(wire.get("/api/team/notes", key).status())
                    .as("it has an organization")
                    .isEqualTo(200);
            assertThat(wire.get("/api/admin/notes", key).status())
                    .as("and no role")
                    .isEqualTo(403);
            assertThat(wire.get("/private", key).status()).isEqualTo(401);
            assertThat(wire.get("/apis", key).status()).isEqualTo(401);
            assertThat(wire.get("/api/notes", "Authorization: Bearer " + House.KEY)
                            .status())
                    .as("the management key opens Gatehouse, not the application")
                    .isEqualTo(401);
            assertThat(wire.get("/api/notes", key + "x").status()).isEqualTo(401);

            int before = house.writes.get();
            assertThat(wire.get("/api/notes", key).status()).isEqualTo(200);
            assertThat(house.writes.get()).as("seen a moment ago").isEqualTo(before);
            house.gatehouse.customerKeys().revoke(made.key().id());
            assertThat(wire.get("/api/notes", key).status()).as("at once").isEqualTo(401);

            CustomerKeys.NewKey ending = house.gatehouse
                    .customerKeys()
                    .createForOrganization(
                            acme, "CI", List.of(), house.clock.instant().plusSeconds(2));
            String last = "Authorization: Bearer " + ending.value();
            assertThat(wire.get("/api/notes", last).status()).isEqualTo(200);
            house.clock.pass(Duration.ofSeconds(2));
            assertThat(wire.get("/api/notes", last).status())
                    .as("not a moment longer")
                    .isEqualTo(401);
        }
    }
}
