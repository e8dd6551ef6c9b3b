package dev.gatehouse;

import dev.gatehouse.access.Access;
import dev.gatehouse.access.CustomerKeys;
import dev.gatehouse.api.Answer;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Request;
import dev.gatehouse.config.Config;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.RandomTokens;
import dev.gatehouse.dns.DnsResolver;
import dev.gatehouse.engine.Actor;
import dev.gatehouse.engine.FileKind;
import dev.gatehouse.engine.Route;
import dev.gatehouse.environments.Environment;
import dev.gatehouse.environments.Environments;
import dev.gatehouse.events.Events;
import dev.gatehouse.flags.Flags;
import dev.gatehouse.identity.BrowserSessions;
import dev.gatehouse.identity.Impersonations;
import dev.gatehouse.identity.UserPasskeys;
import dev.gatehouse.identity.Users;
import dev.gatehouse.organizations.Groups;
import dev.gatehouse.organizations.Invitations;
import dev.gatehouse.organizations.Organizations;
import dev.gatehouse.pages.Pages;
import dev.gatehouse.portability.Portability;
import dev.gatehouse.spi.DnsTxt;
import dev.gatehouse.spi.Keyring;
import dev.gatehouse.spi.Mailer;
import dev.gatehouse.spi.Outbound;
import dev.gatehouse.spi.Settings;
import dev.gatehouse.spi.Storage;
import dev.gatehouse.spi.Telemetry;
import dev.gatehouse.sso.Sso;
import dev.gatehouse.webhooks.Webhooks;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * One instance of the library, working in one environment. Safe for many threads; several may live in one JVM. Close it
 * to end what it sends, within two seconds, and to release the connection pool it opened.
 */
public final class Gatehouse implements AutoCloseable {
    private final Storage storage;
    private final Config config;
    private final Parts parts;
    private final Environment environment;
    private final String clientId;
    private final Pages pages;
    private final String instance = new RandomTokens().base62(20);

    private Gatehouse(Builder builder) {
        config = Config.of(builder.sources());
        Agreement.check(config);
        storage = builder.storage == null ? Backing.storage(config, builder.source) : builder.storage;
        Keyring keyring = builder.keyring == null ? Backing.keyring(config) : builder.keyring;
        DnsTxt dns = builder.dns == null ? DnsResolver.of(config) : builder.dns;
        parts = new Parts(
                config,
                storage,
                builder.clock,
                keyring,
                builder.mailer,
                builder.outbound,
                instance,
                builder.executor,
                dns,
                builder.telemetry);
        String page = config.get(Setting.PAGES_PATH);
        if (config.get(Setting.API_PATH).equals("/")
                && (ownsApiPath(page + "/sign-in") || ownsApiPath(page + "/account/profile"))) {
            throw config.refused(
                    Setting.PAGES_PATH, "with api-path / the REST API has operations where the pages would be");
        }
        parts.prepare(storage);
        Environments environments = parts.environments;
        if (!environments.opens(parts.envelope)) {
            throw config.refused(
                    Setting.ROOT_KEYS,
                    "what is stored was sealed under other root keys. Put back those; without the setting they are the file"
                            + " root-keys in data-directory. If they are lost for good, docs/operations.md says what can be done");
        }
        environment = environments.ensure(config.get(Setting.ENVIRONMENT), config.get(Setting.PRODUCTION));
        if (environment.production() != config.get(Setting.PRODUCTION)) {
            throw config.refused(
                    Setting.PRODUCTION,
                    "environment '" + environment.name() + "' was made with production=" + environment.production()
                            + ". Give the other one a name of its own with the setting environment");
        }
        clientId = ensured(
                Setting.CLIENT_ID, () -> environments.ensureClient(environment.id(), config.get(Setting.CLIENT_ID)));
        config.get(Setting.API_KEY)
                .ifPresent(key -> ensured(Setting.API_KEY, () -> {
                    environments.ensureKey(environment, key);
                    return key;
                }));
        access().configure(config);
        pages = new Pages(
                parts.engine,
                config,
                parts.envelope,
                parts.identity,
                sso().federation(clientId),
                environment,
                clientId,
                parts.random,
                parts.mails);
        parts.identity.pages(pages);
    }

