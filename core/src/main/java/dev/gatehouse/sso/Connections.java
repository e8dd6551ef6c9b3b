package dev.gatehouse.sso;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.crypto.RandomTokens;
import dev.gatehouse.engine.Call;
import dev.gatehouse.environments.Environments;
import dev.gatehouse.organizations.Organization;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Connections as they are made, changed, switched on and off, and end. */
final class Connections {
    private static final Duration AFTER_FAILURE = Duration.ofMinutes(15);

    private final ConnectionSecrets secrets;
    private final RandomTokens random;
    private final ProfileBook profiles;
    private final Environments environments;
    private final ProviderMetadata metadata;
    private final Clock clock;

    Connections(
            ConnectionSecrets secrets,
            RandomTokens random,
            ProfileBook profiles,
            Environments environments,
            ProviderMetadata metadata,
            Clock clock) {
        this.secrets = secrets;
        this.random = random;
        this.profiles = profiles;
        this.environments = environments;
        this.metadata = metadata;
        this.clock = clock;
    }

    /**
     * A wanted connection that was looked at outside of the transaction.
     *
     * @param metadata as the provider's metadata describes it; null where there is no address, or it could not be read
     * @param refusal why it could not be read; null for no reason
     */
    record Prepared(
            NewConnection wanted,
            ProviderMetadata.@Nullable Described metadata,
            @Nullable Refusal refusal) {
        /** After what time to read the metadata again; null without an address. */
        @Nullable
        Duration again() {
            boolean known = wanted.saml() != null && wanted.saml().metadataUrl() != null;
            return metadata != null ? metadata.again() : known ? AFTER_FAILURE : null;
        }
    }

    /** One that is made, with keys. */
    record Made(Prepared prepared, String key, List<Connection.OwnKey> keys) {}

    /**
     * Checks what needs no storage, and reads the provider's metadata.
     *
     * @throws ApiException 422 with what is wrong
     */
    Prepared prepare(NewConnection wanted) {
        NewConnection checked = ConnectionChecks.checked(wanted);
        SamlProvider provider = checked.saml();
        if (provider == null || provider.metadataUrl() == null) {
            return new Prepared(checked, null, null);
        }
        try {
            ProviderMetadata.Described described = metadata.read(provider);
            return new Prepared(ConnectionChecks.checked(checked.with(described.provider())), described, null);
        } catch (Refusal e) {
            return new Prepared(checked, null, e);
        }
    }

    /**
     * The same of a new connection, with a key pair where one is needed.
     *
     * @throws ApiException 422 with what is wrong
     */
    Made make(NewConnection wanted) {
        Prepared prepared = prepare(wanted);
        if (prepared.refusal != null) {
            throw ConnectionChecks.unreadable("metadata_url", prepared.refusal);
        }
        String key = random.base62(16);
        boolean pair =
                prepared.wanted.type().protocol() == ConnectionType.Protocol.SAML || signs(prepared.wanted.oidc());
        return new Made(prepared, key, pair ? List.of(secrets.keys().generate(key, clock.instant())) : List.of());
    }

    private static boolean signs(@Nullable OidcProvider provider) {
        return provider != null && provider.clientAuthentication().equals("private_key_jwt");
    }

    Connection create(Made made, Call call) {
        NewConnection wanted = made.prepared.wanted;
        checkPlace(call, wanted);
        Connection draft = new Connection(
                call.newId(Connection.TYPE),
                wanted.organizationId(),
                wanted.type(),
                wanted.name(),
                Connection.State.DRAFT,
                made.key,
                wanted.saml(),
                wanted.oidc(),
                wanted.externalPath(),
                secrets.sealed(made.key, wanted.clientSecret()),
                made.keys,
                wanted.attributes(),
                wanted.customAttributes(),
                wanted.groupRoles(),
                call.now(),
                call.now());
        // our own provider needs no proof that it works
        Connection.State begun = wanted.type().protocol() == ConnectionType.Protocol.TEST
                ? Connection.State.ACTIVE
                : draft.complete() ? Connection.State.VALIDATING : Connection.State.DRAFT;
        Connection stored = call.create(Connection.TYPE, draft.in(begun));
        watch(call, stored, made.prepared.again());
        tellWeaknesses(call, stored, List.of());
        if (begun == Connection.State.ACTIVE) {
            call.emit("connection.activated", stored.told(call));
        }
        return stored;
    }

    private static void watch(Call call, Connection connection, @Nullable Duration again) {
        if (connection.saml() != null) {
            ConnectionWatch.start(call, connection.id(), again);
        }
    }

