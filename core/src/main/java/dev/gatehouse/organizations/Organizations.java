package dev.gatehouse.organizations;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.config.Config;
import dev.gatehouse.crypto.RandomTokens;
import dev.gatehouse.engine.Actor;
import dev.gatehouse.engine.Area;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.engine.EntityType;
import dev.gatehouse.engine.FileKind;
import dev.gatehouse.engine.Routes;
import dev.gatehouse.identity.FeatureFlags;
import dev.gatehouse.identity.Profiles;
import dev.gatehouse.identity.Sessions;
import dev.gatehouse.identity.SignInPolicy;
import dev.gatehouse.spi.DnsTxt;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Organizations and memberships of one environment, for the host application. Emits the same events as over REST. */
public final class Organizations implements Area {
    private final Engine engine;
    private final String env;
    private final Sessions sessions;
    private final MembershipOperations memberships;
    private final OrganizationOperations organizations;
    private final GroupOperations groups;
    private final Domains domains;
    private final DomainChecks domainChecks;
    private final PortableOrganizations portable;
    private final PortableMemberships portableMemberships;

    private Organizations(
            Engine engine,
            String env,
            Sessions sessions,
            MembershipOperations memberships,
            OrganizationOperations organizations,
            GroupOperations groups,
            Domains domains,
            DomainChecks domainChecks,
            PortableOrganizations portable,
            PortableMemberships portableMemberships) {
        this.engine = engine;
        this.env = env;
        this.sessions = sessions;
        this.memberships = memberships;
        this.organizations = organizations;
        this.groups = groups;
        this.domains = domains;
        this.domainChecks = domainChecks;
        this.portable = portable;
        this.portableMemberships = portableMemberships;
    }

    /** Groups of organizations. */
    public Groups groups() {
        return new Groups(engine, env, groups);
    }

    /** Domains of organizations, and the proof that they are theirs. */
    public Domains domains() {
        return domains.in(env);
    }

    /**
     * Looks for the records of domains that are due, for some twenty seconds at most; ends claims that have waited for thirty
     * days, and domains whose record is gone for longer than the setting {@code domain-recheck} says. {@code Gatehouse.maintain()} calls it. On several nodes each looks at other domains.
     */
    public void recheckDomains() {
        domainChecks.run(env);
    }

    /** Puts the area together; it works in an environment once {@link #in} names one. */
    public static Organizations of(
            Engine engine,
            Config config,
            Sessions sessions,
            RandomTokens random,
            RoleBook roles,
            FeatureFlags features,
            Profiles profiles,
            DnsTxt dns) {
        Joining joining = new Joining(roles);
        MembershipOperations memberships = new MembershipOperations(joining, sessions);
        GroupOperations groups = new GroupOperations(roles, sessions);
        DomainClaims claims = new DomainClaims(config, random);
        DomainProof proof = new DomainProof(dns, random);
        DomainOperations domains = new DomainOperations(claims, proof);
        OrganizationOperations organizations =
                new OrganizationOperations(memberships, groups, roles, features, profiles, claims);
        return new Organizations(
                engine,
                "",
                sessions,
                memberships,
                organizations,
                groups,
                new Domains(engine, "", claims, proof, domains),
                new DomainChecks(engine, claims, proof),
                new PortableOrganizations(engine, organizations, roles, claims),
                new PortableMemberships(engine, memberships, joining, groups));
    }

    /** The same operations in another environment. */
    public Organizations in(String other) {
        return new Organizations(
                engine,
                other,
                sessions,
                memberships,
                organizations,
                groups,
                domains,
                domainChecks,
                portable,
                portableMemberships);
    }

    /** Organizations in files, for import and export. */
    public PortableOrganizations portable() {
        return portable;
    }

    /** Memberships in files, for import and export. */
    public PortableMemberships portableMemberships() {
        return portableMemberships;
    }

    /** Groups in files; they come after organizations and before memberships. */
    public FileKind<?, ?> portableGroups() {
        return new GroupRows(groups);
    }

    @Override
    public List<EntityType<?>> types() {
        return List.of(Organization.TYPE, Domain.TYPE, Membership.TYPE, Group.TYPE, GroupMember.TYPE, Invitation.TYPE);
    }

    @Override
    public void routes(Routes r) {
        organizations.routes(r);
        memberships.routes(r);
        groups.routes(r);
        domains.routes(r);
    }

    /**
     * Makes an organization of this name.
     *
     * @throws dev.gatehouse.api.ApiException 422 if it is blank or longer than 200 characters
     */
    public Organization create(String name) {
        var input = engine.checked(new OrganizationOperations.Create(name, null, null, null, null, null));
        return run(call -> organizations.create(input, call));
    }

    /** The organization with this id. */
    public Optional<Organization> find(String id) {
        return run(call -> call.find(Organization.TYPE, id));
    }

    /** The organization with the application's own id. */
    public Optional<Organization> findByExternalId(String externalId) {
        return run(call -> call.findBy(Organization.TYPE, "external_id", externalId));
    }

    /** A page of organizations, newest first; {@code after} is the last id of the page before, null for the first. */
    public List<Organization> list(@Nullable String after, int limit) {
        return run(call -> call.page(Organization.TYPE, Map.of(), null, new Call.Window(null, after, true, limit)));
    }

    /**
     * Sets what an organization demands of who signs in to it; it holds for running sessions on this node at
     * once, on others within {@code revocation-bound}. {@link SignInPolicy#NONE} demands nothing.
     *
     * @throws ApiException 404 if there is no such organization; 422 for a word that is none, an empty set of
     *     methods, or a time under a minute
     */
    public Organization demand(String id, SignInPolicy policy) {
        Policies.check(policy);
        return run(call -> {
            sessions.recheckAll(call);
            return call.updateSilently(Organization.TYPE, id, o -> o.demanding(policy));
        });
    }

    /**
     * Makes a user a member.
     *
     * @param role slug; null for the default
     * @throws ApiException 404 if either is unknown, 422 if the user is a member already or the role is unknown
     */
    public Membership addMember(String organizationId, String userId, @Nullable String role) {
        return run(
                call -> memberships.create(new MembershipOperations.Create(userId, organizationId, role, null), call));
    }

    /** Ends a membership, and the user's sessions in that organization; false if there was none. */
    public boolean removeMember(String membershipId) {
        return run(call -> {
            Optional<Membership> found = call.hold(Membership.TYPE, membershipId);
            found.ifPresent(membership -> memberships.delete(membership, call));
            return found.isPresent();
        });
    }

    /** Members of an organization in any state, oldest first. */
    public List<Membership> members(String organizationId) {
        return run(call -> call.all(Membership.TYPE, "organization_id", organizationId));
    }

    /** Memberships of a user in any state, oldest first. */
    public List<Membership> ofUser(String userId) {
        return run(call -> call.all(Membership.TYPE, "user_id", userId));
    }

    /** Deletes an organization with its domains and memberships; false if there was none. */
    public boolean delete(String id) {
        return run(call -> {
            Optional<Organization> found = call.hold(Organization.TYPE, id);
            found.ifPresent(organization -> organizations.delete(organization, call));
            return found.isPresent();
        });
    }

    private <T> T run(Function<Call, T> step) {
        return engine.run(env, Actor.SYSTEM, step);
    }
}
