package dev.gatehouse.sso;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Parameters;
import dev.gatehouse.crypto.Envelope;
import dev.gatehouse.crypto.RandomTokens;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Flow;
import dev.gatehouse.engine.Routes;
import dev.gatehouse.environments.Environments;
import dev.gatehouse.organizations.Domain;
import dev.gatehouse.organizations.Organization;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The operations on connections. Making and changing them is an extension of the contract. */
final class ConnectionOperations {
    private static final String SECRET = "connection secret";

    private final Envelope envelope;
    private final RandomTokens random;
    private final OwnKeys keys;
    private final ProfileBook profiles;
    private final Environments environments;
    private final Clock clock;
    private final String pages;

    ConnectionOperations(
            Envelope envelope,
            RandomTokens random,
            OwnKeys keys,
            ProfileBook profiles,
            Environments environments,
            Clock clock,
            String pages) {
        this.envelope = envelope;
        this.random = random;
        this.keys = keys;
        this.profiles = profiles;
        this.environments = environments;
        this.clock = clock;
        this.pages = pages;
    }

    /** A wanted connection that was looked at, with keys that were made outside of the transaction. */
    record Prepared(NewConnection wanted, String key, List<Connection.OwnKey> keys) {}

    void routes(Routes r) {
        r.page("GET /connections", Connection.TYPE, ConnectionOperations::list)
                .with("connection_type", "organization_id", "domain", "search");
        r.get("GET /connections/{id}", Connection.TYPE);
        r.create(
                "POST /connections",
                Connection.TYPE,
                ConnectionInput.class,
                (in, flow) -> prepare(in.wanted(), clock.instant()),
                this::create);
        r.update("PUT /connections/{id}", Connection.TYPE, ConnectionInput.class, this::update);
        r.transition("POST /connections/{id}/deactivate", Connection.TYPE, (c, call) -> deactivate(call, c));
        r.transition("POST /connections/{id}/activate", Connection.TYPE, (c, call) -> activate(call, c));
        r.action(
                        "GET /connections/{id}/addresses",
                        Routes.Nothing.class,
                        Addresses.class,
                        (in, flow) ->
                                flow.run(call -> Addresses.of(call.get(Connection.TYPE, flow.variable("id")), pages)))
                .permission("connection:read");
        r.list("GET /connections/{id}/attempts", Attempt.TYPE)
                .under("id", Connection.TYPE, "connection_id")
                .permission("connection:read");
        r.delete("DELETE /connections/{id}", Connection.TYPE, (c, call) -> delete(call, c));
    }

    private static List<Connection> list(Flow flow, Call call, Call.Window window) {
        Parameters query = flow.request().query();
        Map<String, List<String>> where = new HashMap<>();
        for (String filter : List.of("connection_type", "organization_id")) {
            if (!query.list(filter).isEmpty()) {
                where.put(filter, query.list(filter));
            }
        }
        Optional<String> domain = query.one("domain");
        if (domain.isPresent()) {
            Optional<String> owner = Domain.ownerOf(call, "@" + domain.get());
            List<String> asked = where.get("organization_id");
            if (owner.isEmpty() || (asked != null && !asked.contains(owner.get()))) {
                return List.of();
            }
            where.put("organization_id", List.of(owner.get()));
        }
        String search = query.one("search")
                .map(text -> text.strip().toLowerCase(Locale.ROOT))
                .orElse("");
        return call.page(Connection.TYPE, where, search.isEmpty() ? null : search, window);
    }

    Connection update(Connection connection, ConnectionInput in, Call call) {
        return change(call, connection, in.wanted());
    }

    /**
     * Checks what needs no storage, and makes a key pair where one is needed.
     *
     * @throws ApiException 422 with what is wrong
     */
    Prepared prepare(NewConnection wanted, Instant now) {
        NewConnection checked = ConnectionChecks.checked(wanted);
        String key = random.base62(16);
        boolean pair = checked.type().protocol() == ConnectionType.Protocol.SAML
                || (checked.oidc() != null
                        && checked.oidc().clientAuthentication().equals("private_key_jwt"));
        return new Prepared(checked, key, pair ? List.of(keys.generate(key, now)) : List.of());
    }

    Connection create(Prepared prepared, Call call) {
        NewConnection wanted = prepared.wanted;
        checkPlace(call, wanted);
        Connection made = new Connection(
                call.newId(Connection.TYPE),
                wanted.organizationId(),
                wanted.type(),
                wanted.name(),
                Connection.State.DRAFT,
                prepared.key,
                wanted.saml(),
                wanted.oidc(),
                sealed(prepared.key, wanted.clientSecret()),
                prepared.keys,
                wanted.attributes(),
                wanted.customAttributes(),
                wanted.groupRoles(),
                call.now(),
                call.now());
        // our own provider needs no proof that it works
        Connection.State begun = wanted.type().protocol() == ConnectionType.Protocol.TEST
                ? Connection.State.ACTIVE
                : made.complete() ? Connection.State.VALIDATING : Connection.State.DRAFT;
        Connection stored = call.create(Connection.TYPE, made.in(begun));
        tellWeaknesses(call, stored, List.of());
        if (begun == Connection.State.ACTIVE) {
            call.emit("connection.activated", stored.told(call));
        }
        return stored;
    }

