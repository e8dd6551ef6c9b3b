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
import dev.gatehouse.engine.Lazy;
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
            Connections connections,
            ConnectionSecrets secrets,
            ProviderMetadata metadata,
            TestSignIns tests,
            Watches watches,
            ConnectionOperations connectionOperations,
            SsoOperations operations,
            String pages,
            LogoutOperations logout,
            ExternalProtocol external,
            Stage stage,
            BiFunction<String, String, SsoFlow> flows) {}

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
        boolean https = origin.startsWith("https://");
        OwnKeys keys = new OwnKeys(envelope);
        ConnectionSecrets secrets = new ConnectionSecrets(envelope, keys);
        Saml reader = new Saml();
        ProviderMetadata metadata = new ProviderMetadata(reader, outbound, clock, !config.get(Setting.PRODUCTION));
        Connections connections = new Connections(secrets, random, profiles, environments, metadata, clock);
        TestSignIns tests = new TestSignIns(envelope, engine.json(), pages);
        TestProvider test = new TestProvider(pages);
        ExternalProtocol external = new ExternalProtocol(engine.json(), origin, pages);
        Lazy<Presets> presets = new Lazy<>(Presets::new);
        OidcProtocol oidc = new OidcProtocol(
                new RelyingParty(outbound, engine.json(), clock, random),
                presets,
                secrets,
                engine.json(),
                clock,
                pages);
        SamlProtocol saml = new SamlProtocol(reader, keys, engine.json(), clock, pages);
        Arrivals arrivals = new Arrivals(test, oidc, saml, tests);
        BrowserTag tag = new BrowserTag(https, random);
        Function<Connection, Protocol> protocols =
                connection -> switch (connection.type().protocol()) {
                    case TEST -> test;
                    case EXTERNAL -> external;
                    case OIDC, SOCIAL -> oidc;
                    case SAML -> saml;
                };
        Stage stage = new Stage();
        return new Sso(
                engine,
                "",
                new Shared(
                        connections,
                        secrets,
                        metadata,
                        tests,
                        new Watches(engine, metadata),
                        new ConnectionOperations(connections, metadata, tests, pages),
                        new SsoOperations(engine, envelope, random, environments, identity, profiles, stage),
                        pages,
                        new LogoutOperations(
                                engine, envelope, protocols, identity, origin + config.get(Setting.API_PATH)),
                        external,
                        stage,
                        (env, clientId) -> new SsoFlow(
                                engine,
                                envelope,
                                random,
                                tag,
                                protocols,
                                arrivals,
                                new Completion(
                                        engine,
                                        envelope,
                                        random,
                                        profiles,
                                        identity.signIn(),
                                        new TestReport(protocols),
                                        env),
                                new Consents(envelope, env, https),
                                identity,
                                env,
                                clientId)));
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
        shared.connectionOperations.routes(r);
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
     *     connection to a provider that anybody may choose; 422 with what is wrong, {@code metadata_unreadable} if its metadata
     *     is
     */
    public Connection create(NewConnection wanted) {
        Connections.Made made = shared.connections.make(wanted);
        return run(call -> shared.connections.create(made, call));
    }

    /**
     * A SAML provider that a file of metadata describes.
     *
     * @param xml of the file
     * @throws ApiException 422 {@code metadata_unreadable}
     */
    public SamlProvider described(String xml) {
        try {
            return shared.metadata.described(SamlProvider.unknown(), xml);
        } catch (Refusal e) {
            throw ConnectionChecks.unreadable("metadata_xml", e);
        }
    }

    /**
     * Makes a connection what is wanted now; its address stays. Without a client secret the one that is stored stays, too, and so
     * does what the metadata at the same address said last if it cannot be read now.
     *
     * @throws ApiException 404 if there is no such connection; as {@link #create}
     */
    public Connection update(String id, NewConnection wanted) {
        Connections.Prepared prepared = shared.connections.prepare(wanted);
        return run(call -> shared.connections.change(call, call.need(Connection.TYPE, id), prepared));
    }

    /**
     * Makes a new key pair, with which a SAML connection signs and is encrypted for, or an OpenID connection authenticates by
     * {@code private_key_jwt}. The one before still opens what is encrypted for it; give the provider the new certificate.
     *
     * @throws ApiException 404; 422 {@code no_keys} if the connection's protocol uses none
     */
    public Connection rotateKeys(String id) {
        Connection.OwnKey pair = shared.connections.newKey(run(call -> call.get(Connection.TYPE, id)));
        return run(call -> Connections.rotate(call, call.need(Connection.TYPE, id), pair));
    }

    /**
     * A test of a connection, in a browser, whether it is switched on or not.
     *
     * @throws ApiException 404; 422 {@code connection_incomplete}
     */
    public TestSignIn testSignIn(String id) {
        return run(call -> shared.tests.of(call, call.get(Connection.TYPE, id)));
    }

    /**
     * The application has proved somebody who signs in through an {@link ConnectionType#EXTERNAL} connection. From here on it is
     * as with every other provider: the profile, whose it is, roles from groups, what the organization demands.
     *
     * @param path that the browser came to with the request, as the connection has it: what is proved there is no proof for a
     *     connection that leads elsewhere
     * @param request that the browser came with ({@code ?request=}); it counts once, for fifteen minutes
     * @return where to send this browser; it must be the one that began. A page that says so, if nobody waits for this
     */
    public String vouch(String path, String request, Vouched person) {
        return shared.external.vouch(shared.stage.get(), path, request, person);
    }

    /**
     * The application has proved nobody.
     *
     * @param request as {@link #vouch}
     * @return where to send this browser
     */
    public String decline(String request) {
        return shared.external.decline(request);
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
     * Switches a connection on, whether somebody has signed in through it or not: from now on people are sent there.
     *
     * @throws ApiException 404; 422 {@code connection_incomplete}
     */
    public Connection activate(String id) {
        return run(call -> Connections.activate(call, call.need(Connection.TYPE, id)));
    }

    /**
     * Switches a connection off: nobody signs in through it any more, also who has left for its provider already.
     *
     * @throws ApiException 404
     */
    public Connection deactivate(String id) {
        return run(call -> Connections.deactivate(call, call.need(Connection.TYPE, id)));
    }

    /**
     * Deletes a connection with its profiles; users and memberships stay.
     *
     * @throws ApiException 404
     */
    public void delete(String id) {
        run(call -> {
            Connections.delete(call, call.need(Connection.TYPE, id));
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

    /**
     * Reads metadata of SAML providers again where that is due, and tells of certificates that end. {@code Gatehouse.maintain()}
     * calls it. On several nodes each looks at other connections.
     */
    public void recheck() {
        shared.watches.run(env);
    }

    /** Tells of sign-ins from which nobody came back. {@code Gatehouse.maintain()} calls it, before they are swept. */
    public void timeOut() {
        shared.flows.apply(env, "").timeOut();
    }

    /** Seals secrets under the first root key that were sealed under another. */
    public void reseal() {
        engine.rewrite(env, Connection.TYPE, shared.secrets::reseal);
    }

    private <T extends @Nullable Object> T run(Function<Call, T> step) {
        return engine.run(env, Actor.SYSTEM, step);
    }
}
