package dev.gatehouse.organizations;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Actor;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Engine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks again at the domains that are pending, each on one node at a time, ever less often. */
final class DomainChecks {
    private static final Duration CLAIM = Duration.ofMinutes(5);
    private static final Duration BUDGET = Duration.ofSeconds(20);
    private static final int MOST = 200;
    private static final int PAGE = 20;

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

    /** What one look into the queue found: a claim, or nothing but rows of domains that are gone. */
    private record Look(@Nullable Claim claim, boolean more) {}

    /** Looks at what is due in an environment, for twenty seconds at most; the rest stays due. */
    void run(String env) {
        long end = System.nanoTime() + BUDGET.toNanos();
        for (int i = 0; i < MOST && System.nanoTime() - end < 0; i++) {
            Look look = engine.run(env, Actor.SYSTEM, this::look);
            Claim claim = look.claim();
            if (claim != null) {
                boolean published = proof.published(claim.domain);
                settle(env, claim, published);
            } else if (!look.more()) {
                return;
            }
        }
    }

    private Look look(Call call) {
        List<DomainCheck> first = call.page(DomainCheck.TYPE, Map.of(), null, new Call.Window(null, null, false, PAGE));
        for (DomainCheck check : first) {
            if (check.due().isAfter(call.now())) {
                return new Look(null, false);
            }
            Optional<Claim> claim = claim(call, check);
            if (claim.isPresent()) {
                return new Look(claim.get(), true);
            }
        }
        return new Look(null, first.size() == PAGE);
    }

    /** Of any number of nodes one gets it. */
    private static Optional<Claim> claim(Call call, DomainCheck check) {
        Domain domain = call.hold(Domain.TYPE, check.domainId()).orElse(null);
        Optional<DomainCheck> taken = call.take(DomainCheck.TYPE, check.id());
        if (domain == null || !domain.state().equals(Domain.PENDING) || taken.isEmpty()) {
            return Optional.empty();
        }
        DomainCheck claimed =
                call.create(DomainCheck.TYPE, taken.get().at(call.now().plus(CLAIM), check.tries(), call.now()));
        return Optional.of(new Claim(claimed, domain));
    }

    private void settle(String env, Claim claim, boolean published) {
        try {
            engine.run(env, Actor.SYSTEM, call -> settle(call, claim, published));
        } catch (ApiException e) {
            // somebody else had it proved or deleted in this moment; the next look, after the claim, sees that
            LOG.info("domain {} waits for another look ({})", claim.domain.id(), e.text());
        }
    }

    private boolean settle(Call call, Claim claim, boolean published) {
        DomainClaims.held(call, claim.domain.domain());
        Domain domain = call.find(Domain.TYPE, claim.domain.id()).orElse(null);
        if (domain == null || !domain.state().equals(Domain.PENDING)) {
            return false;
        }
        if (DomainClaims.owner(call, domain).isPresent()) {
            claims.fail(call, domain, DomainClaims.OTHER_ORGANIZATION);
        } else if (published) {
            claims.prove(call, domain, "dns");
        } else if (!call.now().isBefore(claim.check.until())) {
            // who verified it anew meanwhile has a new row, and a new period
            if (call.take(DomainCheck.TYPE, claim.check.id()).isPresent()) {
                claims.fail(call, domain, DomainClaims.PERIOD_EXPIRED);
            }
        } else {
            call.take(DomainCheck.TYPE, claim.check.id())
                    .ifPresent(check -> call.create(DomainCheck.TYPE, check.next(call.now())));
        }
        return true;
    }
}