    private String ensured(Setting<?> setting, Supplier<String> step) {
        try {
            return step.get();
        } catch (ApiException e) {
            throw config.refused(setting, e.text().replaceFirst("\\.$", ""));
        }
    }

    /** Begins a configuration. */
    public static Builder builder() {
        return new Builder();
    }

    /** Users of this environment. */
    public Users users() {
        return parts.identity.users(environment.id());
    }

    /** Passkeys of this environment's users, and signing in with them. */
    public UserPasskeys passkeys() {
        return parts.identity.passkeys(environment.id(), clientId);
    }

    /** Organizations and memberships of this environment. */
    public Organizations organizations() {
        return parts.organizations.in(environment.id());
    }

    /** Import and export of this environment's users and organizations, with password hashes and roles. */
    public Portability portability() {
        List<FileKind<?, ?>> between = new ArrayList<>(parts.access.portableOfOrganizations());
        between.add(parts.organizations.portableGroups());
        between.add(parts.access.portableOfGroups());
        return new Portability(
                parts.engine,
                environment.id(),
                parts.identity.portableUsers(),
                parts.organizations.portableMemberships(),
                parts.organizations.portable(),
                new Portability.More(
                        parts.access.portableFirst(), between, List.of(parts.access.portableOfMemberships())));
    }

    /** Groups of the organizations of this environment. */
    public Groups groups() {
        return organizations().groups();
    }

    /** Permissions, roles, resources and checks of this environment. */
    public Access access() {
        return parts.access.in(environment.id());
    }

    /** Keys with which customers of the application call it, in this environment. */
    public CustomerKeys customerKeys() {
        return parts.customerKeys.in(environment.id());
    }

    /** Single sign-on of this environment: connections, and the profiles that providers vouch for. */
    public Sso sso() {
        return parts.sso.in(environment.id());
    }

    /** Feature flags of this environment. */
    public Flags flags() {
        return parts.flags.in(environment.id());
    }

    /** Invitations to this environment. */
    public Invitations invitations() {
        return parts.invitations.in(environment.id());
    }

    /** Acting as users of this environment, for operators. */
    public Impersonations impersonations() {
        return parts.identity.impersonations(environment.id(), clientId);
    }

    /**
     * Sets the template of the claims that access tokens of this environment carry beside Gatehouse's own: JSON with
     * {@code {{user.…}}}, {@code {{organization.…}}} and {@code {{organization_membership.…}}}; null for none.
     *
     * @throws ApiException 422 with what is wrong with it
     */
    public void setJwtTemplate(@Nullable String template) {
        if (template == null) {
            parts.identity.tokenClaims().removeTemplate(environment.id());
        } else {
            parts.identity.tokenClaims().setTemplate(environment.id(), template);
        }
    }

    /** Environments, API keys and client ids. */
    public Environments environments() {
        return parts.environments;
    }

    /** Events of this environment. */
    public Events events() {
        return parts.events.in(environment.id());
    }

    /** Webhooks of this environment. */
    public Webhooks webhooks() {
        return parts.webhooks.in(environment.id());
    }

    /** The environment this instance works in. */
    public Environment environment() {
        return environment;
    }

    /** The client id of this environment, for SDKs. */
    public String clientId() {
        return clientId;
    }

    /** A first API key, made now and to be shown once; empty if the environment has had one made before. */
    public Optional<String> firstApiKey() {
        return parts.environments.firstKey(environment).map(Environments.NewKey::key);
    }

    /** Sessions of browsers, for adapters. */
    public BrowserSessions sessions() {
        return parts.identity.browserSessions();
    }

    /** The hosted pages, for adapters. */
    public Pages pages() {
        return pages;
    }

