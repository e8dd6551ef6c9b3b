package dev.gatehouse.sso;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Parameters;
import dev.gatehouse.crypto.Envelope;
import dev.gatehouse.crypto.RandomTokens;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Flow;
import dev.gatehouse.engine.Limit;
import dev.gatehouse.engine.Required;
import dev.gatehouse.engine.Routes;
import dev.gatehouse.environments.Environments;
import dev.gatehouse.organizations.Domain;
import dev.gatehouse.organizations.Organization;
import java.net.URI;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The operations on connections. Making and changing them is an extension of the contract. */
final class ConnectionOperations {
    private static final String SECRET = "connection secret";
    private static final int MOST = 100;
    private static final int MOST_CERTIFICATES = 10;
    private static final Set<String> WEAKNESSES = Set.of("sha1", "cbc", "rsa15");
    private static final Set<String> MEMBERS = Set.of("id", "email", "first_name", "last_name", "name", "groups");
    private static final Set<String> CLIENT_AUTHENTICATIONS =
            Set.of("client_secret_basic", "client_secret_post", "private_key_jwt");

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

    record SamlIn(
            @Limit(1_000) @Nullable String entityId,
            @Limit(2_000) @Nullable String ssoUrl,
            @Limit(2_000) @Nullable String sloUrl,
            @Nullable List<String> certificates,
            @Limit(2_000) @Nullable String metadataUrl,
            @Nullable Boolean signRequests,
            @Limit(200) @Nullable String nameIdFormat,
            @Nullable Boolean idpInitiated,
            @Nullable List<String> allow) {
        SamlProvider provider() {
            return new SamlProvider(
                    entityId,
                    ssoUrl,
                    sloUrl,
                    orEmpty(certificates),
                    metadataUrl,
                    Boolean.TRUE.equals(signRequests),
                    nameIdFormat,
                    Boolean.TRUE.equals(idpInitiated),
                    orEmpty(allow));
        }
    }

    record OidcIn(
            @Limit(1_000) @Nullable String issuer,
            @Limit(500) @Nullable String clientId,
            @Limit(2_000) @Nullable String clientSecret,
            @Nullable String clientAuthentication,
            @Nullable List<String> scopes,
            @Nullable List<String> tenants,
            @Nullable Boolean returnTokens) {
        OidcProvider provider() {
            return new OidcProvider(
                    issuer,
                    clientId,
                    clientAuthentication == null ? "client_secret_basic" : clientAuthentication,
                    orEmpty(scopes),
                    orEmpty(tenants),
                    Boolean.TRUE.equals(returnTokens));
        }

        /** Without the secret. */
        @Override
        public String toString() {
            return "OidcIn[" + issuer + "]";
        }
    }

    record GroupRoleIn(
            @Required @Limit(500) String group, @Required String role) {}

    record In(
            @Required String connectionType,
            @Nullable String organizationId,
            @Limit(200) @Nullable String name,
            @Nullable SamlIn saml,
            @Nullable OidcIn oidc,
            @Nullable Map<String, String> attributes,
            @Nullable Map<String, String> customAttributes,
            @Nullable List<GroupRoleIn> groupRoles) {

        NewConnection wanted() {
            ConnectionType type = ConnectionType.of(connectionType)
                    .orElseThrow(() -> ApiException.invalid(
                            "connection_type", "invalid_connection_type", "There is no such type of connection."));
            return new NewConnection(
                    type,
                    organizationId,
                    name == null || name.isBlank() ? type.title() : name,
                    saml == null ? null : saml.provider(),
                    oidc == null ? null : oidc.provider(),
                    oidc == null ? null : oidc.clientSecret,
                    attributes == null ? Map.of() : attributes,
                    customAttributes == null ? Map.of() : customAttributes,
                    orEmpty(groupRoles).stream()
                            .map(g -> new Connection.GroupRole(g.group, g.role))
                            .toList());
        }
    }

