package dev.gatehouse.organizations;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import dev.gatehouse.engine.Omittable;
import dev.gatehouse.identity.SignInPolicy;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A customer of the application: a company, a team.
 *
 * @param id {@code org_…}
 * @param name for people
 * @param domains names of its domains, kept in step with {@link Domain}
 * @param allowProfilesOutsideOrganization whether single sign-on may bring in addresses of other domains
 * @param externalId the application's own id, unique; may be null
 * @param metadata the application's own pairs
 * @param stripeCustomerId may be null
 * @param policy what it demands of who signs in to it
 */
public record Organization(
        String id,
        String name,
        List<String> domains,
        boolean allowProfilesOutsideOrganization,
        @Nullable String externalId,
        Map<String, String> metadata,
        @Nullable String stripeCustomerId,
        SignInPolicy policy,
        Instant createdAt,
        Instant updatedAt)
        implements Entity {

    public Organization {
        domains = List.copyOf(domains);
        metadata = Map.copyOf(metadata);
        policy = policy == null ? SignInPolicy.NONE : policy;
    }

    /** The resource. */
    public static final EntityType<Organization> TYPE = EntityType.of("organization", "org", Organization.class)
            .unique(
                    "external_id",
                    Organization::externalId,
                    o -> ApiException.of(
                            400, "external_id_already_used", "This external_id belongs to another organization."))
            .unique(
                    "stripe_customer_id",
                    Organization::stripeCustomerId,
                    o -> ApiException.of(
                            400,
                            "stripe_customer_id_already_used",
                            "This stripe_customer_id belongs to another organization."))
            .lookups("domains", Organization::domains, d -> d.toLowerCase(Locale.ROOT))
            .text(o -> o.name.toLowerCase(Locale.ROOT))
            .prefetch((page, call) -> call.prefetchAll(
                    Domain.TYPE,
                    "organization_id",
                    page.stream().map(Organization::id).toList(),
                    Domain::organizationId))
            .events(
                    "organization",
                    (o, call) -> new EventView(
                            "organization",
                            o.id,
                            o.name,
                            Domain.views(call, o.id),
                            o.metadata,
                            o.externalId,
                            o.stripeCustomerId,
                            o.createdAt,
                            o.updatedAt))
            .view(
                    View.class,
                    (o, call) -> new View(
                            "organization",
                            o.id,
                            o.name,
                            Domain.views(call, o.id),
                            o.metadata,
                            o.externalId,
                            o.stripeCustomerId,
                            o.allowProfilesOutsideOrganization,
                            o.createdAt,
                            o.updatedAt));

    Organization demanding(SignInPolicy demands) {
        return having(domains, demands);
    }

    Organization having(List<String> names, SignInPolicy demands) {
        return with(id, names, demands);
    }

    Organization withId(String newId) {
        return with(newId, domains, policy);
    }

    private Organization with(String newId, List<String> names, SignInPolicy demands) {
        return new Organization(
                newId,
                name,
                names,
                allowProfilesOutsideOrganization,
                externalId,
                metadata,
                stripeCustomerId,
                demands,
                createdAt,
                updatedAt);
    }

    record View(
            String object,
            String id,
            String name,
            List<Domain.View> domains,
            Map<String, String> metadata,
            @Nullable String externalId,
            @Omittable @Nullable String stripeCustomerId,
            @Omittable Boolean allowProfilesOutsideOrganization,
            Instant createdAt,
            Instant updatedAt) {}

    record EventView(
            String object,
            String id,
            String name,
            List<Domain.View> domains,
            Map<String, String> metadata,
            @Nullable String externalId,
            @Omittable @Nullable String stripeCustomerId,
            Instant createdAt,
            Instant updatedAt) {}
}