    /**
     * What sends mail: the host's own, or the SMTP server of the settings. The application may send its mails through it,
     * too; it waits for the server then, and tries again itself.
     */
    public Optional<Mailer> mailer() {
        return parts.mails.mailer();
    }

    /** The value of a setting. */
    public <T> T setting(Setting<T> setting) {
        return config.get(setting);
    }

    /** Every operation, as a value: for documentation and tests. */
    public List<Route> routes() {
        return parts.routes();
    }

    /** Whether some operation has this path. */
    public boolean ownsApiPath(String path) {
        return parts.dispatcher().owns(path);
    }

    /** Answers a REST request; {@code path} is below the mount point. */
    public Answer api(Request request) {
        return parts.dispatcher().handle(request);
    }

    /**
     * For adapters: tells the telemetry, if there is one, that a request was not let through. What is no word of the closed
     * vocabulary of reasons is told as {@code other}.
     *
     * @param status of the answer
     * @param code of the refusal
     */
    public void stopped(int status, String code) {
        parts.engine.signals().count(Telemetry.Signal.FILTER, status >= 500 ? "failed" : "refused", code);
    }

    /** Makes a new token signing key; the old one verifies until its tokens have ended. */
    public void rotateSigningKey() {
        parts.identity.accessTokens().rotate(environment.id(), clientId);
    }

    /**
     * Seals under the first root key what was sealed under another: authenticator secrets, recovery codes and secrets of
     * webhooks and connections, which nothing else would renew. Call it after the first key has changed and every node knows it, and before the old one is taken
     * away; harmless to call again.
     */
    public void reseal() {
        parts.environments.all().forEach(e -> {
            parts.factors.reseal(parts.engine, e.id());
            parts.webhooks.in(e.id()).reseal();
            parts.sso.in(e.id()).reseal();
        });
    }

    /**
     * Publishes what lies in the outbox, removes what has expired, looks for the DNS records of pending domains that are due,
     * reads metadata of identity providers again, and sees to it that mail and webhooks which are due are sent and subscribers get their events, on other threads.
     * Readers publish too, so this is housekeeping: call it about once a minute, on every node, from whatever scheduler the
     * host has. Only one node cleans up at a time; all send, and look at domains and providers. Slow ones make it take up to a
     * minute for an environment.
     */
    public void maintain() {
        parts.environments.all().forEach(e -> {
            parts.mails.deliver(e.id());
            parts.webhooks.in(e.id()).deliver();
            parts.events.in(e.id()).deliver();
        });
        boolean mine = parts.engine.run(
                environment.id(),
                Actor.SYSTEM,
                call -> call.tx()
                        .lease("maintenance", instance, call.now(), call.now().plusSeconds(50)));
        if (mine) {
            parts.environments.all().forEach(e -> {
                parts.sso.in(e.id()).timeOut();
                parts.events.in(e.id()).publish();
            });
            int swept;
            do {
                swept = parts.engine.run(
                        environment.id(), Actor.SYSTEM, call -> call.tx().sweep(call.now(), 500));
            } while (swept >= 500);
        }
        parts.environments.all().forEach(e -> {
            parts.organizations.in(e.id()).recheckDomains();
            parts.sso.in(e.id()).recheck();
        });
        parts.tellLag();
    }

    @Override
    public void close() {
        parts.mails.close();
        parts.webhooks.close();
        parts.events.close();
        storage.close();
    }

    /** Collects what an instance is made of. Later settings win over earlier ones; those set here win over all. */
    public static final class Builder {
        private static final String PROPERTIES = "gatehouse.";

        private final List<Settings> sources = new ArrayList<>();
        private final Map<String, String> own = new HashMap<>();
        private @Nullable Storage storage;
        private @Nullable DataSource source;
        private @Nullable Keyring keyring;
        private @Nullable Mailer mailer;
        private @Nullable Outbound outbound;
        private @Nullable Executor executor;
        private @Nullable DnsTxt dns;
        private @Nullable Telemetry telemetry;
        private Clock clock = Clock.systemUTC();

