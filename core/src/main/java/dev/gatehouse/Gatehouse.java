package dev.gatehouse;

import dev.gatehouse.api.Answer;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Request;
import dev.gatehouse.config.Config;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.Envelope;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.crypto.RandomTokens;
import dev.gatehouse.crypto.Ulid;
import dev.gatehouse.engine.Actor;
import dev.gatehouse.engine.Dispatcher;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.engine.EntityType;
import dev.gatehouse.engine.Json;
import dev.gatehouse.engine.Route;
import dev.gatehouse.engine.Routes;
import dev.gatehouse.environments.Environment;
import dev.gatehouse.environments.Environments;
import dev.gatehouse.events.Events;
import dev.gatehouse.factors.Factors;
import dev.gatehouse.identity.BrowserSessions;
import dev.gatehouse.identity.Identity;
import dev.gatehouse.identity.Impersonations;
import dev.gatehouse.identity.User;
import dev.gatehouse.identity.UserPasskeys;
import dev.gatehouse.identity.Users;
import dev.gatehouse.mail.Mails;
import dev.gatehouse.organizations.Invitations;
import dev.gatehouse.organizations.MembershipAffiliations;
import dev.gatehouse.organizations.Organizations;
import dev.gatehouse.pages.Pages;
import dev.gatehouse.passkeys.Passkeys;
import dev.gatehouse.portability.Portability;
import dev.gatehouse.spi.Keyring;
import dev.gatehouse.spi.Mailer;
import dev.gatehouse.spi.Settings;
import dev.gatehouse.spi.Storage;
import dev.gatehouse.store.JdbcStorage;
import java.io.UncheckedIOException;
import java.nio.file.Path;
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
    private final Engine engine;
    private final Environment environment;
    private final String clientId;
    private final Environments environments;
    private final Factors factors;
    private final Identity identity;
    private final Organizations organizations;
    private final Invitations invitations;
    private final Events events;
    private final Dispatcher dispatcher;
    private final Pages pages;
    private final List<Route> routes;
    private final Mails mails;
    private final String instance = new RandomTokens().base62(20);

    private Gatehouse(Builder builder) {
        config = Config.of(builder.sources());
        agrees(config);
        storage = builder.storage == null ? storage(config, builder.source) : builder.storage;
        Json json = new Json();
        engine = new Engine(storage, new Ulid(), builder.clock, json);
        RandomTokens random = new RandomTokens();
        Keyring keyring = builder.keyring == null ? keyring(config) : builder.keyring;
        Envelope envelope = new Envelope(keyring);
        environments = new Environments(engine, random);
        factors = new Factors(
                envelope, random, (call, userId) -> call.hold(User.TYPE, userId).isPresent());
        Passkeys passkeys = new Passkeys(
                config,
                json,
                envelope,
                random,
                (call, userId) -> call.hold(User.TYPE, userId).isPresent());
        mails = new Mails(engine, envelope, config, builder.clock, builder.mailer, builder.executor);
        identity = new Identity(
                engine,
                builder.clock,
                config,
                keyring,
                envelope,
                random,
                environments,
                factors,
                passkeys,
                new MembershipAffiliations(),
                mails);
        events = new Events(engine);
        Organizations anywhere = Organizations.of(engine, "unbound", identity.sessions(), random);

        List<EntityType<?>> types = new ArrayList<>();
        types.addAll(environments.types());
        types.addAll(factors.types());
        types.addAll(passkeys.types());
        types.addAll(identity.types());
        types.addAll(anywhere.types());
        types.addAll(events.types());
        storage.prepare(types.stream().map(EntityType::sqlView).toList());

        if (!environments.opens(envelope)) {
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
        organizations = anywhere.in(environment.id());
        invitations = Invitations.of(engine, environment.id(), envelope, random, mails, config);
        config.get(Setting.API_KEY)
                .ifPresent(key -> ensured(Setting.API_KEY, () -> {
                    environments.ensureKey(environment, key);
                    return key;
                }));

        pages = new Pages(engine, config, envelope, identity, environment, clientId, random, mails);
        identity.pages(pages);

        Routes rows = new Routes();
        environments.routes(rows);
        factors.routes(rows);
        identity.routes(rows);
        organizations.routes(rows);
        invitations.routes(rows);
        events.routes(rows);
        routes = rows.all();
        dispatcher = new Dispatcher(engine, environments, routes, config.get(Setting.RATE_LIMITS));
        String page = config.get(Setting.PAGES_PATH);
        if (config.get(Setting.API_PATH).equals("/")
                && (ownsApiPath(page + "/sign-in") || ownsApiPath(page + "/account/profile"))) {
            throw config.refused(
                    Setting.PAGES_PATH, "with api-path / the REST API has operations where the pages would be");
        }
    }

    /** Refuses what each setting allows, but not all of them together; before anything is stored. */
    private static void agrees(Config config) {
        boolean production = config.get(Setting.PRODUCTION);
        if (production && !config.get(Setting.ORIGIN).startsWith("https://")) {
            throw config.refused(Setting.ORIGIN, "production needs an https address");
        }
        config.get(Setting.API_KEY)
                .filter(key -> key.startsWith("sk_live_") != production)
                .ifPresent(key -> {
                    throw config.refused(
                            Setting.API_KEY,
                            production ? "production has sk_live_ keys" : "only production has sk_live_ keys");
                });
        String pages = config.get(Setting.PAGES_PATH) + "/";
        String api = config.get(Setting.API_PATH) + "/";
        if (api.length() > 2 && (api.startsWith(pages) || pages.startsWith(api))) {
            throw config.refused(Setting.API_PATH, "one of it and pages-path lies below the other");
        }
        mailAgrees(config);
    }

    private static void mailAgrees(Config config) {
        boolean user = config.get(Setting.SMTP_USER).isPresent();
        if (config.get(Setting.SMTP_HOST).isPresent()
                && config.get(Setting.MAIL_FROM).isEmpty()) {
            throw config.refused(Setting.SMTP_HOST, "mails need a sender. Set mail-from");
        }
        if (user != config.get(Setting.SMTP_PASSWORD).isPresent()) {
            throw config.refused(
                    user ? Setting.SMTP_USER : Setting.SMTP_PASSWORD, "smtp-user and smtp-password need each other");
        }
        if (user && config.get(Setting.SMTP_SECURITY).equals("none")) {
            throw config.refused(Setting.SMTP_SECURITY, "it would send smtp-password in the clear");
        }
    }

    private String ensured(Setting<?> setting, Supplier<String> step) {
        try {
            return step.get();
        } catch (ApiException e) {
            throw config.refused(setting, e.text().replaceFirst("\\.$", ""));
        }
    }

    private static Storage storage(Config config, @Nullable DataSource source) {
        JdbcStorage.SchemaMode mode =
                JdbcStorage.SchemaMode.valueOf(config.get(Setting.SCHEMA).toUpperCase(Locale.ROOT));
        String prefix = config.get(Setting.TABLE_PREFIX);
        if (source != null) {
            return JdbcStorage.of(source, mode, prefix);
        }
        Optional<String> url = config.get(Setting.JDBC_URL);
        try {
            return JdbcStorage.of(
                    url.orElseGet(() -> JdbcStorage.h2File(Path.of(config.get(Setting.DATA_DIRECTORY)))),
                    config.get(Setting.JDBC_USER).orElse(null),
                    config.get(Setting.JDBC_PASSWORD).orElse(null),
                    mode,
                    prefix);
        } catch (Storage.StorageException e) {
            throw new Storage.StorageException(
                    config.named(url.isPresent() ? Setting.JDBC_URL : Setting.DATA_DIRECTORY) + ": " + e.getMessage(),
                    e);
        }
    }

    private static Keyring keyring(Config config) {
        try {
            return config.get(Setting.ROOT_KEYS)
                    .map(LocalKeyring::parse)
                    .orElseGet(() -> LocalKeyring.file(
                            Path.of(config.get(Setting.DATA_DIRECTORY)).resolve("root-keys")));
        } catch (IllegalArgumentException | UncheckedIOException e) {
            throw config.refused(Setting.ROOT_KEYS, String.valueOf(e.getMessage()));
        }
    }

    /** Begins a configuration. */
    public static Builder builder() {
        return new Builder();
    }

    /** Users of this environment. */
    public Users users() {
        return identity.users(environment.id());
    }

    /** Passkeys of this environment's users, and signing in with them. */
    public UserPasskeys passkeys() {
        return identity.passkeys(environment.id(), clientId);
    }

    /** Organizations and memberships of this environment. */
    public Organizations organizations() {
        return organizations;
    }

    /** Import and export of users of this environment, with password hashes. */
    public Portability portability() {
        return new Portability(engine, environment.id(), identity.portableUsers());
    }

    /** Invitations to this environment. */
    public Invitations invitations() {
        return invitations;
    }

    /** Acting as users of this environment, for operators. */
    public Impersonations impersonations() {
        return identity.impersonations(environment.id(), clientId);
    }

    /**
     * Sets the template of the claims that access tokens of this environment carry beside Gatehouse's own: JSON with
     * {@code {{user.…}}}, {@code {{organization.…}}} and {@code {{organization_membership.…}}}; null for none.
     *
     * @throws ApiException 422 with what is wrong with it
     */
    public void setJwtTemplate(@Nullable String template) {
        if (template == null) {
            identity.tokenClaims().removeTemplate(environment.id());
        } else {
            identity.tokenClaims().setTemplate(environment.id(), template);
        }
    }

    /** Environments, API keys and client ids. */
    public Environments environments() {
        return environments;
    }

    /** Events of any environment. */
    public Events events() {
        return events;
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
        return environments.firstKey(environment).map(Environments.NewKey::key);
    }

    /** Sessions of browsers, for adapters. */
    public BrowserSessions sessions() {
        return identity.browserSessions();
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
        return mails.mailer();
    }

    /** The value of a setting. */
    public <T> T setting(Setting<T> setting) {
        return config.get(setting);
    }

    /** Every operation, as a value: for documentation and tests. */
    public List<Route> routes() {
        return routes;
    }

    /** Whether some operation has this path. */
    public boolean ownsApiPath(String path) {
        return dispatcher.owns(path);
    }

    /** Answers a REST request; {@code path} is below the mount point. */
    public Answer api(Request request) {
        return dispatcher.handle(request);
    }

    /** Makes a new token signing key; the old one verifies until its tokens have ended. */
    public void rotateSigningKey() {
        identity.accessTokens().rotate(environment.id(), clientId);
    }

    /**
     * Seals under the first root key what was sealed under another: authenticator secrets and recovery codes, which nothing
     * else would renew. Call it after the first key has changed and every node knows it, and before the old one is taken
     * away; harmless to call again.
     */
    public void reseal() {
        environments.all().forEach(e -> factors.reseal(engine, e.id()));
    }

    /**
     * Publishes what lies in the outbox, removes what has expired, and sees to it that mail which is due is sent, on
     * another thread. Readers publish too, so this is housekeeping: call it about once a minute, on every node, from
     * whatever scheduler the host has. Only one node does the work at a time; mail is sent by all.
     */
    public void maintain() {
        environments.all().forEach(e -> mails.deliver(e.id()));
        boolean mine = engine.run(
                environment.id(),
                Actor.SYSTEM,
                call -> call.tx()
                        .lease("maintenance", instance, call.now(), call.now().plusSeconds(50)));
        if (mine) {
            environments.all().forEach(e -> events.publish(e.id()));
            int swept;
            do {
                swept = engine.run(
                        environment.id(), Actor.SYSTEM, call -> call.tx().sweep(call.now(), 500));
            } while (swept >= 500);
        }
    }

    @Override
    public void close() {
        mails.close();
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
        private @Nullable Executor executor;
        private Clock clock = Clock.systemUTC();

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
         * Sends mail on these threads; without it, on daemon threads that exist only while mail waits. A task ends when
         * nothing is due, so a mail that failed is tried again with the next mail or with {@link Gatehouse#maintain()}.
         * It must not run a task in the thread that hands it over: people would wait for the mail server.
         */
        public Builder executor(Executor hosts) {
            executor = hosts;
            return this;
        }

        /** Another clock, for tests. */
        public Builder clock(Clock other) {
            clock = other;
            return this;
        }

        private List<Settings> sources() {
            List<Settings> all = new ArrayList<>(sources);
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
            all.add(new Source("the builder", own.keySet(), own::get));
            return all;
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
