package dev.gatehouse.organizations;

import dev.gatehouse.engine.Json;
import dev.gatehouse.engine.Limit;
import dev.gatehouse.engine.Required;
import dev.gatehouse.identity.SignInPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An organization in a file, in the members that the contract names. Null members are left out.
 *
 * @param object {@code organization}
 * @param id kept; null for a new one, which then has an {@code externalId} to be known again by
 * @param policy null for none
 */
public record PortableOrganization(
        @Nullable String object,
        @Nullable String id,
        @Required @Limit(200) String name,
        @Nullable Boolean allowProfilesOutsideOrganization,
        @Nullable List<PortableDomain> domains,
        @Nullable Map<String, @Nullable String> metadata,
        @Limit(value = 128, ascii = true) @Nullable String externalId,
        @Nullable Policy policy,
        @Nullable String createdAt,
        @Nullable String updatedAt) {

    /**
     * A domain with what its DNS record must hold, so that one that is published stays right.
     *
     * @param verificationStrategy null for what fits the state
     * @param verificationToken null for a new one
     * @param verificationPrefix null for a new one
     */
    public record PortableDomain(
            @Nullable String id,
            @Required String domain,
            @Required String state,
            @Nullable String verificationStrategy,
            @Limit(200) @Nullable String verificationToken,
            @Limit(63) @Nullable String verificationPrefix,
            @Nullable String createdAt,
            @Nullable String updatedAt) {
        static PortableDomain of(Domain d) {
            return new PortableDomain(
                    d.id(),
                    d.domain(),
                    d.state(),
                    d.verificationStrategy(),
                    d.verificationToken(),
                    d.verificationPrefix(),
                    Json.time(d.createdAt()),
                    Json.time(d.updatedAt()));
        }
    }

    /** {@link SignInPolicy}; times in ISO 8601, as {@code PT8H}. */
    public record Policy(
            @Nullable String mfa,
            @Nullable List<String> methods,
            @Nullable String sessionLength,
            @Nullable String sessionInactivity) {
        static Policy of(SignInPolicy p) {
            Set<String> methods = p.methods();
            return new Policy(
                    p.mfa(),
                    methods == null ? null : methods.stream().sorted().toList(),
                    text(p.sessionLength()),
                    text(p.sessionInactivity()));
        }

        private static @Nullable String text(@Nullable Duration time) {
            return time == null ? null : time.toString();
        }
    }

    static PortableOrganization of(Organization o, List<Domain> domains) {
        return new PortableOrganization(
                "organization",
                o.id(),
                o.name(),
                o.allowProfilesOutsideOrganization(),
                domains.isEmpty()
                        ? null
                        : domains.stream().map(PortableDomain::of).toList(),
                o.metadata().isEmpty() ? null : new TreeMap<>(o.metadata()),
                o.externalId(),
                o.policy().equals(SignInPolicy.NONE) ? null : Policy.of(o.policy()),
                Json.time(o.createdAt()),
                Json.time(o.updatedAt()));
    }
}