    private static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : list;
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
                In.class,
                (in, flow) -> prepare(in.wanted(), clock.instant()),
                this::create);
        r.update("PUT /connections/{id}", Connection.TYPE, In.class, this::update);
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

    Connection update(Connection connection, In in, Call call) {
        return change(call, connection, in.wanted());
    }

    /**
     * Checks what needs no storage, and makes a key pair where one is needed.
     *
     * @throws ApiException 422 with what is wrong
     */
    Prepared prepare(NewConnection wanted, Instant now) {
        NewConnection checked = checked(wanted);
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
        NewConnection checked = checked(wanted);
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
        if (!changed.complete() && changed.open()) {
            return deactivate(call, changed);
        }
        return changed.complete() && changed.state() == Connection.State.DRAFT
                ? call.update(Connection.TYPE, changed.id(), c -> c.in(Connection.State.VALIDATING))
                : changed;
    }

    /** Somebody signed in through it: it works. */
    static void worked(Call call, Connection connection) {
        if (connection.state() == Connection.State.VALIDATING) {
            Connection active = call.update(Connection.TYPE, connection.id(), c -> c.in(Connection.State.ACTIVE));
            call.emit("connection.activated", active.told(call));
        }
    }

    Connection activate(Call call, Connection connection) {
        if (connection.open()) {
            return connection;
        }
        if (!connection.complete()) {
            throw ApiException.of(422, "connection_incomplete", "What a sign-in needs is not known yet.");
        }
        Connection active = call.update(Connection.TYPE, connection.id(), c -> c.in(Connection.State.ACTIVE));
        call.emit("connection.activated", active.told(call));
        return active;
    }

    Connection deactivate(Call call, Connection connection) {
        if (!connection.open()) {
            return connection;
        }
        Connection off = call.update(Connection.TYPE, connection.id(), c -> c.in(Connection.State.INACTIVE));
        call.emit("connection.deactivated", off.told(call));
        return off;
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

    private static NewConnection checked(NewConnection wanted) {
        boolean saml = wanted.type().protocol() == ConnectionType.Protocol.SAML;
        if (saml ? wanted.oidc() != null : wanted.saml() != null) {
            throw ApiException.invalid(
                    saml ? "oidc" : "saml", "invalid_provider", "The type of the connection speaks another protocol.");
        }
        if (wanted.groupRoles().size() > MOST
                || wanted.customAttributes().size() > MOST
                || !MEMBERS.containsAll(wanted.attributes().keySet())) {
            throw ApiException.invalid(
                    "attributes",
                    "invalid_attributes",
                    "Attributes are mapped to "
                            + String.join(", ", MEMBERS.stream().sorted().toList())
                            + "; there are at most a hundred custom ones and group roles.");
        }
        if (wanted.oidc() != null) {
            check(wanted.oidc());
        }
        SamlProvider provider = wanted.saml();
        if (provider == null) {
            return wanted;
        }
        SamlProvider checked = provider.withCertificates(certificates(provider));
        checkUrl("sso_url", checked.ssoUrl());
        checkUrl("slo_url", checked.sloUrl());
        checkUrl("metadata_url", checked.metadataUrl());
        if (!WEAKNESSES.containsAll(checked.allow())) {
            throw ApiException.invalid("allow", "invalid_allow", "Weaknesses are sha1, cbc and rsa15.");
        }
        return new NewConnection(
                wanted.type(),
                wanted.organizationId(),
                wanted.name(),
                checked,
                null,
                null,
                wanted.attributes(),
                wanted.customAttributes(),
                wanted.groupRoles());
    }

    private static void check(OidcProvider provider) {
        checkUrl("issuer", provider.issuer());
        if (!CLIENT_AUTHENTICATIONS.contains(provider.clientAuthentication())) {
            throw ApiException.invalid(
                    "client_authentication",
                    "invalid_client_authentication",
                    "Clients authenticate by client_secret_basic, client_secret_post or private_key_jwt.");
        }
    }

    /** @throws ApiException 422 for an address that a browser or a metadata reader must not be sent to (ATTACKS S92) */
    private static void checkUrl(String field, @Nullable String url) {
        if (url == null) {
            return;
        }
        boolean good;
        try {
            URI uri = URI.create(url);
            boolean local = "http".equals(uri.getScheme())
                    && Set.of("localhost", "127.0.0.1", "[::1]")
                            .contains(Objects.requireNonNullElse(uri.getHost(), ""));
            good = uri.getHost() != null
                    && uri.getUserInfo() == null
                    && uri.getFragment() == null
                    && ("https".equals(uri.getScheme()) || local);
        } catch (IllegalArgumentException e) {
            good = false;
        }
        if (!good) {
            throw ApiException.invalid(
                    field, "invalid_url", "The address must be https; on the machine itself http will do.");
        }
    }

    /** Certificates in one spelling; keys that are too weak are refused here already (ATTACKS S44). */
    private static List<String> certificates(SamlProvider provider) {
        if (provider.certificates().size() > MOST_CERTIFICATES) {
            throw ApiException.invalid("certificates", "too_many_certificates", "There are at most ten certificates.");
        }
        Map<String, Boolean> all = new LinkedHashMap<>();
        for (String text : provider.certificates()) {
            try {
                X509Certificate certificate = OwnKeys.certificate(text);
                if (!strong(certificate)) {
                    throw ApiException.invalid(
                            "certificates",
                            "weak_certificate",
                            "A certificate's key is RSA of at least 2048 bits, or elliptic of at least 256.");
                }
                all.put(Base64.getEncoder().encodeToString(certificate.getEncoded()), true);
            } catch (IllegalArgumentException | CertificateEncodingException e) {
                throw ApiException.invalid(
                        "certificates", "invalid_certificate", "A certificate is PEM, or base64 of DER.");
            }
        }
        return List.copyOf(all.keySet());
    }

    private static boolean strong(X509Certificate certificate) {
        if (certificate.getPublicKey() instanceof RSAPublicKey rsa) {
            return rsa.getModulus().bitLength() >= 2_048;
        }
        return certificate.getPublicKey() instanceof ECPublicKey ec
                && ec.getParams().getCurve().getField().getFieldSize() >= 256;
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
