package dev.gatehouse;

import dev.gatehouse.access.Access;
import dev.gatehouse.access.CustomerKeys;
import dev.gatehouse.access.Grants;
import dev.gatehouse.config.Config;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.Envelope;
import dev.gatehouse.crypto.RandomTokens;
import dev.gatehouse.crypto.Ulid;
import dev.gatehouse.engine.Area;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Dispatcher;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.engine.Json;
import dev.gatehouse.engine.Lazy;
import dev.gatehouse.engine.Route;
import dev.gatehouse.engine.Routes;
import dev.gatehouse.engine.Signals;
import dev.gatehouse.environments.Environments;
import dev.gatehouse.events.Events;
import dev.gatehouse.factors.Factors;
import dev.gatehouse.flags.Flags;
import dev.gatehouse.identity.FeatureFlags;
import dev.gatehouse.identity.Identity;
import dev.gatehouse.identity.User;
import dev.gatehouse.mail.Mails;
import dev.gatehouse.net.GuardedHttp;
import dev.gatehouse.organizations.Invitations;
import dev.gatehouse.organizations.MembershipAffiliations;
import dev.gatehouse.organizations.Organizations;
import dev.gatehouse.passkeys.Passkeys;
import dev.gatehouse.spi.DnsTxt;
import dev.gatehouse.spi.Keyring;
import dev.gatehouse.spi.Mailer;
import dev.gatehouse.spi.Outbound;
import dev.gatehouse.spi.Storage;
import dev.gatehouse.spi.Telemetry;
import dev.gatehouse.sso.ProfileBook;
import dev.gatehouse.sso.Sso;
import dev.gatehouse.webhooks.Webhooks;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The areas of one instance, each knowing those that it builds upon. Nothing here is stored or sent yet. */
final class Parts {
    final Engine engine;
    final RandomTokens random = new RandomTokens();
    final Envelope envelope;
    final Environments environments;
    final Factors factors;
    final Mails mails;
    final Identity identity;
    final Organizations organizations;
    final Access access;
    final CustomerKeys customerKeys;
    final Flags flags;
    final Sso sso;
    final Invitations invitations;
    final Events events;
    final Webhooks webhooks;
    private final Lazy<Operations> operations;
    private final List<Area> areas;

    Parts(
            Config config,
            Storage storage,
            Clock clock,
            Keyring keyring,
            @Nullable Mailer mailer,
            @Nullable Outbound outbound,
            String instance,
            @Nullable Executor executor,
            DnsTxt dns,
            @Nullable Telemetry telemetry) {
        Json json = new Json();
        engine = new Engine(storage, new Ulid(), clock, json, new Signals(telemetry));
        envelope = new Envelope(keyring);
        environments = new Environments(engine, random, this::permissions, this::begin);
        factors = new Factors(
                envelope, random, (call, userId) -> call.hold(User.TYPE, userId).isPresent());
        Passkeys passkeys = new Passkeys(
                config,
                json,
                envelope,
                random,
                (call, userId) -> call.hold(User.TYPE, userId).isPresent());
        Grants grants = new Grants(config, clock, engine.signals());
        FeatureFlags features = Flags.features();
        ProfileBook profiles = new ProfileBook(grants, envelope, json);
        flags = Flags.of(engine);
        mails = new Mails(engine, envelope, config, clock, mailer, executor);
        identity = new Identity(
                engine,
                clock,
                config,
                keyring,
                envelope,
                random,
                environments,
                factors,
                passkeys,
                new MembershipAffiliations(grants),
                profiles,
                features,
                mails);
        events = Events.of(engine, config, instance, executor);
        webhooks = Webhooks.of(engine, envelope, random, config, environments, events, outbound, executor);
        organizations = Organizations.of(engine, config, identity.sessions(), random, grants, features, profiles, dns);
        access = Access.of(engine, grants, identity.sessions());
        customerKeys = CustomerKeys.of(engine, grants, random);
        sso = Sso.of(
                engine, envelope, random, config, clock, environments, identity, profiles, outbound(config, outbound));
        invitations = Invitations.of(engine, envelope, random, mails, config, grants);
        areas = List.of(
                environments,
                factors,
                passkeys,
                identity,
                organizations,
                access,
                customerKeys,
                invitations,
                sso,
                flags,
                events,
                webhooks);

        boolean limited = config.get(Setting.RATE_LIMITS);
        operations = new Lazy<>(() -> {
            Routes rows = new Routes();
            areas.forEach(area -> area.routes(rows));
            List<Route> routes = rows.all();
            return new Operations(routes, new Dispatcher(engine, environments, routes, limited));
        });
    }

    /** What the REST API answers; applications that only sign people in never ask for it. */
    private record Operations(List<Route> routes, Dispatcher dispatcher) {}

    List<Route> routes() {
        return operations.get().routes();
    }

    Dispatcher dispatcher() {
        return operations.get().dispatcher();
    }

    /** Calls to providers: the environments of an instance are of one kind. */
    private static Outbound outbound(Config config, @Nullable Outbound hosts) {
        return hosts != null
                ? hosts
                : GuardedHttp.of(config.get(Setting.OUTBOUND_ADDRESSES), config.get(Setting.PRODUCTION));
    }

    /** Makes what the database lacks. */
    void prepare(Storage storage) {
        storage.prepare(areas.stream()
                .flatMap(area -> area.types().stream())
                .map(type -> type.sqlView())
                .toList());
    }

    private void begin(Call environment) {
        areas.forEach(area -> area.begin(environment));
    }

    /** Tells how late the queues are, if anybody wants to know. */
    void tellLag() {
        if (engine.signals().on()) {
            lag("mail", mails::next);
            lag("webhooks", env -> webhooks.in(env).next());
        }
    }

    private void lag(String queue, Function<String, Optional<Instant>> next) {
        double most = environments.all().stream()
                .flatMap(e -> next.apply(e.id()).stream())
                .mapToDouble(due -> Duration.between(due, engine.now()).toMillis() / 1_000.0)
                .max()
                .orElse(0);
        engine.signals().level(Telemetry.Signal.LAG, queue, Math.max(most, 0));
    }

    /** Words that an API key may have. */
    private Set<String> permissions() {
        return routes().stream()
                .map(Route::permission)
                .filter(word -> !word.isEmpty())
                .collect(Collectors.toSet());
    }
}
