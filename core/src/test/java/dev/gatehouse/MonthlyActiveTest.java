package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rest.Reply;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.identity.Users;
import dev.gatehouse.store.MemoryStorage;
import java.time.Duration;
import java.time.YearMonth;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Who counts as active in a month. */
class MonthlyActiveTest {
    private static final YearMonth JUNE = YearMonth.of(2026, 6);

    private final Rest rest =
            new Rest(new MemoryStorage(), LocalKeyring.random(), new SteerableClock(), builder -> builder);

    @AfterEach
    void close() {
        rest.close();
    }

    @Test
    @DisplayName("a user counts once in each month of a sign-in or a refresh, and stays counted when deleted")
    void counted() {
        Users users = rest.gatehouse.users();
        String ada = rest.user("ada@example.com");
        rest.user("bob@example.com");
        rest.user("eve@example.com");
        assertThat(users.monthlyActive(JUNE)).as("made is not active").isZero();
        Reply in = rest.signIn("ada@example.com");
        rest.signIn("ada@example.com");
        rest.signIn("bob@example.com");
        assertThat(users.monthlyActive(JUNE)).isEqualTo(2);
        rest.clock.pass(Duration.ofDays(29).plusHours(13).plusMinutes(59));
        String token = rest.refresh(in.text("/refresh_token")).text("/refresh_token");
        assertThat(users.monthlyActive(JUNE.plusMonths(1))).isZero();
        rest.clock.pass(Duration.ofMinutes(1));
        token = rest.refresh(token).text("/refresh_token");
        rest.refresh(token);
        assertThat(users.monthlyActive(JUNE.plusMonths(1))).as("by a refresh").isEqualTo(1);
        assertThat(users.monthlyActive(JUNE)).isEqualTo(2);
        rest.call("DELETE", "/user_management/users/" + ada, "");
        assertThat(users.monthlyActive(JUNE)).isEqualTo(2);
    }
}
