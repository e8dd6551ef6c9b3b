package dev.gatehouse.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.workos.common.exceptions.WorkOSException;
import com.workos.common.http.Page;
import com.workos.models.AuthenticateResponse;
import com.workos.models.AuthenticationChallenge;
import com.workos.models.Invitation;
import com.workos.models.MagicAuthSendMagicAuthCodeAndReturnResponse;
import com.workos.models.Organization;
import com.workos.models.OrganizationDomain;
import com.workos.models.OrganizationDomainData;
import com.workos.models.OrganizationMembership;
import com.workos.models.Permission;
import com.workos.models.UserCreateResponse;
import com.workos.organizationmembership.CreateUserRole;
import com.workos.types.AuthenticationFactorsCreateRequestType;
import com.workos.types.CreateUserInviteOptionsLocale;
import com.workos.types.InvitationState;
import com.workos.types.OrganizationDomainDataState;
import com.workos.types.OrganizationDomainState;
import com.workos.types.OrganizationDomainVerificationStrategy;
import com.workos.types.OrganizationMembershipStatus;
import com.workos.types.PaginationOrder;
import com.workos.usermanagement.CreateUserPassword;
import com.workos.usermanagement.UserManagement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** People, organizations and how they sign in, through the official JVM SDK. */
class JvmSdkTest extends JvmSdk {
    @Test
    void users() {
        UserManagement users = workos.getUserManagement();
        UserCreateResponse ada = users.create(
                new CreateUserPassword.Plaintext(PASSWORD),
                "ada@example.com",
                "Ada",
                null,
                null,
                true,
                Map.of("plan", "pro"),
                "x-ada");
        assertThat(users.get(ada.getId()).getMetadata()).containsExactly(Map.entry("plan", "pro"));
        assertThat(users.getByExternalId("x-ada").getId()).isEqualTo(ada.getId());
        assertThat(users.update(ada.getId(), null, null, null, "Lovelace").getLastName())
                .isEqualTo("Lovelace");
        assertThat(users.list(null, null, null, null, null, null, "ADA@example.com").data)
                .singleElement()
                .satisfies(found -> assertThat(found.getId()).isEqualTo(ada.getId()));
        assertThat(users.getIdentities(ada.getId())).isEmpty();
        WorkOSException taken = refused(() -> create("ada@example.com", false), 400);
        assertThat(taken.errors)
                .singleElement()
                .satisfies(error -> assertThat(error.code).isEqualTo("email_not_available"));
        refused(() -> users.get("user_01JZZZZZZZZZZZZZZZZZZZZZZZ"), 404);

        AuthenticateResponse in = users.authenticateWithPassword("ada@example.com", PASSWORD);
        assertThat(users.authenticateWithRefreshToken(in.getRefreshToken())
                        .getUser()
                        .getId())
                .isEqualTo(ada.getId());
        refused(() -> users.authenticateWithPassword("ada@example.com", "wrong"), 400);
        String session = users.listSessions(ada.getId()).data.get(0).getId();
        users.revokeSession(session);
        refused(() -> users.authenticateWithRefreshToken(in.getRefreshToken()), 400);

        assertThat(users.resetPassword("ada@example.com")).satisfies(reset -> {
            assertThat(users.getPasswordReset(reset.getId()).getEmail()).isEqualTo("ada@example.com");
            refused(() -> users.confirmPasswordReset(reset.getPasswordResetToken(), "short"), 400);
            assertThat(users.confirmPasswordReset(reset.getPasswordResetToken(), "violet-lamp-paperclip-42")
                            .getUser()
                            .getId())
                    .isEqualTo(ada.getId());
        });
        assertThat(users.sendEmailChange(ada.getId(), "lovelace@example.com").getNewEmail())
                .isEqualTo("lovelace@example.com");
        refused(() -> users.confirmEmailChange(ada.getId(), "abcdef"), 400);
        assertThat(users.createDevice(RunningSample.CLIENT).getUserCode()).isNotBlank();
        assertThat(users.getJwks(RunningSample.CLIENT).getKeys()).isNotEmpty();
        users.createRedirectUri("https://app.example.com/jvm"); // the first is the default, which stays
        String uri = users.createRedirectUri("https://app.example.com/spare").getId();
        assertThat(users.listRedirectUris().data).anyMatch(one -> one.getId().equals(uri));
        users.deleteRedirectUris(uri);
        users.createCorsOrigin("https://jvm.example.com");
        assertThat(users.listCorsOrigins().data).anyMatch(one -> one.getOrigin().equals("https://jvm.example.com"));
        refused(() -> users.listJWTTemplate(), 404);
        String template = "{\"plan\": {{ user.metadata.plan }}}";
        assertThat(users.updateJWTTemplate(template).getContent()).isEqualTo(template);
        assertThat(users.listJWTTemplate().getContent()).isEqualTo(template);

        users.delete(ada.getId());
        refused(() -> users.get(ada.getId()), 404);
    }

