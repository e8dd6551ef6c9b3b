package dev.gatehouse.contract;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.engine.Route;
import java.util.Map;

/** What the printed API documents say where a name does not say enough. */
final class Words {
    /** Summaries of operations whose verb and path make no phrase. */
    static final Map<String, String> SUMMARIES = Map.ofEntries(
            Map.entry("POST /auth/factors/enroll", "Enroll an authentication factor"),
            Map.entry("POST /auth/factors/{id}/challenge", "Challenge an authentication factor"),
            Map.entry("POST /auth/challenges/{id}/verify", "Answer a challenge"),
            Map.entry("POST /auth/challenges/verify", "Answer a challenge named in the body"),
            Map.entry("GET /user_management/users/{id}/identities", "List identities of a user"),
            Map.entry("POST /user_management/magic_auth", "Send a magic code"),
            Map.entry("GET /user_management/magic_auth/{id}", "Read a magic code"),
            Map.entry("GET /user_management/email_verification/{id}", "Read an email verification"),
            Map.entry("POST /user_management/users/{id}/email_verification/send", "Send a verification code to a user"),
            Map.entry("POST /user_management/users/{id}/email_verification/confirm", "Verify the address of a user"),
            Map.entry("POST /user_management/users/{id}/email_change/send", "Send a code to a new address of a user"),
            Map.entry("POST /user_management/users/{id}/email_change/confirm", "Confirm a new address of a user"),
            Map.entry("POST /user_management/password_reset", "Create a password reset"),
            Map.entry("GET /user_management/password_reset/{id}", "Read a password reset"),
            Map.entry("POST /user_management/password_reset/confirm", "Set a password with a reset token"),
            Map.entry("POST /user_management/authorize/device", "Authorize a device"),
            Map.entry("POST /user_management/users/{id}/auth_factors", "Enroll an authentication factor of a user"),
            Map.entry("POST /user_management/users/{id}/recovery_codes", "Replace recovery codes of a user"),
            Map.entry("POST /user_management/sessions/revoke", "Revoke a session"),
            Map.entry("POST /user_management/authenticate", "Authenticate"),
            Map.entry("POST /magic_auth/verify_code", "Authenticate with a magic code"),
            Map.entry("GET /user_management/authorize", "Begin a sign-in"),
            Map.entry("GET /user_management/sessions/logout", "Sign out"),
            Map.entry("GET /sso/jwks/{clientId}", "List signing keys"),
            Map.entry("GET /authorization/roles", "List roles"),
            Map.entry("PUT /authorization/roles/{slug}/permissions", "Set permissions of a role"),
            Map.entry("POST /authorization/roles/{slug}/permissions", "Add a permission to a role"),
            Map.entry("GET /authorization/organizations/{organizationId}/roles", "List roles of an organization"),
            Map.entry(
                    "PUT /authorization/organizations/{organizationId}/roles/{slug}/permissions",
                    "Set permissions of a role of an organization"),
            Map.entry(
                    "POST /authorization/organizations/{organizationId}/roles/{slug}/permissions",
                    "Add a permission to a role of an organization"),
            Map.entry(
                    "DELETE /authorization/organizations/{organizationId}/roles/{slug}/permissions/{permissionSlug}",
                    "Remove a permission from a role of an organization"),
            Map.entry("DELETE /authorization/resources/{resource_id}", "Delete a resource"),
            Map.entry(
                    "DELETE /authorization/organizations/{organization_id}/resources/{resource_type_slug}/{external_id}",
                    "Delete a resource by external id of an organization"),
            Map.entry(
                    "POST /authorization/organization_memberships/{organization_membership_id}/check",
                    "Check a permission of an organization membership"),
            Map.entry(
                    "DELETE /authorization/organization_memberships/{organization_membership_id}/role_assignments",
                    "Remove a role from an organization membership"),
            Map.entry("PUT /authorization/groups/{group_id}/role_assignments", "Replace role assignments of a group"),
            Map.entry("DELETE /authorization/groups/{group_id}/role_assignments", "Remove a role from a group"),
            Map.entry("POST /organizations/{organizationId}/api_keys", "Create an API key of an organization"),
            Map.entry("POST /user_management/users/{userId}/api_keys", "Create an API key of a user"),
            Map.entry("POST /api_keys/validations", "Validate an API key"),
            Map.entry("POST /api_keys/{id}/expire", "Expire an API key"),
            Map.entry("GET /user_management/invitations/by_token/{token}", "Read an invitation by token"),
            Map.entry("POST /user_management/invitations/{id}/resend", "Resend an invitation"),
            Map.entry("POST /feature_flags/{slug}/targets", "Add a target named in the body to a feature flag"),
            Map.entry("POST /organization_domains/{id}/verify", "Verify an organization domain"),
            Map.entry("POST /organization_domains/verify", "Verify an organization domain named in the body"),
            Map.entry("GET /sso/authorize", "Sign in through a connection"),
            Map.entry("POST /sso/token", "Exchange a code for a profile"),
            Map.entry("GET /sso/profile", "Read the profile of an access token"),
            Map.entry("POST /sso/logout/authorize", "Ask to sign out at the provider"),
            Map.entry("GET /sso/logout", "Sign out at the provider"),
            Map.entry("POST /connections/{id}/activate", "Activate a connection"),
            Map.entry("POST /connections/{id}/deactivate", "Deactivate a connection"),
            Map.entry("POST /connections/{id}/rotate_keys", "Make a new key pair of a connection"),
            Map.entry("POST /connections/{id}/test_sign_in", "Make an address to try a connection at"),
            Map.entry("GET /connections/{id}/addresses", "Read the addresses of a connection"),
            Map.entry("GET /connections/{id}/attempts", "List tries to sign in through a connection"),
            Map.entry("POST /webhook_endpoints/{id}/rotate_secret", "Rotate the secret of a webhook endpoint"),
            Map.entry("GET /webhook_endpoints/{id}/health", "Read the health of a webhook endpoint"),
            Map.entry("POST /webhook_endpoints/{id}/replay", "Send events to a webhook endpoint once more"),
            Map.entry("GET /sdk/feature-flags", "Poll feature flags"));