    Connection change(Call call, Connection connection, NewConnection wanted) {
        NewConnection checked = ConnectionChecks.checked(wanted);
        if (checked.type().protocol() != connection.type().protocol()
                || !Objects.equals(checked.organizationId(), connection.organizationId())) {
            throw ApiException.invalid(
                    "connection_type",
                    "connection_type_immutable",
                    "A connection keeps its protocol and its organization: make another one.");
        }
        checkPlace(call, checked);
        String secret = checked.clientSecret() == null
                ? connection.clientSecret()
                : sealed(connection.key(), checked.clientSecret());
        Connection changed = call.update(
                Connection.TYPE,
                connection.id(),
                c -> new Connection(
                        c.id(),
                        c.organizationId(),
                        checked.type(),
                        checked.name(),
                        c.state(),
                        c.key(),
                        checked.saml(),
                        checked.oidc(),
                        secret,
                        c.keys(),
                        checked.attributes(),
                        checked.customAttributes(),
                        checked.groupRoles(),
                        c.createdAt(),
                        c.updatedAt()));
        tellWeaknesses(
                call,
                changed,
                connection.saml() == null ? List.of() : connection.saml().allow());
        if (!changed.complete() && changed.isOpen()) {
            return deactivate(call, changed);
        }
        return changed.complete() && changed.state() == Connection.State.DRAFT
                ? call.update(Connection.TYPE, changed.id(), c -> c.in(Connection.State.VALIDATING))
                : changed;
    }

    /** Somebody signed in through it: it works. */
    static void worked(Call call, Connection connection) {
        if (connection.state() == Connection.State.VALIDATING) {
            move(call, connection, Connection.State.ACTIVE);
        }
    }

    Connection activate(Call call, Connection connection) {
        if (connection.isOpen()) {
            return connection;
        }
        if (!connection.complete()) {
            throw ApiException.of(422, "connection_incomplete", "What a sign-in needs is not known yet.");
        }
        return move(call, connection, Connection.State.ACTIVE);
    }

    Connection deactivate(Call call, Connection connection) {
        return connection.isOpen() ? move(call, connection, Connection.State.INACTIVE) : connection;
    }

    private static Connection move(Call call, Connection connection, Connection.State to) {
        Connection moved = call.update(Connection.TYPE, connection.id(), c -> c.in(to));
        call.emit(to == Connection.State.ACTIVE ? "connection.activated" : "connection.deactivated", moved.told(call));
        return moved;
    }

    static void delete(Call call, Connection connection) {
        call.emit("connection.deleted", connection.told(call));
        call.all(Profile.TYPE, "connection_id", connection.id()).forEach(profile -> ProfileBook.forget(call, profile));
        call.all(SsoSignIn.TYPE, "connection_id", connection.id()).forEach(s -> call.delete(SsoSignIn.TYPE, s));
        call.delete(Connection.TYPE, connection);
    }

    private @Nullable String sealed(String key, @Nullable String secret) {
        return secret == null || secret.isEmpty() ? null : envelope.sealText(SECRET, key, secret);
    }

    /** The secret that an OpenID provider gave; null for none. */
    @Nullable
    String secret(Connection connection) {
        return connection.clientSecret() == null
                ? null
                : envelope.openText(SECRET, connection.key(), connection.clientSecret())
                        .orElseThrow(() -> new IllegalStateException(
                                connection.id() + ": its secret opens under none of the root keys"));
    }

    /** The same connection with secrets sealed under the first root key. */
    Connection reseal(Connection connection) {
        String secret = connection.clientSecret();
        boolean old = secret != null && !envelope.current(secret);
        return connection.with(
                connection.state(),
                connection.saml(),
                old ? sealed(connection.key(), secret(connection)) : secret,
                connection.keys().stream()
                        .map(pair -> keys.reseal(connection, pair))
                        .toList());
    }

    private void checkPlace(Call call, NewConnection wanted) {
        boolean social = wanted.type().protocol() == ConnectionType.Protocol.SOCIAL;
        if (social != (wanted.organizationId() == null)) {
            throw ApiException.invalid(
                    "organization_id",
                    "invalid_organization_id",
                    social
                            ? "Anybody may choose this provider: it belongs to no organization."
                            : "The connection needs an organization.");
        }
        if (wanted.type() == ConnectionType.TEST_IDP && environments.isProduction(call)) {
            throw ApiException.invalid(
                    "connection_type", "invalid_connection_type", "Production has no test provider.");
        }
        if (wanted.organizationId() == null) {
            return;
        }
        Organization organization = call.need(Organization.TYPE, wanted.organizationId());
        for (Connection.GroupRole mapped : wanted.groupRoles()) {
            if (!profiles.exists(call, organization.id(), mapped.role())) {
                throw ApiException.invalid(
                        "group_roles", "invalid_role", "There is no role '" + mapped.role() + "' on the organization.");
            }
        }
    }

    /** Each opt-in to a weakness leaves a trace. */
    private static void tellWeaknesses(Call call, Connection connection, List<String> before) {
        List<String> now =
                connection.saml() == null ? List.of() : connection.saml().allow();
        if (!before.containsAll(now)) {
            Traces.weakened(call, connection, now);
        }
    }
}
