package dev.gatehouse.organizations;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Actor;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.engine.Routes;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Domains of the organizations of one environment, and the proof that they are theirs. Emits the same events as over REST.
 */
public final class Domains {
    private final Engine engine;
    private final String env;
    private final DomainClaims claims;
    private final DomainProof proof;
    private final DomainOperations operations;

    Domains(Engine engine, String env, DomainClaims claims, DomainProof proof, DomainOperations operations) {
        this.engine = engine;
        this.env = env;
        this.claims = claims;
        this.proof = proof;
        this.operations = operations;
    }

    void routes(Routes r) {
        operations.routes(r);
    }

    Domains in(String other) {
        return new Domains(engine, other, claims, proof, operations);
    }

    /**
     * Claims a domain for an organization. The claim waits for a TXT record with its token for thirty days; {@code
     * Gatehouse.maintain()} looks for it.
     *
     * @throws ApiException 404 if there is no such organization; 409 {@code domain_already_exists} if it claims the domain
     *     already, or another organization has proved that it is its own; 422 if it is no domain, or one at which anybody
     *     gets a mailbox
     */
    public Domain claim(String organizationId, String domain) {
        return run(call -> operations.create(new DomainOperations.Create(domain, organizationId), call));
    }

    /** The domain with this id. */
    public Optional<Domain> find(String id) {
        return run(call -> call.find(Domain.TYPE, id));
    }

    /** Domains of an organization in any state, oldest first. */
    public List<Domain> list(String organizationId) {
        return run(call -> call.all(Domain.TYPE, "organization_id", organizationId));
    }

    /** The domain that an organization has proved to be its own, by its name in any case. */
    public Optional<Domain> verified(String domain) {
        return run(call -> call.findBy(Domain.TYPE, "domain", Domain.check(domain)));
    }

    /**
     * Looks for the domain's TXT record now, in this thread, for some seconds if DNS is slow: {@code verified} if it is
     * there, else {@code pending} with thirty days from now. It opens transactions of its own, so call it in none.
     *
     * @throws ApiException 404 if there is no such domain; 400 {@code domain_already_verified}, also if it is by another
     *     organization; 429 after ten times in ten minutes
     */
    public Domain verify(String id) {
        return operations.verify(this::run, id);
    }

    /**
     * Takes the application's word that the domain is the organization's, whatever becomes of its record; harmless if that
     * is known.
     *
     * @throws ApiException 404 if there is no such domain; 409 {@code domain_already_exists} if another organization has it
     */
    public Domain verifyManually(String id) {
        return run(call -> claims.vouch(call, call.get(Domain.TYPE, id)));
    }

    /**
     * Whether the domain's TXT record is in DNS now, in any state of the domain; changes nothing. A domain stays verified
     * for a time when its record goes (setting {@code domain-recheck}), so ask before what depends on it today.
     *
     * @throws ApiException 404 if there is no such domain
     */
    public boolean published(String id) {
        return proof.published(run(call -> call.get(Domain.TYPE, id)));
    }

    /** Deletes a domain, whatever its state; false if there was none. */
    public boolean remove(String id) {
        return run(call -> {
            Optional<Domain> found = call.find(Domain.TYPE, id);
            if (found.isEmpty()) {
                return false;
            }
            DomainOperations.inOrganization(call, id);
            Optional<Domain> held = call.hold(Domain.TYPE, id);
            held.ifPresent(domain -> operations.delete(domain, call));
            return held.isPresent();
        });
    }

    private <T> T run(Function<Call, T> step) {
        return engine.run(env, Actor.SYSTEM, step);
    }
}