    @Test
    void mailedCodes() {
        UserManagement users = workos.getUserManagement();
        String grace = "grace@example.com";
        String id = create(grace, false).getId();
        WorkOSException gate = refused(() -> users.authenticateWithPassword(grace, PASSWORD), 403);
        assertThat(gate.code).isEqualTo("email_verification_required");
        String verification = member(gate, "email_verification_id");
        AuthenticateResponse verified = users.authenticateWithEmailVerification(
                users.getEmailVerification(verification).getCode(), member(gate, "pending_authentication_token"));
        assertThat(verified.getUser().getEmailVerified()).isTrue();

        MagicAuthSendMagicAuthCodeAndReturnResponse magic = users.createMagicAuth(grace);
        assertThat(users.getMagicAuth(magic.getId()).getCode()).isEqualTo(magic.getCode());
        assertThat(users.authenticateWithMagicAuth(magic.getCode(), grace)
                        .getUser()
                        .getId())
                .isEqualTo(id);
        refused(() -> users.authenticateWithMagicAuth(magic.getCode(), grace), 400);

        String heidi = create("heidi@example.com", false).getId();
        assertThat(users.sendVerificationEmail(heidi).getUser().getEmailVerified())
                .isFalse();
        WorkOSException waits = refused(() -> users.authenticateWithPassword("heidi@example.com", PASSWORD), 403);
        String code = users.getEmailVerification(member(waits, "email_verification_id"))
                .getCode();
        assertThat(users.verifyEmail(heidi, code).getUser().getEmailVerified()).isTrue();
    }

    @Test
    void secondFactors() throws Exception {
        var mfa = workos.getMultiFactorAuth();
        var factor = mfa.enrollFactor(AuthenticationFactorsCreateRequestType.Totp, null, "Acme", "mallory@example.com");
        assertThat(factor.getTotp().getQrCode()).startsWith("data:image/png;base64,");
        AuthenticationChallenge asked = mfa.challengeFactor(factor.getId());
        String code = Totp.code(factor.getTotp().getSecret(), 0);
        String wrong = code.equals("000000") ? "000001" : "000000";
        assertThat(mfa.verifyChallenge(asked.getId(), code).getValid()).isTrue();
        refused(() -> mfa.verifyChallenge(asked.getId(), code), 422);
        assertThat(mfa.verifyChallenge(mfa.challengeFactor(factor.getId()).getId(), wrong)
                        .getValid())
                .isFalse();
        assertThat(mfa.getFactor(factor.getId()).getTotp().getIssuer()).isEqualTo("Acme");
        mfa.deleteFactor(factor.getId());
        refused(() -> mfa.getFactor(factor.getId()), 404);

        String trent = create("trent@example.com", true).getId();
        var own = mfa.createUserAuthFactor(trent, "totp");
        String secret = own.getAuthenticationFactor().getTotp().getSecret();
        assertThat(mfa.verifyChallenge(own.getAuthenticationChallenge().getId(), Totp.code(secret, 0))
                        .getValid())
                .isTrue();
        assertThat(mfa.listUserAuthFactors(trent).data).hasSize(1);
        UserManagement users = workos.getUserManagement();
        WorkOSException second = refused(() -> users.authenticateWithPassword("trent@example.com", PASSWORD), 403);
        assertThat(second.code).isEqualTo("mfa_challenge");
        AuthenticationChallenge challenge =
                mfa.challengeFactor(own.getAuthenticationFactor().getId());
        assertThat(users.authenticateWithTotp(
                                Totp.code(secret, 30),
                                member(second, "pending_authentication_token"),
                                challenge.getId())
                        .getUser()
                        .getId())
                .isEqualTo(trent);
    }

