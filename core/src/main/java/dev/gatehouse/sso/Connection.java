package dev.gatehouse.sso;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import dev.gatehouse.engine.Omittable;
import dev.gatehouse.organizations.Domain;
import dev.gatehouse.organizations.Organization;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A way to sign in through somebody else: an organization's identity provider, or a provider that anybody may choose. It is
 * a row; nothing of it is read before somebody signs in through it.
 *
 * @param id {@code conn_…}
 * @param organizationId whose provider it is; null for one that anybody may choose
 * @param type which provider
 * @param name for people
 * @param state see {@link State}
 * @param key names it in addresses: 16 letters and digits, no secret
 * @param saml the provider, of a SAML connection
 * @param oidc the provider, of one that speaks OpenID Connect or OAuth 2.0
 * @param externalPath where the application proves people, of an external connection: a path below the origin
 * @param clientSecret sealed; null for none
 * @param keys key pairs of ours, the newest first; of SAML and {@code private_key_jwt}
 * @param attributes member of a profile ({@code email}) to the provider's attribute or claim; empty for the usual names
 * @param customAttributes name of a custom attribute to the provider's
 * @param groupRoles roles that groups of the provider give, the most important first
 */
public record Connection(
        String id,
        @Nullable String organizationId,
        ConnectionType type,
        String name,
        State state,
        String key,
        @Nullable SamlProvider saml,
        @Nullable OidcProvider oidc,
        @Nullable String externalPath,
        @Nullable String clientSecret,
        List<OwnKey> keys,
        Map<String, String> attributes,
        Map<String, String> customAttributes,
        List<GroupRole> groupRoles,
        Instant createdAt,
        Instant updatedAt)
        implements Entity {

    /** Whether people can sign in. */
    public enum State {
        /** Something that a sign-in needs is not known yet. */
        DRAFT,
        /** Complete; nobody has signed in yet. */
        VALIDATING,
        /** Somebody has signed in. */
        ACTIVE,
        /** Switched off. */
        INACTIVE;

        /** As the contract spells it. */
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A role that members of a group get.
     *
     * @param group as the provider names it
     * @param role slug
     */
    public record GroupRole(String group, String role) {}

    /**
     * A key pair of ours.
     *
     * @param certificate base64 of DER, self-signed
     * @param privateKey sealed PKCS #8
     */
    record OwnKey(String certificate, String privateKey, Instant createdAt) {
        @Override
        public String toString() {
            return "OwnKey[" + createdAt + "]";
        }
    }

    public Connection {
        keys = List.copyOf(keys);
        attributes = Map.copyOf(attributes);
        customAttributes = Map.copyOf(customAttributes);
        groupRoles = List.copyOf(groupRoles);
    }

    /** The resource. Domains are those of the organization: they are looked up with it. */
    public static final EntityType<Connection> TYPE = EntityType.of("connection", "conn", Connection.class)
            .unique("key", Connection::key, c -> ApiException.of(409, "conflict", "Try again."))
            .unique(
                    "provider",
                    c -> c.organizationId == null ? c.type.wire() : null,
                    c -> ApiException.of(
                            409, "connection_already_exists", "There is a connection for " + c.type.title() + "."))
            .lookup("organization_id", Connection::organizationId)
            .lookup("connection_type", c -> c.type.wire(), text -> text.toLowerCase(Locale.ROOT))
            .lookup("anybody", c -> c.organizationId == null ? "" : null)
            .text(c -> c.name.toLowerCase(Locale.ROOT))
            .view(View.class, Connection::view);

    /** Connections of an organization through which somebody can sign in, oldest first. */
    static List<Connection> open(Call call, String organizationId) {
        return call.all(TYPE, "organization_id", organizationId).stream()
                .filter(Connection::isOpen)
                .toList();
    }

    /** Whether somebody can sign in through it. */
    public boolean isOpen() {
        return state == State.ACTIVE || state == State.VALIDATING;
    }

    Connection in(State other) {
        return with(other, saml, clientSecret, keys);
    }

    Connection with(State other, @Nullable SamlProvider provider, @Nullable String sealedSecret, List<OwnKey> pairs) {
        return new Connection(
                id,
                organizationId,
                type,
                name,
                other,
                key,
                provider,
                oidc,
                externalPath,
                sealedSecret,
                pairs,
                attributes,
                customAttributes,
                groupRoles,
                createdAt,
                updatedAt);
    }

    /** Whether a sign-in could begin. */
    boolean complete() {
        return switch (type.protocol()) {
            case SAML -> saml != null && saml.complete();
            case OIDC -> oidc != null && oidc.issuer() != null && oidc.clientId() != null;
            case SOCIAL -> oidc != null && oidc.clientId() != null;
            case TEST -> true;
            case EXTERNAL -> externalPath != null;
        };
    }

    record DomainView(String object, String id, String domain) {}

    record View(
            String object,
            String id,
            @Omittable @Nullable String organizationId,
            String connectionType,
            String name,
            String state,
            String status,
            List<DomainView> domains,
            Instant createdAt,
            Instant updatedAt) {}

    record EventView(
            String object,
            String id,
            String state,
            String name,
            String connectionType,
            @Omittable @Nullable String organizationId,
            Instant createdAt,
            Instant updatedAt,
            String externalKey,
            String status,
            List<DomainView> domains) {}

    private static View view(Connection c, Call call) {
        return new View(
                "connection",
                c.id,
                c.organizationId,
                c.type.wire(),
                c.name,
                c.state.wire(),
                c.status(),
                c.domains(call),
                c.createdAt,
                c.updatedAt);
    }

    /** What events tell of it. */
    EventView told(Call call) {
        return new EventView(
                "connection",
                id,
                state.wire(),
                name,
                type.wire(),
                organizationId,
                createdAt,
                updatedAt,
                key,
                status(),
                domains(call));
    }

    private String status() {
        return state == State.ACTIVE ? "linked" : "unlinked";
    }

    private List<DomainView> domains(Call call) {
        return organizationId == null
                ? List.of()
                : Domain.ofOrganization(call, organizationId).stream()
                        .map(d -> new DomainView("connection_domain", d.id(), d.domain()))
                        .toList();
    }

    /** The organization, for its name and its rules. */
    @Nullable
    Organization organization(Call call) {
        return organizationId == null
                ? null
                : call.find(Organization.TYPE, organizationId).orElse(null);
    }

    /** Without what is sealed. */
    @Override
    public String toString() {
        return "Connection[" + id + ", " + type.wire() + ", " + state.wire() + "]";
    }
}
