package dev.gatehouse.organizations;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Problem;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.engine.ExternalId;
import dev.gatehouse.engine.Field;
import dev.gatehouse.engine.FileValue;
import dev.gatehouse.engine.Metadata;
import dev.gatehouse.identity.SignInPolicy;
import dev.gatehouse.organizations.PortableOrganization.PortableDomain;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Organizations in and out of files. A row is held to everything that a request to make one is held to. */
public final class PortableOrganizations {

    private final Engine engine;
    private final OrganizationOperations operations;
    private final RoleBook roles;
    private final DomainClaims claims;

    PortableOrganizations(Engine engine, OrganizationOperations operations, RoleBook roles, DomainClaims claims) {
        this.engine = engine;
        this.operations = operations;
        this.roles = roles;
        this.claims = claims;
    }

    /** A row that passed every check which needs no database. Identifiers that it has not are empty. */
    public static final class Checked {
        private final Organization draft;
        private final List<Domain> domains;
        private final OrganizationOperations.Update update;
        private final boolean demands;

        private Checked(
                Organization draft, List<Domain> domains, OrganizationOperations.Update update, boolean demands) {
            this.draft = draft;
            this.domains = domains;
            this.update = update;
            this.demands = demands;
        }

        /** The member that it is known again by. */
        public String knownBy() {
            return ownId() ? "id" : "external_id";
        }

        private boolean ownId() {
            return !draft.id().isEmpty();
        }
    }

    /**
     * Checks a row, outside of any transaction.
     *
     * @throws ApiException with what is wrong
     */
    public Checked check(ObjectNode row) {
        PortableOrganization in = engine.boundWholly(row, PortableOrganization.class);
        String id = FileValue.id(Organization.TYPE, "id", in.id()).orElse("");
        String externalId = ExternalId.of(in.externalId());
        if (id.isEmpty() && externalId == null) {
            throw ApiException.invalid(
                    "id",
                    "id_or_external_id_required",
                    "Without an id or an external_id it would be made again and again.");
        }
        Instant now = engine.now();
        Instant created = FileValue.time("created_at", in.createdAt(), now).orElse(now);
        List<Domain> domains = domains(in.domains() == null ? List.of() : in.domains(), id, now);
        SignInPolicy policy = policy(in.policy());
        Field<Map<String, @Nullable String>> metadata =
                in.metadata() == null ? Field.absent() : Field.of(in.metadata());
        Organization draft = new Organization(
                id,
                in.name(),
                domains.stream().map(Domain::domain).toList(),
                Boolean.TRUE.equals(in.allowProfilesOutsideOrganization()),
                externalId,
                Metadata.merge(Map.of(), metadata),
                null,
                policy,
                created,
                FileValue.time("updated_at", in.updatedAt(), now).orElse(created));
        OrganizationOperations.Update update = new OrganizationOperations.Update(
                in.name(),
                in.allowProfilesOutsideOrganization(),
                null,
                null,
                null,
                metadata,
                in.externalId() == null ? Field.absent() : Field.of(in.externalId()));
        return new Checked(draft, domains, update, in.policy() != null);
    }

    private List<Domain> domains(List<PortableDomain> rows, String organizationId, Instant now) {
        if (rows.size() > DomainClaims.MOST) {
            throw ApiException.invalid(
                    "domains", "too_many_domains", "An organization has at most a thousand domains.");
        }
        List<Domain> all =
                rows.stream().map(row -> domain(row, organizationId, now)).toList();
        Set<String> names = new HashSet<>();
        if (!all.stream().allMatch(domain -> names.add(domain.domain()))) {
            throw ApiException.invalid("domains.domain", "domain_already_exists", "A domain is there twice.");
        }
        return all;
    }

    private Domain domain(PortableDomain row, String organizationId, Instant now) {
        boolean verified = row.state().equals(Domain.VERIFIED) || row.state().equals(Domain.LEGACY_VERIFIED);
        String strategy = row.verificationStrategy() == null
                ? verified ? Domain.BY_HAND : Domain.BY_DNS
                : row.verificationStrategy();
        if (!verified && !row.state().equals(Domain.PENDING) && !row.state().equals(Domain.FAILED)) {
            throw ApiException.invalid(
                    "domains.state",
                    "invalid_state",
                    "A domain's state is pending, verified, failed or legacy_verified.");
        }
        if (!strategy.equals("dns") && !strategy.equals("manual")) {
            throw ApiException.invalid(
                    "domains.verification_strategy", "invalid_verification_strategy", "It is dns or manual.");
        }
        String token = row.verificationToken();
        if (token != null && !token.matches("[A-Za-z0-9_-]{1,200}")) {
            throw ApiException.invalid(
                    "domains.verification_token", "invalid_verification_token", "It has letters and digits.");
        }
        String prefix = row.verificationPrefix();
        if (prefix != null && !prefix.matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")) {
            throw ApiException.invalid(
                    "domains.verification_prefix",
                    "invalid_verification_prefix",
                    "It is the first label of a DNS name.");
        }
        Instant created =
                FileValue.time("domains.created_at", row.createdAt(), now).orElse(now);
        return new Domain(
                FileValue.id(Domain.TYPE, "domains.id", row.id()).orElse(""),
                organizationId,
                Domain.check(row.domain()),
                row.state(),
                strategy,
                token == null ? claims.token() : token,
                prefix == null ? claims.prefix() : prefix,
                created,
                FileValue.time("domains.updated_at", row.updatedAt(), now).orElse(created));
    }