    @Test
    void organizationsAndInvitations() {
        var organizations = workos.getOrganizations();
        Organization acme = organizations.create(
                "Acme",
                null,
                null,
                List.of(new OrganizationDomainData("acme.example", OrganizationDomainDataState.Verified)),
                Map.of("tier", "1"),
                "x-acme");
        assertThat(organizations.get(acme.getId()).getDomains()).hasSize(1);
        assertThat(organizations.getByExternalId("x-acme").getId()).isEqualTo(acme.getId());
        assertThat(organizations.update(acme.getId(), "Acme II").getName()).isEqualTo("Acme II");
        assertThat(organizations.list(null, null, null, null, List.of("acme.example")).data)
                .hasSize(1);

        var memberships = workos.getOrganizationMembership();
        String alan = create("alan@example.com", true).getId();
        OrganizationMembership membership = memberships.create(new CreateUserRole.Single("admin"), alan, acme.getId());
        assertThat(memberships.get(membership.getId()).getRole().getSlug()).isEqualTo("admin");
        assertThat(memberships
                        .update(membership.getId(), new CreateUserRole.Single("member"))
                        .getRole()
                        .getSlug())
                .isEqualTo("member");
        assertThat(memberships.deactivate(membership.getId()).getStatus())
                .isEqualTo(OrganizationMembershipStatus.Inactive);
        memberships.reactivate(membership.getId());
        assertThat(memberships.list(
                                null,
                                null,
                                null,
                                null,
                                acme.getId(),
                                List.of(OrganizationMembershipStatus.Active, OrganizationMembershipStatus.Pending))
                        .data)
                .hasSize(1);
        UserManagement users = workos.getUserManagement();
        Organization other = organizations.create("Other");
        memberships.create(alan, other.getId());
        WorkOSException choose = refused(() -> users.authenticateWithPassword("alan@example.com", PASSWORD), 403);
        assertThat(users.authenticateWithOrganizationSelection(
                                member(choose, "pending_authentication_token"), other.getId())
                        .getOrganizationId())
                .isEqualTo(other.getId());

        Invitation sent = users.sendInvitation(
                "guest@example.com", acme.getId(), "admin", 3L, alan, CreateUserInviteOptionsLocale.De);
        assertThat(users.findInvitationByToken(sent.getToken()).getId()).isEqualTo(sent.getId());
        assertThat(users.listInvitations(null, null, null, null, acme.getId()).data)
                .hasSize(1);
        assertThat(users.resendInvitation(sent.getId()).getState()).isEqualTo(InvitationState.Pending);
        String guest = create("guest@example.com", true).getId();
        assertThat(users.acceptInvitation(sent.getId()).getAcceptedUserId()).isEqualTo(guest);
        assertThat(users.getInvitation(sent.getId()).getState()).isEqualTo(InvitationState.Accepted);
        refused(() -> users.acceptInvitation(sent.getId()), 400);
        String late = users.sendInvitation("late@example.com").getId();
        assertThat(users.revokeInvitation(late).getState()).isEqualTo(InvitationState.Revoked);
        memberships.delete(membership.getId());
        organizations.delete(acme.getId());
        refused(() -> organizations.get(acme.getId()), 404);
    }

    @Test
    void domains() {
        var organizations = workos.getOrganizations();
        var domains = workos.getOrganizationDomains();
        String owner = organizations
                .create(
                        "Owner",
                        null,
                        null,
                        List.of(new OrganizationDomainData("owner.example", OrganizationDomainDataState.Verified)),
                        null,
                        null)
                .getId();
        OrganizationDomain own = organizations.get(owner).getDomains().get(0);
        assertThat(own.getState()).isEqualTo(OrganizationDomainState.Verified);
        assertThat(own.getVerificationStrategy()).isEqualTo(OrganizationDomainVerificationStrategy.Manual);
        assertThat(refused(() -> domains.verify(own.getId()), 400).code).isEqualTo("domain_already_verified");

        String rival = organizations.create("Rival").getId();
        assertThat(refused(() -> domains.create("owner.example", rival), 409).code)
                .isEqualTo("domain_already_exists");
        OrganizationDomain claim = domains.create("rival.example", rival);
        assertThat(claim.getOrganizationId()).isEqualTo(rival);
        assertThat(claim.getState()).isEqualTo(OrganizationDomainState.Pending);
        assertThat(claim.getVerificationToken()).hasSize(25);
        assertThat(domains.get(claim.getId())).isEqualTo(claim);
        // the sample's name server does not answer
        assertThat(domains.verify(claim.getId()).getState()).isEqualTo(OrganizationDomainState.Pending);
        domains.delete(claim.getId());
        refused(() -> domains.get(claim.getId()), 404);
        domains.delete(own.getId());
        assertThat(domains.create("owner.example", rival).getState())
                .as("it is free")
                .isEqualTo(OrganizationDomainState.Pending);
    }

    /** Every name in the order of creation, read on by the SDK itself, whatever the size of its pages. */
    @Test
    void theSdkReadsEveryPage() {
        var access = workos.getAuthorization();
        List<String> wanted =
                IntStream.range(0, 250).mapToObj("paged-jvm:%03d"::formatted).toList();
        wanted.parallelStream().forEach(slug -> access.createPermission(slug, slug));
        for (Integer limit : new @Nullable Integer[] {null, 60, 100}) {
            for (PaginationOrder order : List.of(PaginationOrder.Asc, PaginationOrder.Desc)) {
                Page<Permission> first = access.listPermissions(null, null, limit, order);
                assertThat(first.hasNextPage()).isTrue();
                List<String> read = new ArrayList<>();
                first.autoPagingIterable().forEach(one -> read.add(one.getSlug()));
                assertThat(new HashSet<>(read)).as("nothing twice").hasSameSizeAs(read);
                assertThat(read.stream().filter(slug -> slug.startsWith("paged-jvm:")))
                        .containsExactlyInAnyOrderElementsOf(wanted);
            }
        }
    }
}
