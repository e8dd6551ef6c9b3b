package dev.gatehouse.organizations;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.background.Rounds;
import dev.gatehouse.engine.Actor;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Engine;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks again at domains, each on one node at a time: ever less often at those that are pending, daily at those that DNS has
 * proved. One of these fails when its record is not there for as long as the setting says and no look has found it; a DNS
 * that does not answer says nothing.
 */
final class DomainChecks {
    private static final Duration UNANSWERED = Duration.ofHours(6);
    private static final Duration CLAIM = Duration.ofMinutes(5);

    private static final Logger LOG = LoggerFactory.getLogger(DomainChecks.class);

    private final Engine engine;
    private final DomainClaims claims;
    private final DomainProof proof;

    DomainChecks(Engine engine, DomainClaims claims, DomainProof proof) {
        this.engine = engine;
        this.claims = claims;
        this.proof = proof;
    }

    private record Claim(DomainCheck check, Domain domain) {}

    /** Looks at what is due in an environment. */
    void run(String env) {
        Rounds.run(
                engine,
                env,
                DomainCheck.TYPE,
                (call, check) -> claim(call, check).map(claim -> () -> settle(env, claim, proof.look(claim.domain))));
    }

    /** Of any number of nodes one gets it. */
    private Optional<Claim> claim(Call call, DomainCheck check) {
        Domain domain = call.hold(Domain.TYPE, check.domainId()).orElse(null);
        Optional<DomainCheck> taken = call.take(DomainCheck.TYPE, check.id());
        if (domain == null || !claims.looksAt(domain) || taken.isEmpty()) {
            return Optional.empty();
        }
        DomainCheck claimed =
                call.create(DomainCheck.TYPE, taken.get().at(call.now().plus(CLAIM), call.now()));
        return Optional.of(new Claim(claimed, domain));
    }

    private void settle(String env, Claim claim, DomainProof.Seen seen) {
        try {
            engine.run(env, Actor.SYSTEM, call -> settle(call, claim, seen));
        } catch (ApiException e) {
            // somebody else had it proved or deleted in this moment; the next look, after the claim, sees that
            LOG.info("domain {} waits for another look ({})", claim.domain.id(), e.text());
        }
    }

    private boolean settle(Call call, Claim claim, DomainProof.Seen seen) {
        DomainClaims.held(call, claim.domain.domain());
        Domain domain = call.find(Domain.TYPE, claim.domain.id()).orElse(null);
        if (domain == null || !claims.looksAt(domain) || !domain.state().equals(claim.domain.state())) {
            return false;
        }
        if (domain.proved()) {
            keep(call, claim.check, domain, seen);
        } else {
            wait(call, claim.check, domain, seen);
        }
        return true;
    }

    private void wait(Call call, DomainCheck check, Domain domain, DomainProof.Seen seen) {
        if (DomainClaims.owner(call, domain).isPresent()) {
            claims.fail(call, domain, DomainClaims.OTHER_ORGANIZATION);
        } else if (seen == DomainProof.Seen.THERE) {
            claims.prove(call, domain, Domain.BY_DNS);
        } else if (call.take(DomainCheck.TYPE, check.id()).isPresent()) {
            // who verified it anew meanwhile has a new row, and a new period
            if (check.expired(call.now())) {
                claims.fail(call, domain, DomainClaims.PERIOD_EXPIRED);
            } else {
                call.create(DomainCheck.TYPE, check.next(call.now()));
            }
        }
    }

    private void keep(Call call, DomainCheck check, Domain domain, DomainProof.Seen seen) {
        if (call.take(DomainCheck.TYPE, check.id()).isEmpty()) {
            return;
        }
        Instant now = call.now();
        if (seen == DomainProof.Seen.MISSING && check.lost(now)) {
            claims.fail(call, domain, DomainClaims.PERIOD_EXPIRED);
            return;
        }
        call.create(
                DomainCheck.TYPE,
                switch (seen) {
                    case THERE -> check.found(now);
                    case MISSING -> check.missed(now, claims.grace());
                    case UNKNOWN -> check.at(now.plus(UNANSWERED), now);
                });
    }
}
