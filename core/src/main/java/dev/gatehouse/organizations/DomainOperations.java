package dev.gatehouse.organizations;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Flow;
import dev.gatehouse.engine.Required;
import dev.gatehouse.engine.Routes;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The operations on domains. */
final class DomainOperations {
    private static final int MOST_TRIES = 10;
    private static final Duration WINDOW = Duration.ofMinutes(10);

    private final DomainClaims claims;
    private final DomainProof proof;

    DomainOperations(DomainClaims claims, DomainProof proof) {
        this.claims = claims;
        this.proof = proof;
    }

    record Create(@Required String domain, @Required String organizationId) {}

    record Named(
            @Nullable String id,
            @Nullable String domain,
            @Nullable String organizationId) {}

    void routes(Routes r) {
        r.create("POST /organization_domains", Domain.TYPE, Create.class, this::create);
        r.get("GET /organization_domains/{id}", Domain.TYPE);
        r.delete("DELETE /organization_domains/{id}", Domain.TYPE, this::delete)
                .found((flow, call) -> inOrganization(call, flow.variable("id")));
        r.action(
                        "POST /organization_domains/{id}/verify",
                        Routes.Nothing.class,
                        Domain.View.class,
                        (in, flow) -> verify(flow, flow.variable("id")))
                .status(201)
                .permission("organization_domain:write");
        r.action(
                        "POST /organization_domains/verify",
                        Named.class,
                        Domain.View.class,
                        (in, flow) -> verify(flow, flow.run(call -> named(call, in))))
                .status(201)
                .permission("organization_domain:write");
    }

    Domain create(Create in, Call call) {
        return claims.claim(call, call.need(Organization.TYPE, in.organizationId), in.domain, Domain.PENDING);
    }

    /** A domain whose organization is held first, the order in which an organization's update holds them, too. */
    static Domain inOrganization(Call call, String id) {
        Domain domain = call.get(Domain.TYPE, id);
        call.hold(Organization.TYPE, domain.organizationId());
        return domain;
    }

    void delete(Domain domain, Call call) {
        claims.remove(
                call,
                domain,
                call.hold(Organization.TYPE, domain.organizationId()).orElse(null));
    }

    private static String named(Call call, Named in) {
        if (in.id != null) {
            return in.id;
        }
        if (in.domain == null) {
            throw ApiException.invalid("id", "id_required", "The id or the domain must be given.");
        }
        List<Domain> found = call.all(Domain.TYPE, "name", Domain.check(in.domain)).stream()
                .filter(domain ->
                        in.organizationId == null || domain.organizationId().equals(in.organizationId))
                .toList();
        if (found.isEmpty()) {
            throw ApiException.notFound(Domain.TYPE.title(), in.domain);
        }
        if (found.size() > 1) {
            throw ApiException.invalid(
                    "organization_id", "organization_id_required", "Several organizations claim this domain.");
        }
        return found.get(0).id();
    }

    private Domain.View verify(Flow flow, String id) {
        return verify(flow::run, id).view();
    }

    /**
     * Looks for the domain's record now, between two transactions.
     *
     * @param run runs a step in a transaction of its own
     */
    Domain verify(Function<Function<Call, Domain>, Domain> run, String id) {
        Domain begun = run.apply(call -> begin(call, id));
        if (!proof.published(begun)) {
            return begun;
        }
        return run.apply(call -> finish(call, begun));
    }

    private Domain begin(Call call, String id) {
        Domain domain = call.need(Domain.TYPE, id);
        needUnproved(call, domain);
        call.limit("verify-domain:" + id, MOST_TRIES, WINDOW);
        DomainCheck.start(call, id);
        return call.update(Domain.TYPE, id, d -> d.in(Domain.PENDING, Domain.BY_DNS));
    }

    /** What DNS said counts for the claim that asked, if nothing has become of it meanwhile (ATTACKS Q15). */
    private Domain finish(Call call, Domain begun) {
        DomainClaims.held(call, begun.domain());
        Domain domain = call.need(Domain.TYPE, begun.id());
        if (domain.proved() || !domain.state().equals(Domain.PENDING)) {
            return domain;
        }
        needUnproved(call, domain);
        return claims.prove(call, domain, Domain.BY_DNS);
    }

    private static void needUnproved(Call call, Domain domain) {
        if (domain.proved()) {
            throw ApiException.of(400, "domain_already_verified", "Domain is already verified.");
        }
        if (DomainClaims.owner(call, domain).isPresent()) {
            throw ApiException.of(
                    400, "domain_already_verified", "Domain is already verified, by another organization.");
        }
    }
}