    private static SignInPolicy policy(PortableOrganization.@Nullable Policy p) {
        if (p == null) {
            return SignInPolicy.NONE;
        }
        SignInPolicy policy = new SignInPolicy(
                p.mfa(),
                p.methods() == null ? null : Set.copyOf(p.methods()),
                duration("session_length", p.sessionLength()),
                duration("session_inactivity", p.sessionInactivity()));
        Policies.check(policy);
        return policy;
    }

    private static @Nullable Duration duration(String member, @Nullable String text) {
        try {
            return text == null ? null : Duration.parse(text);
        } catch (DateTimeException e) {
            throw ApiException.invalid("policy." + member, "invalid_" + member, "It is a time like PT8H.");
        }
    }

    /** The organization that this row is, by its id or else its external_id. */
    public Optional<Organization> existing(Call call, Checked row) {
        return row.ownId()
                ? call.find(Organization.TYPE, row.draft.id())
                : call.findBy(Organization.TYPE, "external_id", String.valueOf(row.draft.externalId()));
    }

    /** Whether an earlier row of a rehearsal is this organization. */
    public boolean rehearsed(Call call, Checked row) {
        return row.ownId()
                ? call.rehearsed(Organization.TYPE, "id", row.draft.id())
                : call.rehearsed(Organization.TYPE, "external_id", String.valueOf(row.draft.externalId()));
    }

    /** What of a new organization's row belongs to another. */
    public Optional<Problem> conflict(Call call, Checked row) {
        String externalId = row.draft.externalId();
        if (externalId != null
                && (call.findBy(Organization.TYPE, "external_id", externalId).isPresent()
                        || call.rehearsed(Organization.TYPE, "external_id", externalId))) {
            return Optional.of(new Problem(
                    "external_id", "external_id_already_used", "This external_id belongs to another organization."));
        }
        for (Domain domain : row.domains) {
            if (!domain.state().equals(Domain.FAILED)
                    && (call.findBy(Domain.TYPE, "domain", domain.domain()).isPresent()
                            || call.rehearsed(Domain.TYPE, "domain", domain.domain()))) {
                return Optional.of(new Problem(
                        "domains.domain", "domain_already_exists", "The domain belongs to another organization."));
            }
            if (!domain.id().isEmpty()
                    && (call.find(Domain.TYPE, domain.id()).isPresent()
                            || call.rehearsed(Domain.TYPE, "id", domain.id()))) {
                return Optional.of(new Problem("domains.id", "id_already_used", "This id belongs to another domain."));
            }
        }
        return Optional.empty();
    }

    /** Makes the organization, with the events that every new one has. */
    public void create(Call call, Checked row) {
        String id = row.ownId() ? row.draft.id() : call.newId(Organization.TYPE);
        row.domains.forEach(domain -> add(call, id, domain));
        roles.organizationCame(call, call.create(Organization.TYPE, row.draft.withId(id)));
    }

    private void add(Call call, String organizationId, Domain domain) {
        claims.put(call, domain.of(domain.id().isEmpty() ? call.newId(Domain.TYPE) : domain.id(), organizationId));
    }

    /**
     * Gives an organization what the row has; what it has not stays, also domains that are in no row.
     *
     * @throws ApiException as an update over REST
     */
    public void update(Call call, Organization organization, Checked row) {
        Organization held = call.need(Organization.TYPE, organization.id());
        List<Domain> missing = new ArrayList<>(row.domains);
        for (Domain known : call.all(Domain.TYPE, "organization_id", held.id())) {
            boolean verified =
                    row.domains.stream().anyMatch(domain -> domain.domain().equals(known.domain()) && domain.proved());
            if (verified && !known.proved()) {
                claims.prove(call, known, Domain.BY_HAND);
            }
            missing.removeIf(domain -> domain.domain().equals(known.domain()));
        }
        missing.forEach(domain -> add(call, held.id(), domain));
        operations.update(held, row.update, call);
        call.updateSilently(Organization.TYPE, held.id(), o -> {
            List<String> names = new ArrayList<>(o.domains());
            missing.forEach(domain -> names.add(domain.domain()));
            return o.having(names, row.demands ? row.draft.policy() : o.policy());
        });
    }

    /**
     * One page of organizations, oldest first.
     *
     * @param after last id of the page before; null for the first
     */
    public List<PortableOrganization> page(Call call, @Nullable String after, int limit) {
        List<Organization> page =
                call.page(Organization.TYPE, Map.of(), null, new Call.Window(after, null, false, limit));
        call.prefetchAll(
                Domain.TYPE,
                "organization_id",
                page.stream().map(Organization::id).toList(),
                Domain::organizationId);
        return page.stream()
                .map(o -> PortableOrganization.of(o, call.all(Domain.TYPE, "organization_id", o.id())))
                .toList();
    }
}
