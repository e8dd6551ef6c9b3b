package dev.gatehouse.sso;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.config.Config;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.Envelope;
import dev.gatehouse.crypto.RandomTokens;
import dev.gatehouse.engine.Actor;
import dev.gatehouse.engine.Area;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.engine.EntityType;
import dev.gatehouse.engine.Routes;
import dev.gatehouse.environments.Environments;
import dev.gatehouse.identity.BrowserTag;
import dev.gatehouse.identity.Federation;
import dev.gatehouse.identity.Identity;
import dev.gatehouse.spi.Outbound;
import dev.gatehouse.sso.oidc.RelyingParty;
import dev.gatehouse.sso.saml.Saml;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Connections to identity providers and the profiles that they vouch for, of one environment. */
public final class Sso implements Area {
    private final Engine engine;
    private final String env;
    private final Shared shared;

    /** What is the same for all environments. */
    private record Shared(
            ConnectionOperations connections,
            SsoOperations operations,
            String pages,
            LogoutOperations logout,
            Stage stage,
            BiFunction<String, String, SsoFlow> flows,
            Clock clock) {}

    /** Leaving for providers, which comes last, with the pages. */
    private static final class Stage implements Supplier<SsoFlow> {
        private volatile @Nullable SsoFlow flow;

        @Override
        public SsoFlow get() {
            SsoFlow there = flow;
            if (there == null) {
                throw new IllegalStateException("no pages yet");
            }
            return there;
        }
    }

    private Sso(Engine engine, String env, Shared shared) {
        this.engine = engine;
        this.env = env;
        this.shared = shared;
    }

    /** Puts the area together; it works in an environment once {@link #in} names one. */
    public static Sso of(
            Engine engine,
            Envelope envelope,
            RandomTokens random,
            Config config,
            Clock clock,
            Environments environments,
            Identity identity,
            ProfileBook profiles,
            Outbound outbound) {
        String origin = config.get(Setting.ORIGIN);
        String pages = origin + config.get(Setting.PAGES_PATH);
        OwnKeys keys = new OwnKeys(envelope);
        ConnectionOperations connections =
                new ConnectionOperations(envelope, random, keys, profiles, environments, clock, pages);
        TestProvider test = new TestProvider(pages);
        Presets presets = new Presets();
        OidcProtocol oidc = new OidcProtocol(
                new RelyingParty(outbound, engine.json(), clock, random),
                presets,
                connections,
                keys,
                engine.json(),
                clock,
                pages);
        SamlProtocol saml = new SamlProtocol(new Saml(), keys, engine.json(), clock, pages);
        Arrivals arrivals = new Arrivals(test, oidc, saml);
        BrowserTag tag = new BrowserTag(origin.startsWith("https://"), random);
        Function<Connection, Protocol> protocols =
                connection -> switch (connection.type().protocol()) {
                    case TEST -> test;
                    case OIDC, SOCIAL -> oidc;
                    case SAML -> saml;
                };
        Stage stage = new Stage();
        return new Sso(
                engine,
                "",
                new Shared(
                        connections,
                        new SsoOperations(engine, envelope, random, environments, identity, profiles, stage),
                        pages,
                        new LogoutOperations(
                                engine, envelope, protocols, identity, origin + config.get(Setting.API_PATH)),
                        stage,
                        (env, clientId) -> new SsoFlow(
                                engine,
                                envelope,
                                random,
                                tag,
                                protocols,
                                arrivals,
                                new Completion(engine, envelope, random, profiles, identity.signIn(), env),
                                identity.sessions(),
                                env,
                                clientId),
                        clock));
    }

    /** The same in another environment. */
    public Sso in(String other) {
        return new Sso(engine, other, shared);
    }

    @Override
    public List<EntityType<?>> types() {
        return List.of(Connection.TYPE, Profile.TYPE, Attempt.TYPE);
    }

    @Override
    public void routes(Routes r) {
        shared.connections.routes(r);
        shared.operations.routes(r);
        shared.logout.routes(r);
    }

