package dev.gatehouse.sso;

import dev.gatehouse.access.Grants;
import dev.gatehouse.access.RoleSource;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.crypto.Envelope;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Json;
import dev.gatehouse.identity.OauthTokens;
import dev.gatehouse.identity.Profiles;
import dev.gatehouse.identity.User;
import dev.gatehouse.organizations.Admission;
import dev.gatehouse.organizations.Domain;
import dev.gatehouse.organizations.Organization;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is known of people at identity providers, and whose they are. */
public final class ProfileBook implements Profiles {
    private final Grants grants;
    private final Admission admission;
    private final Envelope envelope;
    private final Json json;

    public ProfileBook(Grants grants, Envelope envelope, Json json) {
        this.grants = grants;
        this.envelope = envelope;
        this.json = json;
        this.admission = new Admission(grants);
    }

    @Override
    public List<Button> ofOrganization(Call call, String organizationId) {
        return Connection.open(call, organizationId).stream()
                .map(ProfileBook::button)
                .toList();
    }

    static Button button(Connection connection) {
        boolean social = connection.type().protocol() == ConnectionType.Protocol.SOCIAL;
        String icon =
                social ? connection.type().name().replaceAll("_OAUTH$", "").toLowerCase(Locale.ROOT) : "key";
        return new Button(connection.id(), social ? connection.type().title() : connection.name(), icon);
    }

    /**
     * Keeps what a provider said of a person.
     *
     * @param connection held by nobody
     */
    Profile keep(Call call, Connection connection, Asserted said, String email) {
        List<String> roles = roles(call, connection, said.groups());
        Profile known = call.findBy(Profile.TYPE, "subject", Profile.subject(connection.id(), said.subject()))
                .orElse(null);
        Profile fresh = new Profile(
                known == null ? call.newId(Profile.TYPE) : known.id(),
                connection.id(),
                connection.organizationId(),
                Profile.subject(connection.id(), said.subject()),
                said.idpId(),
                email,
                said.mailboxOwner(),
                said.firstName(),
                said.lastName(),
                said.name(),
                said.groups(),
                roles,
                said.custom(),
                said.raw(),
                known == null ? null : known.userId(),
                known == null ? null : known.link(),
                said.logoutHint(),
                known == null ? call.now() : known.createdAt(),
                known == null ? call.now() : known.updatedAt());
        if (known == null) {
            return call.create(Profile.TYPE, fresh);
        }
        // mostly it is what was said before, and nothing is written
        return call.update(
                Profile.TYPE,
                known.id(),
                now -> now.userId() == null
                        ? fresh.unlinked()
                        : fresh.of(now.userId(), Objects.requireNonNull(now.link())));
    }

    /** Roles that groups give, the most important first; those alone that the organization has (ATTACKS S76). */
    private List<String> roles(Call call, Connection connection, List<String> groups) {
        String organization = connection.organizationId();
        if (organization == null || connection.groupRoles().isEmpty()) {
            return List.of();
        }
        Set<String> slugs = new LinkedHashSet<>();
        for (Connection.GroupRole mapped : connection.groupRoles()) {
            if (groups.contains(mapped.group()) && exists(call, organization, mapped.role())) {
                slugs.add(mapped.role());
            }
        }
        return grants.several() ? List.copyOf(slugs) : slugs.stream().limit(1).toList();
    }

    boolean exists(Call call, String organizationId, String slug) {
        try {
            return !grants.chosen(call, organizationId, slug, null).isEmpty();
        } catch (ApiException e) {
            return false;
        }
    }

    /** Slugs of the roles that somebody would get by these groups. */
    List<String> rolesBy(Call call, Connection connection, List<String> groups) {
        return given(call, connection.organizationId(), roles(call, connection, groups));
    }

    private List<String> given(Call call, @Nullable String organizationId, List<String> roles) {
        if (organizationId == null) {
            return List.of();
        }
        return roles.isEmpty() ? grants.chosen(call, organizationId, null, null) : roles;
    }

    /** Slugs of the roles that somebody has by a profile: what the groups gave, or the default. */
    List<String> rolesOf(Call call, Profile profile) {
        return given(call, profile.organizationId(), profile.roles());
    }

    /**
     * Refuses an address that the connection's organization may not vouch for (contract/behaviour/05 §5.4).
     *
     * @return whether the address's domain is the organization's, so that its provider's word is proof of the mailbox
     * @throws ApiException {@code profile_not_allowed_outside_organization}
     */
    boolean owns(Call call, Connection connection, String email, boolean expectedAreWelcome) {
        Organization organization = connection.organization(call);
        if (organization == null) {
            return false;
        }
        if (Domain.ownerOf(call, email).filter(organization.id()::equals).isPresent()) {
            return true;
        }
        boolean guest = organization.allowProfilesOutsideOrganization()
                || (expectedAreWelcome && admission.expects(call, organization.id(), email));
        if (!guest) {
            throw ApiException.oauth(
                    403,
                    "profile_not_allowed_outside_organization",
                    "The domain of the profile's address is no verified domain of the organization.");
        }
        return false;
    }