    private static final Map<String, String> PARAMETERS = Map.ofEntries(
            Map.entry("limit", "Most elements of a page."),
            Map.entry("order", "By age; `normal` is newest first with `before` and `after` swapped."),
            Map.entry("after", "The page that follows the element with this id."),
            Map.entry("before", "The page that precedes the element with this id."),
            Map.entry("search", "Part of a name, in any case."),
            Map.entry("domains", "Several: repeated, or with commas."),
            Map.entry("statuses", "Several: repeated, or with commas."),
            Map.entry("event_types", "The same as `events`."),
            Map.entry("events", "Event types. Several: repeated, or with commas."),
            Map.entry("organization", "The same as `organization_id`."),
            Map.entry("cascade_delete", "`true` deletes what lies below it too."),
            Map.entry("assignment", "`direct` for roles on the resource itself, `indirect` for inherited ones too."),
            Map.entry("range_start", "Not before this moment (ISO 8601)."),
            Map.entry("range_end", "Before this moment (ISO 8601)."));

    private static final Map<String, String> MEMBERS = Map.ofEntries(
            Map.entry("object", "The kind of resource."),
            Map.entry("external_id", "The application's own identifier."),
            Map.entry("metadata", "Texts of the application's; in a change, null removes one."),
            Map.entry("pending_authentication_token", "Continues a sign-in that was asked for more."),
            Map.entry("password_hash", "A hash from another system, in its own format."),
            Map.entry("obfuscated_value", "Enough to tell keys apart."),
            Map.entry("expires_in", "Seconds."),
            Map.entry("since", "Everything that happened from this moment on (ISO 8601)."),
            Map.entry("interval", "Seconds to wait between two polls."),
            Map.entry("qr_code", "A PNG as a data URI."),
            Map.entry("signals_id", "Accepted and not used."));

    private static final Map<Integer, String> REFUSALS = Map.of(
            400, "The request cannot be read, or not be granted.",
            401, "No API key, or not a valid one.",
            403, "The API key may not do this, or the sign-in needs another step, which `code` names.",
            409, "It conflicts with what is there.",
            404, "There is no such resource in this environment.",
            422, "Something in the request is invalid; `errors` says everything that is.",
            429, "Too many requests; `Retry-After` says how many seconds to wait.");

    private Words() {}

    static String parameter(String name) {
        return PARAMETERS.getOrDefault(name, MEMBERS.getOrDefault(name, ""));
    }

    static String member(String name) {
        return MEMBERS.getOrDefault(name, "");
    }

    /** The schema of a query parameter that rows know only by name. */
    static ObjectNode query(String name) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        switch (name) {
            case "limit" ->
                schema.put("type", "integer")
                        .put("minimum", 1)
                        .put("maximum", 100)
                        .put("default", 10);
            case "order" ->
                schema.put("type", "string")
                        .putArray("enum")
                        .add("asc")
                        .add("desc")
                        .add("normal");
            default -> schema.put("type", "string");
        }
        return schema;
    }

    static String success(Route route) {
        if (route.output() == null) {
            return "Done.";
        }
        return switch (route.verb()) {
            case LIST -> "A page.";
            case CREATE -> "Created.";
            default -> route.method().equals("GET") ? "Found." : "Done.";
        };
    }

    static String refusal(int status) {
        return REFUSALS.getOrDefault(status, "Refused.");
    }
}