        private boolean process = true;

        private Builder() {}

        /** Sets one setting, as text. */
        public Builder set(Setting<?> setting, String value) {
            own.put(setting.key(), value);
            return this;
        }

        /** Adds a source of settings; it wins over those added before. */
        public Builder settings(Settings more) {
            sources.add(more);
            return this;
        }

        /** Stores in the host's database. */
        public Builder dataSource(DataSource hosts) {
            source = hosts;
            return this;
        }

        /** Stores in a storage of the host's own. */
        public Builder storage(Storage own) {
            storage = own;
            return this;
        }

        /** Takes root keys from the host's key management. */
        public Builder keyring(Keyring hosts) {
            keyring = hosts;
            return this;
        }

        /** Sends mail this way; it wins over the SMTP server of the settings. */
        public Builder mailer(Mailer hosts) {
            mailer = hosts;
            return this;
        }

        /**
         * Calls addresses that somebody else chose this way, instead of directly: through a proxy, say. It must then keep
         * private addresses out itself, as {@link Outbound} says.
         */
        public Builder outbound(Outbound hosts) {
            outbound = hosts;
            return this;
        }

        /**
         * Sends mail and webhooks and runs event handlers on these threads; without it, on daemon threads that exist only
         * while something waits. A task ends when nothing is due, so what failed is tried again with the next one or with
         * {@link Gatehouse#maintain()}. It must not run a task in the thread that hands it over: people would wait for the
         * mail server.
         */
        public Builder executor(Executor hosts) {
            executor = hosts;
            return this;
        }

        /**
         * Asks DNS this way for the records of domains, instead of the name servers of the settings. It may be asked by many
         * threads at once, and is waited for, so it should give up after some seconds.
         */
        public Builder dnsTxt(DnsTxt hosts) {
            dns = hosts;
            return this;
        }

        /**
         * Tells what it does, to be measured and traced: {@code MicrometerTelemetry} or {@code OpenTelemetryTelemetry} of
         * {@code dev.gatehouse.telemetry}, or the host's own. Without one nothing is measured.
         */
        public Builder telemetry(Telemetry hosts) {
            telemetry = hosts;
            return this;
        }

        /** Another clock, for tests. */
        public Builder clock(Clock other) {
            clock = other;
            return this;
        }

        /**
         * Leaves environment variables and system properties out: for a host whose own sources of settings have them already,
         * in an order of its own.
         */
        public Builder withoutProcessSettings() {
            process = false;
            return this;
        }

        private List<Settings> sources() {
            List<Settings> all = new ArrayList<>(sources);
            if (process) {
                addProcess(all);
            }
            all.add(new Source("the builder", own.keySet(), own::get));
            return all;
        }

        private static void addProcess(List<Settings> all) {
            all.add(new Source(
                    "an environment variable",
                    Set.of(),
                    key -> System.getenv(
                            "GATEHOUSE_" + key.toUpperCase(Locale.ROOT).replace('-', '_'))));
            Properties properties = System.getProperties();
            Set<String> named = properties.stringPropertyNames().stream()
                    .filter(name -> name.startsWith(PROPERTIES))
                    .map(name -> name.substring(PROPERTIES.length()))
                    .collect(Collectors.toSet());
            all.add(new Source("a system property", named, key -> properties.getProperty(PROPERTIES + key)));
        }

        private record Source(String source, Set<String> keys, Function<String, @Nullable String> values)
                implements Settings {
            @Override
            public Optional<String> value(String key) {
                return Optional.ofNullable(values.apply(key));
            }
        }

        /**
         * Opens the database, makes what is missing, and is ready.
         *
         * @throws dev.gatehouse.config.ConfigException if a setting cannot be used
         * @throws Storage.StorageException if the database cannot be reached or its tables are not as needed
         */
        public Gatehouse build() {
            return new Gatehouse(this);
        }
    }
}
