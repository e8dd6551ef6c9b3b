package dev.gatehouse.events;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The names of all events of the contract, of which this release emits those of its features. */
public final class EventNames {
    private static final String FOR_WEBHOOKS = """
            agent.registration.claim.attempt.created agent.registration.claim.completed
            agent.registration.created agent.registration.credential.issued agent.registration.deleted
            agent.registration.expired agent.registration.organization.switched agent.registration.refreshed
            agent.registration.revoked
            api_key.created api_key.revoked api_key.updated
            authentication.email_verification_succeeded authentication.magic_auth_failed
            authentication.magic_auth_succeeded authentication.mfa_succeeded authentication.oauth_failed
            authentication.oauth_succeeded authentication.passkey_failed authentication.passkey_succeeded
            authentication.password_failed authentication.password_succeeded
            authentication.radar_risk_detected authentication.reauthentication_succeeded
            authentication.sso_failed authentication.sso_started authentication.sso_succeeded
            authentication.sso_timed_out
            connection.activated connection.deactivated connection.deleted
            connection.saml_certificate_renewal_required connection.saml_certificate_renewed
            dsync.activated dsync.deleted dsync.group.created dsync.group.deleted dsync.group.updated
            dsync.group.user_added dsync.group.user_removed dsync.user.created dsync.user.deleted
            dsync.user.updated
            email_verification.created
            flag.created flag.deleted flag.rule_updated flag.updated
            group.created group.deleted group.member_added group.member_removed group.updated
            invitation.accepted invitation.created invitation.resent invitation.revoked
            magic_auth.created
            organization.created organization.deleted organization.updated
            organization_domain.created organization_domain.deleted organization_domain.updated
            organization_domain.verification_failed organization_domain.verified
            organization_membership.created organization_membership.deleted organization_membership.updated
            organization_role.created organization_role.deleted organization_role.updated
            password_reset.created password_reset.succeeded
            permission.created permission.deleted permission.updated
            pipes.connected_account.connected pipes.connected_account.connection_failed
            pipes.connected_account.disconnected pipes.connected_account.reauthorization_needed
            radar.challenge_created
            role.created role.deleted role.updated
            session.created session.revoked
            user.created user.deleted user.updated
            waitlist_user.approved waitlist_user.created waitlist_user.denied
            """;

    private static final String FOR_READERS = """
            action.authentication.denied action.user_registration.denied
            authentication.email_verification_failed authentication.mfa_failed
            dsync.token.created dsync.token.revoked
            vault.byok_key.deleted vault.byok_key.verification_completed vault.data.created
            vault.data.deleted vault.data.read vault.data.updated vault.dek.decrypted vault.dek.read
            vault.kek.created vault.kek.deleted vault.metadata.read vault.names.listed
            """;

    /** Names that a webhook endpoint may subscribe to. */
    public static final Set<String> SUBSCRIBABLE = words(FOR_WEBHOOKS);

    /** All names: those, and the ones that only readers of the Events API see. */
    public static final Set<String> ALL = words(FOR_WEBHOOKS + FOR_READERS);

    private EventNames() {}

    private static Set<String> words(String text) {
        return Collections.unmodifiableSet(new TreeSet<>(List.of(text.strip().split("\\s+"))));
    }
}
