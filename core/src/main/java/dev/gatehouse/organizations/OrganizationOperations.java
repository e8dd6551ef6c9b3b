package dev.gatehouse.organizations;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.ExternalId;
import dev.gatehouse.engine.Field;
import dev.gatehouse.engine.Filled;
import dev.gatehouse.engine.Limit;
import dev.gatehouse.engine.Metadata;
import dev.gatehouse.engine.OneOf;
import dev.gatehouse.engine.Required;
import dev.gatehouse.engine.Routes;
import dev.gatehouse.identity.FeatureFlags;
import dev.gatehouse.identity.Profiles;
import dev.gatehouse.identity.SignInPolicy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The operations on organizations. */
final class OrganizationOperations {
    private final MembershipOperations memberships;
    private final GroupOperations groups;
    private final RoleBook roles;
    private final FeatureFlags features;
    private final Profiles profiles;
    private final DomainClaims claims;

    OrganizationOperations(
            MembershipOperations memberships,
            GroupOperations groups,
            RoleBook roles,
            FeatureFlags features,
            Profiles profiles,
            DomainClaims claims) {
        this.memberships = memberships;
        this.groups = groups;
        this.roles = roles;
        this.features = features;
        this.profiles = profiles;
        this.claims = claims;
    }

    record DomainData(
            @Required String domain,

            @Required @OneOf({Domain.PENDING, Domain.VERIFIED})
            String state) {}

    record Create(
            @Required @Limit(200) String name,
            @Nullable Boolean allowProfilesOutsideOrganization,
            @Nullable List<String> domains,
            @Nullable List<DomainData> domainData,
            @Nullable Map<String, @Nullable String> metadata,
            @Limit(value = 128, ascii = true) @Nullable String externalId) {}

    record Update(
            @Filled @Limit(200) @Nullable String name,
            @Nullable Boolean allowProfilesOutsideOrganization,
            @Nullable List<String> domains,
            @Nullable List<DomainData> domainData,
            @Nullable String stripeCustomerId,
            Field<Map<String, @Nullable String>> metadata,
            @Limit(value = 128, ascii = true) Field<String> externalId) {}

    void routes(Routes r) {
        r.list("GET /organizations", Organization.TYPE, "domains", "search");
        r.create("POST /organizations", Organization.TYPE, Create.class, this::create);
        r.get("GET /organizations/external_id/{external_id}", Organization.TYPE);
        r.get("GET /organizations/{id}", Organization.TYPE);
        r.update("PUT /organizations/{id}", Organization.TYPE, Update.class, this::update);
        r.delete("DELETE /organizations/{id}", Organization.TYPE, this::delete).status(202);
    }

    Organization create(Create in, Call call) {
        Map<String, String> wanted = domains(in.domains, in.domainData);
        String id = call.newId(Organization.TYPE);
        for (Map.Entry<String, String> domain : wanted.entrySet()) {
            claims.add(call, id, domain.getKey(), domain.getValue());
        }
        Organization made = call.create(
                Organization.TYPE,
                new Organization(
                        id,
                        in.name,
                        List.copyOf(wanted.keySet()),
                        Boolean.TRUE.equals(in.allowProfilesOutsideOrganization),
                        ExternalId.of(in.externalId),
                        Metadata.merge(Map.of(), in.metadata == null ? Field.absent() : Field.of(in.metadata)),
                        null,
                        SignInPolicy.NONE,
                        call.now(),
                        call.now()));
        roles.organizationCame(call, made);
        return made;
    }

    Organization update(Organization organization, Update in, Call call) {
        if (in.stripeCustomerId != null) {
            throw ApiException.of(422, "stripe_customer_id is not enabled for this environment");
        }
        List<String> names = organization.domains();
        if (in.domains != null || in.domainData != null) {
            Map<String, String> wanted = domains(in.domains, in.domainData);
            replaceDomains(call, organization, wanted);
            names = List.copyOf(wanted.keySet());
        }
        List<String> kept = names;
        Organization changed = call.update(
                Organization.TYPE,
                organization.id(),
                o -> new Organization(
                        o.id(),
                        in.name == null ? o.name() : in.name,
                        kept,
                        in.allowProfilesOutsideOrganization == null
                                ? o.allowProfilesOutsideOrganization()
                                : in.allowProfilesOutsideOrganization,
                        ExternalId.of(in.externalId.or(o.externalId())),
                        Metadata.merge(o.metadata(), in.metadata),
                        o.stripeCustomerId(),
                        o.policy(),
                        o.createdAt(),
                        o.updatedAt()));
        if (!changed.name().equals(organization.name())) {
            roles.organizationChanged(call, changed);
        }
        return changed;
    }

    void delete(Organization organization, Call call) {
        profiles.forgetOrganization(call, organization.id());
        for (Membership membership : call.all(Membership.TYPE, "organization_id", organization.id())) {
            memberships.delete(membership, call);
        }
        for (Group group : call.all(Group.TYPE, "organization_id", organization.id())) {
            groups.delete(group, call);
        }
        for (Invitation invitation : call.all(Invitation.TYPE, "organization_id", organization.id())) {
            if (invitation.state(call.now()).equals("pending")) {
                Acceptance.revoke(call, invitation);
            }
        }
        for (Domain domain : call.all(Domain.TYPE, "organization_id", organization.id())) {
            DomainClaims.delete(call, domain);
        }
        roles.organizationGoes(call, organization);
        features.forget(call, organization.id());
        call.delete(Organization.TYPE, organization);
    }

    private static Map<String, String> domains(@Nullable List<String> names, @Nullable List<DomainData> data) {
        Map<String, String> wanted = new LinkedHashMap<>();
        if (names != null) {
            names.forEach(name -> wanted.put(Domain.check(name), "verified"));
        }
        if (data != null) {
            for (DomainData one : data) {
                if (!one.state.equals(Domain.PENDING) && !one.state.equals(Domain.VERIFIED)) {
                    throw ApiException.invalid(
                            "domain_data.state", "invalid_state", "A domain's state is pending or verified.");
                }
                wanted.put(Domain.check(one.domain), one.state);
            }
        }
        if (wanted.size() > DomainClaims.MOST) {
            throw ApiException.invalid(
                    "domains", "too_many_domains", "An organization has at most a thousand domains.");
        }
        return wanted;
    }

    private void replaceDomains(Call call, Organization organization, Map<String, String> wanted) {
        Map<String, String> missing = new LinkedHashMap<>(wanted);
        for (Domain domain : call.all(Domain.TYPE, "organization_id", organization.id())) {
            String state = missing.remove(domain.domain());
            if (state == null) {
                DomainClaims.delete(call, domain);
            } else if (state.equals(Domain.VERIFIED) && !domain.proved()) {
                // takes the application's word for it
                claims.prove(call, domain, Domain.BY_HAND);
            }
        }
        missing.forEach((name, state) -> claims.add(call, organization.id(), name, state));
    }
}
