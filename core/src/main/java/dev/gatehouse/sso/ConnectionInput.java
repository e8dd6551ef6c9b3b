package dev.gatehouse.sso;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Limit;
import dev.gatehouse.engine.OneOf;
import dev.gatehouse.engine.Required;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A connection as it is made and changed over REST. */
record ConnectionInput(
        @Required String connectionType,
        @Nullable String organizationId,
        @Limit(200) @Nullable String name,
        @Nullable SamlIn saml,
        @Nullable OidcIn oidc,
        @Limit(500) @Nullable String externalPath,
        @Nullable Map<String, String> attributes,
        @Nullable Map<String, String> customAttributes,
        @Nullable List<GroupRoleIn> groupRoles) {

    record SamlIn(
            @Limit(1_000) @Nullable String entityId,
            @Limit(2_000) @Nullable String ssoUrl,
            @Limit(2_000) @Nullable String sloUrl,
            @Nullable List<String> certificates,
            @Limit(2_000) @Nullable String metadataUrl,
            @Limit(500_000) @Nullable String metadataXml,
            @OneOf({"redirect", "post"}) @Nullable String requestBinding,
            @Nullable Boolean signRequests,
            @Limit(200) @Nullable String nameIdFormat,
            @Limit(500) @Nullable String authnContext,
            @Nullable Boolean forceAuthn,
            @Nullable Boolean idpInitiated,
            @Nullable List<String> allow) {
        SamlProvider provider() {
            return new SamlProvider(
                    entityId,
                    ssoUrl,
                    sloUrl,
                    orEmpty(certificates),
                    metadataUrl,
                    "post".equals(requestBinding)
                            ? SamlProvider.RequestBinding.POST
                            : SamlProvider.RequestBinding.REDIRECT,
                    Boolean.TRUE.equals(signRequests),
                    nameIdFormat,
                    authnContext,
                    Boolean.TRUE.equals(forceAuthn),
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
                externalPath,
                oidc == null ? null : oidc.clientSecret,
                attributes == null ? Map.of() : attributes,
                customAttributes == null ? Map.of() : customAttributes,
                orEmpty(groupRoles).stream()
                        .map(g -> new Connection.GroupRole(g.group, g.role))
                        .toList());
    }

    private static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }
}