    /**
     * Leaving for providers and coming back, for the hosted pages of this environment.
     *
     * @param clientId that people sign in to
     */
    public Federation federation(String clientId) {
        SsoFlow flow = shared.flows.apply(env, clientId);
        shared.stage.flow = flow;
        return flow;
    }

    /**
     * Makes a connection. It is {@link Connection.State#VALIDATING} until somebody has signed in through it.
     *
     * @throws ApiException 404 if there is no such organization; 409 {@code connection_already_exists} for a second
     *     connection to a provider that anybody may choose; 422 with what is wrong
     */
    public Connection create(NewConnection wanted) {
        ConnectionOperations.Prepared prepared = shared.connections.prepare(wanted, shared.clock.instant());
        return run(call -> shared.connections.create(prepared, call));
    }

    /**
     * Makes a connection what is wanted now; its address stays. Without a client secret the one that is stored stays, too.
     *
     * @throws ApiException 404 if there is no such connection; as {@link #create}
     */
    public Connection update(String id, NewConnection wanted) {
        return run(call -> shared.connections.change(call, call.need(Connection.TYPE, id), wanted));
    }

    /** The connection of this id. */
    public Optional<Connection> find(String id) {
        return run(call -> call.find(Connection.TYPE, id));
    }

    /**
     * What is typed in at the provider of a connection.
     *
     * @throws ApiException 404
     */
    public Addresses addresses(String id) {
        return run(call -> Addresses.of(call.get(Connection.TYPE, id), shared.pages));
    }

    /** Connections, oldest first. */
    public List<Connection> list(@Nullable String after, int limit) {
        return run(call -> call.page(Connection.TYPE, Map.of(), null, new Call.Window(after, null, false, limit)));
    }

    /** Connections of an organization, oldest first. */
    public List<Connection> ofOrganization(String organizationId) {
        return run(call -> call.all(Connection.TYPE, "organization_id", organizationId));
    }

    /**
     * Switches a connection on.
     *
     * @throws ApiException 404; 422 {@code connection_incomplete}
     */
    public Connection activate(String id) {
        return run(call -> shared.connections.activate(call, call.need(Connection.TYPE, id)));
    }

    /**
     * Switches a connection off: nobody signs in through it any more, also who has left for its provider already.
     *
     * @throws ApiException 404
     */
    public Connection deactivate(String id) {
        return run(call -> shared.connections.deactivate(call, call.need(Connection.TYPE, id)));
    }

    /**
     * Deletes a connection with its profiles; users and memberships stay.
     *
     * @throws ApiException 404
     */
    public void delete(String id) {
        run(call -> {
            ConnectionOperations.delete(call, call.need(Connection.TYPE, id));
            return true;
        });
    }

    /** Profiles that are a user's, oldest first, each with the evidence why. */
    public List<Profile> profilesOf(String userId) {
        return run(call -> call.all(Profile.TYPE, "user_id", userId));
    }

    /**
     * Says that a profile is nobody's. The next sign-in with it decides anew.
     *
     * @throws ApiException 404
     */
    public void unlink(String profileId) {
        run(call -> call.updateSilently(Profile.TYPE, profileId, Profile::unlinked));
    }

    /**
     * Tries to sign in through a connection, latest first, those of thirty days.
     *
     * @param before {@link Attempt#id} of the last one seen; null for the latest
     */
    public List<Attempt> attempts(String connectionId, @Nullable String before, int limit) {
        return run(call -> call.page(
                Attempt.TYPE,
                Map.of("connection_id", List.of(connectionId)),
                null,
                new Call.Window(null, before, true, limit)));
    }

    /** How many connections people sign in through, counted one by one: usage, as vendors bill it. */
    public long active() {
        long[] count = {0};
        engine.each(env, Connection.TYPE, c -> count[0] += c.state() == Connection.State.ACTIVE ? 1 : 0);
        return count[0];
    }

    /** Seals secrets under the first root key that were sealed under another. */
    public void reseal() {
        engine.rewrite(env, Connection.TYPE, shared.connections::reseal);
    }

    private <T extends @Nullable Object> T run(Function<Call, T> step) {
        return engine.run(env, Actor.SYSTEM, step);
    }
}