    Connection change(Call call, Connection connection, Prepared prepared) {
        NewConnection wanted = lastKnown(connection, prepared);
        if (wanted.type().protocol() != connection.type().protocol()
                || !Objects.equals(wanted.organizationId(), connection.organizationId())) {
            throw ApiException.invalid(
                    "connection_type",
                    "connection_type_immutable",
                    "A connection keeps its protocol and its organization: make another one.");
        }
        checkPlace(call, wanted);
        if (signs(wanted.oidc()) && connection.keys().isEmpty()) {
            throw ApiException.invalid(
                    "client_authentication",
                    "no_keys",
                    "To authenticate by private_key_jwt the connection needs a key pair: make one first (rotate_keys).");
        }
        String secret = wanted.clientSecret() == null
                ? connection.clientSecret()
                : secrets.sealed(connection.key(), wanted.clientSecret());
        Connection changed = call.update(
                Connection.TYPE,
                connection.id(),
                c -> new Connection(
                        c.id(),
                        c.organizationId(),
                        wanted.type(),
                        wanted.name(),
                        c.state(),
                        c.key(),
                        wanted.saml(),
                        wanted.oidc(),
                        wanted.externalPath(),
                        secret,
                        c.keys(),
                        wanted.attributes(),
                        wanted.customAttributes(),
                        wanted.groupRoles(),
                        c.createdAt(),
                        c.updatedAt()));
        CertificateNotices.tellRenewed(call, connection, changed);
        watch(call, changed, prepared.again());
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

    /** What is wanted, with what the metadata said last if the same address cannot be read now. */
    private static NewConnection lastKnown(Connection connection, Prepared prepared) {
        if (prepared.refusal == null) {
            return prepared.wanted;
        }
        SamlProvider wanted = Objects.requireNonNull(prepared.wanted.saml(), "SAML alone has metadata");
        SamlProvider known = connection.saml();
        if (known == null || !Objects.equals(known.metadataUrl(), wanted.metadataUrl())) {
            throw ConnectionChecks.unreadable("metadata_url", prepared.refusal);
        }
        return prepared.wanted.with(wanted.describedAs(known));
    }

    /** The connection as its provider's metadata describes it now. */
    static Connection described(Call call, Connection connection, SamlProvider provider) {
        Connection changed = call.update(
                Connection.TYPE, connection.id(), c -> c.with(c.state(), provider, c.clientSecret(), c.keys()));
        CertificateNotices.tellRenewed(call, connection, changed);
        return changed;
    }

    /**
     * A new key pair for a connection that has one.
     *
     * @throws ApiException 422 {@code no_keys}
     */
    Connection.OwnKey newKey(Connection connection) {
        if (connection.type().protocol() != ConnectionType.Protocol.SAML
                && connection.type().protocol() != ConnectionType.Protocol.OIDC) {
            throw ApiException.of(422, "no_keys", "The connection has no key pair: its protocol uses none.");
        }
        return secrets.keys().generate(connection.key(), clock.instant());
    }

    /** The connection with a new key pair first. The one before opens what is encrypted for it until the next change. */
    static Connection rotate(Call call, Connection connection, Connection.OwnKey pair) {
        Connection changed = call.update(
                Connection.TYPE,
                connection.id(),
                c -> c.with(
                        c.state(),
                        c.saml(),
                        c.clientSecret(),
                        Stream.concat(Stream.of(pair), c.keys().stream().limit(1))
                                .toList()));
        CertificateNotices.tellRenewed(call, connection, changed);
        return changed;
    }

    /** Somebody signed in through it: it works. */
    static void worked(Call call, Connection connection) {
        if (connection.state() == Connection.State.VALIDATING) {
            // asked again and held: somebody may be switching it off, or be the first as well
            call.hold(Connection.TYPE, connection.id())
                    .filter(c -> c.state() == Connection.State.VALIDATING)
                    .ifPresent(c -> move(call, c, Connection.State.ACTIVE));
        }
    }

    static Connection activate(Call call, Connection connection) {
        if (connection.state() == Connection.State.ACTIVE) {
            return connection;
        }
        if (!connection.complete()) {
            throw incomplete();
        }
        return move(call, connection, Connection.State.ACTIVE);
    }

    static ApiException incomplete() {
        return ApiException.of(422, "connection_incomplete", "What a sign-in needs is not known yet.");
    }

    static Connection deactivate(Call call, Connection connection) {
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
        ConnectionWatch.stop(call, connection.id());
        call.delete(Connection.TYPE, connection);
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
