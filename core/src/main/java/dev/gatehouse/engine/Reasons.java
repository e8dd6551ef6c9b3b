package dev.gatehouse.engine;

import java.util.Collections;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The closed vocabulary of reasons. A code that is not here is told as {@code other}, so that no text from outside can ever
 * become a tag; a test compares the words with the codes that the sources hold.
 */
public final class Reasons {
    /** Nothing was refused. */
    public static final String NONE = "none";

    /** For what has no word here. */
    public static final String OTHER = "other";

    /** Error codes of the contract, and of sign-ins through connections. */
    private static final String CODES = """
            access_denied ambiguous_connection_selector api_key_already_expired api_key_taken
            authentication_challenge_expired authentication_challenge_previously_verified
            authentication_method_not_allowed authorization_pending
            authorization_resource_external_id_conflict bad_request
            cannot_deactivate_pending_organization_membership
            cannot_reactivate_pending_organization_membership client_id_taken
            code_challenge_not_found conflict connection_already_exists connection_incomplete
            connection_invalid connection_strategy_invalid connection_unlinked domain_already_exists
            domain_already_verified domain_connection_selector_not_allowed duplicate_cors_origin
            duplicate_endpoint duplicate_group_role_assignment duplicate_role_assignment
            email_already_invited email_already_invited_to_organization
            email_already_verified email_change_code_expired email_change_code_incorrect
            email_change_code_previously_used email_change_not_needed email_change_too_many_attempts
            email_not_available email_password_auth_disabled email_previously_verified
            email_verification_code_expired email_verification_code_incorrect
            email_verification_code_previously_used email_verification_required entity_not_found
            environment_exists expired_token expires_in_days_too_long expires_in_days_too_short
            external_id_already_used feature_flag_slug_conflict forbidden
            group_membership_limit_exceeded id_already_used idempotency_key_in_use
            idp_initiated_sso_disabled impersonation_not_allowed internal_error invalid_client
            invalid_connection_selector invalid_credentials invalid_cursor invalid_email
            invalid_grant invalid_idempotency_key invalid_invite invalid_locale invalid_metadata
            invalid_one_time_code invalid_organization_id invalid_passkey invalid_password_hash
            invalid_pending_authentication_token invalid_request invalid_request_parameters
            invalid_resource_id_format invalid_return_to invalid_role invalid_url
            invitation_cannot_be_used_for_email invitation_invalid invite_accepted invite_expired
            invite_has_accepted_user_id invite_not_pending invite_revoked last_passkey
            malformed_body message_used metadata_unreadable method_not_allowed mfa_challenge
            mfa_enrollment missing_organization_id_or_resource_type_slug
            missing_user_id_or_organization_id multiple_roles_not_enabled no_keys
            no_pending_email_change oauth_failed one_time_code_expired one_time_code_previously_used
            one_time_code_too_many_attempts organization_authentication_methods_required
            organization_invalid organization_membership_already_exists
            organization_membership_not_found organization_membership_required
            organization_role_slug_conflict
            organization_selection_required passkey_already_registered passkey_challenge_expired
            passkey_challenge_previously_used password_and_password_hash_provided
            password_and_password_hash_type_provided password_reset_error
            password_salt_position_requires_password_hash password_strength_error
            permission_slug_conflict profile_not_allowed_outside_organization rate_limit_exceeded
            request_too_large resource_has_dependents resource_type_conflict role_has_assignments
            role_has_group_role_mappings role_slug_conflict root_key_check_exists saml_unavailable
            server_error
            sign_up_not_allowed signin_consent_denied slow_down sso_required sso_timed_out
            stripe_customer_id_already_used sub_resource_scoped_role_not_allowed subscriber_exists
            system_permission token_too_big too_many_passkeys unauthorized unavailable
            unknown_passkey unsupported_grant_type unsupported_media_type uri_invalid uri_taken
            user_already_exists user_already_organization_member user_creation_error
            """;

    /** Codes of the servlet filter. */
    private static final String FILTER = """
            ambiguous_path https_required not_signed_in organization_required request_timeout
            role_required
            """;

    /** What the hosted pages say is wrong: their texts are {@code error.…}. */
    private static final String PAGES = """
            app_code_expired app_code_too_many app_code_used app_code_wrong busy code_expired
            code_too_many code_used code_wrong credentials current_password device_code device_ended
            email email_unavailable ended failed form impersonating invitation_email
            invitation_ended link_ended method no_sign_up not_found other_site passkey_expired
            passkey_known passkey_last passkey_name passkey_none passkey_not_added passkey_refused
            passkey_script passkey_too_many passkey_unknown password_contains_personal_data
            password_too_common password_too_long password_too_short password_too_weak
            password_unreadable recovery_code_too_many recovery_code_wrong same_email
            sso_access_denied sso_connection_invalid sso_connection_unlinked sso_failed
            sso_idp_initiated_sso_disabled sso_profile_not_allowed_outside_organization
            sso_sign_up_not_allowed sso_signin_consent_denied state_too_long taken too_large
            too_many unknown_client unknown_redirect_uri
            """;

    /** Why something was not delivered. */
    private static final String DELIVERY = """
            address_refused answered_3xx answered_4xx answered_5xx event_expired not_accepted
            not_reached refused_for_good timed_out tls_failed too_late
            """;

    /** Where the contract has a status and no code. */
    private static final String STATUSES = """
            gone too_many_requests unprocessable_entity
            """;

    private static final SortedSet<String> ALL = all();

    private Reasons() {}

    private static SortedSet<String> all() {
        SortedSet<String> all = new TreeSet<>();
        for (String words : new String[] {CODES, FILTER, PAGES, DELIVERY, STATUSES, NONE + " " + OTHER}) {
            Collections.addAll(all, words.strip().split("\\s+"));
        }
        return Collections.unmodifiableSortedSet(all);
    }

    /** Every word that a tag {@code reason} may have. */
    public static SortedSet<String> words() {
        return ALL;
    }

    /** The code itself, if it is a word of the vocabulary; the contract writes one with a capital. */
    public static String of(String code) {
        String word = code.toLowerCase(Locale.ROOT);
        return ALL.contains(word) ? word : OTHER;
    }

    /** As the other; where there is no code, a word for the HTTP status. */
    public static String of(String code, int status) {
        if (!code.isEmpty()) {
            return of(code);
        }
        return switch (status) {
            case 400 -> "bad_request";
            case 401 -> "unauthorized";
            case 403 -> "forbidden";
            case 404 -> "not_found";
            case 405 -> "method_not_allowed";
            case 409 -> "conflict";
            case 410 -> "gone";
            case 413 -> "request_too_large";
            case 415 -> "unsupported_media_type";
            case 422 -> "unprocessable_entity";
            case 429 -> "too_many_requests";
            case 503 -> "unavailable";
            default -> status >= 500 ? "internal_error" : OTHER;
        };
    }
}
