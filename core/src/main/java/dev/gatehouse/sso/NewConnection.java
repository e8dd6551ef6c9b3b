package dev.gatehouse.sso;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A connection to be made, or what it is to become.
 *
 * @param type which provider
 * @param organizationId whose provider it is; null for one that anybody may choose, and only then
 * @param name for people, at most 200 characters
 * @param saml the provider, of a SAML connection; null for none
 * @param oidc the provider, of one that speaks OpenID Connect or OAuth 2.0; null for none
 * @param externalPath where the application proves people, of an external connection: a path below the origin, with the context
 *     path; null for none
 * @param clientSecret that an OpenID provider gave this application; null for none, or to keep the one that is stored
 * @param attributes member of a profile to the provider's attribute or claim; empty for the usual names
 * @param customAttributes name of a custom attribute to the provider's
 * @param groupRoles roles that groups of the provider give, the most important first
 */
public record NewConnection(
        ConnectionType type,
        @Nullable String organizationId,
        String name,
        @Nullable SamlProvider saml,
        @Nullable OidcProvider oidc,
        @Nullable String externalPath,
        @Nullable String clientSecret,
        Map<String, String> attributes,
        Map<String, String> customAttributes,
        List<Connection.GroupRole> groupRoles) {
    public NewConnection {
        attributes = Map.copyOf(attributes);
        customAttributes = Map.copyOf(customAttributes);
        groupRoles = List.copyOf(groupRoles);
    }

    /** One that a protocol of Gatehouse's reaches. */
    public NewConnection(
            ConnectionType type,
            @Nullable String organizationId,
            String name,
            @Nullable SamlProvider saml,
            @Nullable OidcProvider oidc,
            @Nullable String clientSecret,
            Map<String, String> attributes,
            Map<String, String> customAttributes,
            List<Connection.GroupRole> groupRoles) {
        this(type, organizationId, name, saml, oidc, null, clientSecret, attributes, customAttributes, groupRoles);
    }

    private static NewConnection of(
            ConnectionType type,
            @Nullable String organizationId,
            String name,
            @Nullable SamlProvider saml,
            @Nullable OidcProvider oidc,
            @Nullable String secret) {
        return new NewConnection(type, organizationId, name, saml, oidc, secret, Map.of(), Map.of(), List.of());
    }

    /** An organization's SAML provider. */
    public static NewConnection saml(ConnectionType type, String organizationId, String name, SamlProvider provider) {
        return of(type, organizationId, name, provider, null, null);
    }

    /** An organization's OpenID provider. */
    public static NewConnection oidc(
            ConnectionType type, String organizationId, String name, OidcProvider provider, String clientSecret) {
        return of(type, organizationId, name, null, provider, clientSecret);
    }

    /** A provider that anybody may choose. */
    public static NewConnection social(ConnectionType type, String clientId, String clientSecret) {
        return of(type, null, type.title(), null, OidcProvider.social(clientId), clientSecret);
    }

    /** The provider of Gatehouse's own that vouches for whomever it is told. */
    public static NewConnection test(String organizationId, String name) {
        return of(ConnectionType.TEST_IDP, organizationId, name, null, null, null);
    }

    /**
     * An organization's provider that the application itself speaks to, by whatever protocol. People are sent to a path of the
     * application's, which proves them and says so to {@link Sso#vouch}.
     *
     * @param path below the origin, with the context path: {@code /pac4j/CasClient}
     */
    public static NewConnection external(String organizationId, String name, String path) {
        return new NewConnection(
                ConnectionType.EXTERNAL, organizationId, name, null, null, path, null, Map.of(), Map.of(), List.of());
    }

    private NewConnection with(
            @Nullable SamlProvider provider,
            Map<String, String> ofMembers,
            Map<String, String> ofNames,
            List<Connection.GroupRole> roles) {
        return new NewConnection(
                type, organizationId, name, provider, oidc, externalPath, clientSecret, ofMembers, ofNames, roles);
    }

    /** The same with a provider whose attributes have names of their own. */
    public NewConnection mapping(Map<String, String> ofMembers) {
        return with(saml, ofMembers, customAttributes, groupRoles);
    }

    /** The same with further attributes, for the application. */
    public NewConnection customAttributes(Map<String, String> ofNames) {
        return with(saml, attributes, ofNames, groupRoles);
    }

    /** The same, where members of a group get a role; the most important first. */
    public NewConnection groupRole(String group, String role) {
        List<Connection.GroupRole> more = new ArrayList<>(groupRoles);
        more.add(new Connection.GroupRole(group, role));
        return with(saml, attributes, customAttributes, more);
    }

    /** The same with another provider. */
    NewConnection with(SamlProvider provider) {
        return with(provider, attributes, customAttributes, groupRoles);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "NewConnection[" + type.wire() + ", " + name + "]";
    }
}
