package dev.gatehouse.sso;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.sso.oidc.Metadata;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What is known beforehand of providers: one row each. */
final class Presets {
    /**
     * A provider.
     *
     * @param issuer of an OpenID provider; null for OAuth 2.0 alone
     * @param endpoints of an OAuth 2.0 provider; null for OpenID Connect, which tells them
     * @param scopes asked for where the connection names none
     * @param formPost whether it answers by a form alone
     * @param claims member of a profile to its claim, a path with {@code /}; what it lacks is as in OpenID Connect
     * @param vouches whether its word is proof of the mailbox, given the claims
     * @param emails address of a list of mailboxes, for who does not show them otherwise; null for none
     */
    record Preset(
            @Nullable String issuer,
            @Nullable Metadata endpoints,
            List<String> scopes,
            boolean formPost,
            Map<String, String> claims,
            Predicate<JsonNode> vouches,
            @Nullable String emails) {}

    private static final List<String> OPENID = List.of("openid", "email", "profile");
    /** Claims of OpenID Connect (OpenID Connect Core §5.1), and groups as most providers call them. */
    static final Map<String, String> USUAL = Map.of(
            "id",
            "sub",
            "email",
            "email",
            "first_name",
            "given_name",
            "last_name",
            "family_name",
            "name",
            "name",
            "groups",
            "groups");

    private final Map<ConnectionType, Preset> rows = new EnumMap<>(ConnectionType.class);

    Presets() {
        // Google gives out these mailboxes itself; of others it only knew the owner once
        openid(
                ConnectionType.GOOGLE_OAUTH,
                "https://accounts.google.com",
                claims -> verified(claims) && (claims.has("hd") || email(claims).endsWith("@gmail.com")));
        // anybody's tenant may say anything of an address, unless it is said to own the domain (ATTACKS O11)
        openid(
                ConnectionType.MICROSOFT_OAUTH,
                "https://login.microsoftonline.com/common/v2.0",
                claims -> claims.path("xms_edov").asBoolean());
        rows.put(
                ConnectionType.APPLE_OAUTH,
                new Preset(
                        "https://appleid.apple.com",
                        null,
                        List.of("openid", "email", "name"),
                        true,
                        USUAL,
                        // Apple writes the boolean as a text, and verifies every address
                        claims -> claims.path("email_verified").asText().equals("true"),
                        null));
        openid(ConnectionType.GITLAB_OAUTH, "https://gitlab.com", Presets::verified);
        openid(ConnectionType.LINKEDIN_OAUTH, "https://www.linkedin.com/oauth", Presets::verified);
        openid(ConnectionType.SLACK_OAUTH, "https://slack.com", claims -> false);
        openid(ConnectionType.SALESFORCE_OAUTH, "https://login.salesforce.com", claims -> false);
        openid(ConnectionType.VERCEL_OAUTH, "https://vercel.com", Presets::verified);
        openid(ConnectionType.XERO_OAUTH, "https://identity.xero.com", claims -> false);
        oauth(
                ConnectionType.GITHUB_OAUTH,
                endpoints(
                        "https://github.com",
                        "https://github.com/login/oauth/authorize",
                        "https://github.com/login/oauth/access_token",
                        "https://api.github.com/user"),
                List.of("read:user", "user:email"),
                Map.of("id", "id", "email", "primary_email", "name", "name"),
                claims -> claims.path("primary_email_verified").asBoolean(),
                "https://api.github.com/user/emails");
        oauth(
                ConnectionType.BITBUCKET_OAUTH,
                endpoints(
                        "https://bitbucket.org",
                        "https://bitbucket.org/site/oauth2/authorize",
                        "https://bitbucket.org/site/oauth2/access_token",
                        "https://api.bitbucket.org/2.0/user"),
                List.of("account", "email"),
                Map.of("id", "account_id", "email", "primary_email", "name", "display_name"),
                claims -> claims.path("primary_email_verified").asBoolean(),
                "https://api.bitbucket.org/2.0/user/emails");
        oauth(
                ConnectionType.DISCORD_OAUTH,
                endpoints(
                        "https://discord.com",
                        "https://discord.com/oauth2/authorize",
                        "https://discord.com/api/oauth2/token",
                        "https://discord.com/api/users/@me"),
                List.of("identify", "email"),
                Map.of("id", "id", "email", "email", "name", "global_name"),
                claims -> false,
                null);
        oauth(
                ConnectionType.INTUIT_OAUTH,
                endpoints(
                        "https://oauth.platform.intuit.com/op/v1",
                        "https://appcenter.intuit.com/connect/oauth2",
                        "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer",
                        "https://accounts.platform.intuit.com/v1/openid_connect/userinfo"),
                OPENID,
                Map.of("id", "sub", "email", "email", "first_name", "givenName", "last_name", "familyName"),
                claims -> false,
                null);
        oauth(
                ConnectionType.X_OAUTH,
                endpoints(
                        "https://x.com",
                        "https://x.com/i/oauth2/authorize",
                        "https://api.x.com/2/oauth2/token",
                        "https://api.x.com/2/users/me?user.fields=confirmed_email"),
                List.of("users.read", "tweet.read", "users.email"),
                Map.of("id", "data/id", "email", "data/confirmed_email", "name", "data/name"),
                claims -> false,
                null);
        // an organization's own provider: whose domain the address has, decides
        openid(ConnectionType.GOOGLE_OIDC, "https://accounts.google.com", claims -> false);
        openid(ConnectionType.ENTRA_ID_OIDC, null, claims -> false);
        openid(ConnectionType.LOGIN_GOV_OIDC, "https://secure.login.gov/", claims -> false);
        openid(ConnectionType.CLEVER_OIDC, "https://clever.com", claims -> false);
        openid(ConnectionType.ADP_OIDC, null, claims -> false);
        openid(ConnectionType.OKTA_OIDC, null, claims -> false);
        openid(ConnectionType.GENERIC_OIDC, null, claims -> false);
    }

    private static boolean verified(JsonNode claims) {
        // "true" is no true (ATTACKS O10)
        return claims.path("email_verified").isBoolean()
                && claims.path("email_verified").booleanValue();
    }

    private static String email(JsonNode claims) {
        return claims.path("email").asText();
    }

    private static Metadata endpoints(String issuer, String authorize, String token, String userinfo) {
        return new Metadata(issuer, authorize, token, null, userinfo, null, false);
    }

    private void openid(ConnectionType type, @Nullable String issuer, Predicate<JsonNode> vouches) {
        rows.put(type, new Preset(issuer, null, OPENID, false, USUAL, vouches, null));
    }

    private void oauth(
            ConnectionType type,
            Metadata endpoints,
            List<String> scopes,
            Map<String, String> claims,
            Predicate<JsonNode> vouches,
            @Nullable String emails) {
        rows.put(type, new Preset(null, endpoints, scopes, false, claims, vouches, emails));
    }

    /** The row of a type that is spoken to by OpenID Connect or OAuth 2.0. */
    Preset of(ConnectionType type) {
        Preset preset = rows.get(type);
        if (preset == null) {
            throw new IllegalArgumentException(type + " has no row");
        }
        return preset;
    }
}