    @Override
    public void link(Call call, String profileId, User user) {
        Profile profile = call.hold(Profile.TYPE, profileId).orElse(null);
        Connection connection = profile == null
                ? null
                : call.find(Connection.TYPE, profile.connectionId()).orElse(null);
        if (profile == null || connection == null || !connection.isOpen()) {
            // a connection may be switched off or go while somebody reads his mail (ATTACKS S94)
            throw ApiException.oauth(403, "connection_unlinked", "The connection is inactive.");
        }
        if (profile.userId() != null && !profile.userId().equals(user.id())) {
            throw ApiException.oauth(403, "access_denied", "The profile belongs to another user.");
        }
        boolean owns = connection.organizationId() != null && owns(call, connection, profile.email(), true);
        if (profile.userId() == null) {
            refuseSecond(call, profile, user);
            call.updateSilently(Profile.TYPE, profile.id(), p -> p.of(user.id(), evidence(call, p, owns)));
        }
        String organization = connection.organizationId();
        if (organization != null) {
            admit(call, connection, profile, user, organization);
        }
    }

    private void admit(Call call, Connection connection, Profile profile, User user, String organization) {
        Admission.Admitted admitted = admission.admit(call, user, organization);
        if (connection.groupRoles().isEmpty()) {
            return;
        }
        grants.set(call, admitted.membership(), new RoleSource("sso", connection.id()), profile.roles());
        if (admitted.fresh()) {
            // nobody gave the default role by hand
            grants.set(call, admitted.membership(), RoleSource.MANUAL, List.of());
        }
    }

    /**
     * The same address with another subject is somebody else until a person says otherwise: an address may be given to a
     * new colleague, and must not bring the account of the one before (ATTACKS S71).
     */
    private static void refuseSecond(Call call, Profile profile, User user) {
        boolean other = call.all(Profile.TYPE, "user_id", user.id()).stream()
                .anyMatch(p -> p.connectionId().equals(profile.connectionId()) && !p.id().equals(profile.id()));
        if (other) {
            throw ApiException.oauth(
                    403,
                    "access_denied",
                    "The user signed in through this connection as another person at the provider. Unlink that profile first.");
        }
    }

    private static Profile.Link evidence(Call call, Profile profile, boolean owns) {
        String email = profile.email();
        if (owns) {
            return new Profile.Link("verified_domain", email.substring(email.lastIndexOf('@') + 1), call.now());
        }
        return new Profile.Link(profile.mailboxOwner() ? "mailbox_owner" : "mailed_code", email, call.now());
    }

    /** Keeps tokens of a provider until the application exchanges the code of the sign-in. */
    void keepTokens(Call call, Profile profile, OauthTokens tokens) {
        call.findBy(ProfileTokens.TYPE, "profile_id", profile.id())
                .ifPresent(old -> call.delete(ProfileTokens.TYPE, old));
        String id = call.newId(ProfileTokens.TYPE);
        call.create(
                ProfileTokens.TYPE,
                new ProfileTokens(
                        id,
                        profile.id(),
                        envelope.seal(Completion.TOKENS, id, json.bytes(tokens)),
                        call.now().plus(Completion.GRANT),
                        call.now(),
                        call.now()));
    }

    @Override
    public Optional<OauthTokens> takeTokens(Call call, String profileId) {
        return call.takeBy(ProfileTokens.TYPE, "profile_id", profileId)
                .flatMap(kept -> envelope.openText(Completion.TOKENS, kept.id(), kept.sealed()))
                .map(text -> json.read(text, OauthTokens.class));
    }

    @Override
    public void forgetOrganization(Call call, String organizationId) {
        call.all(Connection.TYPE, "organization_id", organizationId)
                .forEach(connection -> Connections.delete(call, connection));
    }

    @Override
    public void forget(Call call, String userId) {
        for (Profile profile : call.all(Profile.TYPE, "user_id", userId)) {
            forget(call, profile);
        }
    }

    /** Deletes a profile and what was granted on it. */
    static void forget(Call call, Profile profile) {
        call.all(ProfileGrant.TYPE, "profile_id", profile.id()).forEach(grant -> call.delete(ProfileGrant.TYPE, grant));
        call.findBy(ProfileTokens.TYPE, "profile_id", profile.id())
                .ifPresent(kept -> call.delete(ProfileTokens.TYPE, kept));
        call.delete(Profile.TYPE, profile);
    }
}
