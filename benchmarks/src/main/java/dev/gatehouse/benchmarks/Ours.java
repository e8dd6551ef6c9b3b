package dev.gatehouse.benchmarks;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.identity.NewUser;
import dev.gatehouse.identity.SignedIn;
import dev.gatehouse.identity.Source;
import dev.gatehouse.servlet.GatehouseFilter;
import dev.gatehouse.spi.Storage;
import dev.gatehouse.store.JdbcStorage;
import dev.gatehouse.store.JdbcStorage.SchemaMode;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.Cookie;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Gatehouse as an application has it: an H2 file, and no setting but those that a benchmark needs. */
final class Ours {
    static final String KEY = "sk_test_abcdefghijklmnopqrstuvwxyz";
    static final String CLIENT = "client_BENCH";
    static final String PASSWORD = "correct-horse-battery-9";
    static final String EMAIL = "ada@example.com";
    /** More than are remembered, so that each is new when it comes again. */
    private static final int NEW_ONES = 1_000;

    private Ours() {}

    static Gatehouse.Builder builder(Storage storage) {
        return Gatehouse.builder()
                .withoutProcessSettings()
                .keyring(LocalKeyring.random())
                .storage(storage)
                .executor(work -> {})
                .set(Setting.CLIENT_ID, CLIENT)
                .set(Setting.API_KEY, KEY)
                .set(Setting.RATE_LIMITS, "false");
    }

    /** A new H2 file, deleted when the process ends. */
    static Storage file() throws IOException {
        return storage(JdbcStorage.h2File(Scratch.directory()));
    }

    static Storage storage(String url) {
        return JdbcStorage.of(url, null, null, SchemaMode.CREATE, "gh_");
    }

    static Stack.Running filter(Scenario scenario, ServletContext context) throws IOException {
        Gatehouse gatehouse = builder(file())
                .set(
                        Setting.SESSION_CACHE,
                        scenario == Scenario.FIRST || scenario == Scenario.FIRST_TOKEN ? "100" : "10000")
                .set(Setting.API_KEY_PATHS, scenario == Scenario.API_KEY ? "/page" : "")
                .build();
        GatehouseFilter filter = new GatehouseFilter(gatehouse);
        filter.init(new StandIn.Config(context));
        return new Stack.Running(filter, credentials(scenario, gatehouse));
    }

    private static List<Stack.Credential> credentials(Scenario scenario, Gatehouse gatehouse) {
        String env = gatehouse.environment().id();
        String name = gatehouse.pages().sessionCookie();
        String user = gatehouse.users().create(NewUser.of(EMAIL)).id();
        String session = gatehouse.sessions().begin(env, CLIENT, user, null, new Source("127.0.0.1", "bench"));
        String cookie = gatehouse.sessions().seal(env, name, session);
        SignedIn who = Objects.requireNonNull(gatehouse.sessions().byCookie(env, name, cookie));
        IntFunction<Stack.Credential> token =
                i -> Stack.Credential.bearer(gatehouse.sessions().accessToken(env, who));
        return switch (scenario) {
            case HIT -> Stack.Credential.of(new Cookie(name, cookie));
            case UNKNOWN -> {
                int middle = cookie.length() / 2;
                char other = cookie.charAt(middle) == 'A' ? 'B' : 'A';
                yield Stack.Credential.of(
                        new Cookie(name, cookie.substring(0, middle) + other + cookie.substring(middle + 1)));
            }
            case FIRST ->
                IntStream.range(0, NEW_ONES)
                        .mapToObj(i -> Stack.Credential.of(
                                        new Cookie(name, gatehouse.sessions().seal(env, name, session)))
                                .get(0))
                        .toList();
            case PAGE, CALL -> Stack.Credential.NONE;
            case TOKEN -> List.of(token.apply(0));
            case FIRST_TOKEN -> IntStream.range(0, NEW_ONES).mapToObj(token).toList();
            case API_KEY -> {
                String organization = gatehouse.organizations().create("Acme").id();
                yield List.of(Stack.Credential.bearer(gatehouse
                        .customerKeys()
                        .createForOrganization(organization, "CI", List.of(), null)
                        .value()));
            }
        };
    }
}
