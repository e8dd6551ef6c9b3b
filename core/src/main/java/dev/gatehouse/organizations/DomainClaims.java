package dev.gatehouse.organizations;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.config.Config;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.RandomTokens;
import dev.gatehouse.engine.Call;
import java.text.Normalizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How domains come, are proved, fail and go. A claim that waits keeps nobody from proving that the domain is theirs: proof
 * ends the other claims, in the same transaction.
 */
final class DomainClaims {
    /** Most domains of an organization. */
    static final int MOST = 1_000;

    /** Reason of {@code organization_domain.verification_failed}. */
    static final String PERIOD_EXPIRED = "domain_verification_period_expired";

    /** The other reason. */
    static final String OTHER_ORGANIZATION = "domain_verified_by_other_organization";

    private static final int TOKEN = 25;
    private static final int MOST_OF_NAME = 30;
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";

    private final RandomTokens random;
    private final String application;
    private final Duration grace;

    DomainClaims(Config config, RandomTokens random) {
        this.grace = config.get(Setting.DOMAIN_RECHECK);
        this.random = random;
        this.application = label(config.get(Setting.APP_NAME));
    }

    /** What goes into an event. */
    record Failed(String reason, Domain.View organizationDomain) {}

    /** The application's name as the beginning of a DNS label. */
    private static String label(String name) {
        String plain = Normalizer.normalize(name, Normalizer.Form.NFKD)
                .toLowerCase(Locale.ROOT)
                .replaceAll("\\p{M}", "")
                .replaceAll("[^a-z0-9]+", "-");
        String cut = plain.substring(0, Math.min(MOST_OF_NAME, plain.length())).replaceAll("^-|-$", "");
        return cut.isEmpty() ? "app" : cut;
    }

    /** How long a proved domain may lack its record. */
    Duration grace() {
        return grace;
    }

    /** Whether DNS is asked about a domain in its state. */
    boolean looksAt(Domain domain) {
        return domain.state().equals(Domain.PENDING) || looksAfter(domain);
    }

    private boolean looksAfter(Domain domain) {
        return domain.state().equals(Domain.VERIFIED)
                && domain.verificationStrategy().equals(Domain.BY_DNS)
                && !grace.isZero();
    }

    /** A token that nobody can guess: 148 bits. */
    String token() {
        return random.base62(TOKEN);
    }

    /** First label of a record's name. */
    String prefix() {
        return application + "-domain-verification-" + random.text(LETTERS, 6);
    }

    /**
     * Claims a domain for an organization that the caller holds, and makes it part of it.
     *
     * @throws ApiException 409 {@code domain_already_exists}; 422 if it is no domain or there are too many
     */
    Domain claim(Call call, Organization organization, String name, String state) {
        if (organization.domains().size() >= MOST) {
            throw ApiException.invalid("domain", "too_many_domains", "An organization has at most a thousand domains.");
        }
        Domain made = add(call, organization.id(), Domain.check(name), state);
        List<String> names = new ArrayList<>(organization.domains());
        names.add(made.domain());
        rename(call, organization, names);
        return made;
    }

    /** Deletes a domain of an organization that the caller holds, if it is still there. */
    void remove(Call call, Domain domain, @Nullable Organization organization) {
        delete(call, domain);
        if (organization != null) {
            List<String> names = new ArrayList<>(organization.domains());
            names.remove(domain.domain());
            rename(call, organization, names);
        }
    }

    private static void rename(Call call, Organization organization, List<String> names) {
        call.updateSilently(Organization.TYPE, organization.id(), o -> o.having(names, o.policy()));
    }

    /** Adds a domain; the names that the organization lists are the caller's to keep. */
    Domain add(Call call, String organizationId, String name, String state) {
        return put(
                call,
                new Domain(
                        call.newId(Domain.TYPE),
                        organizationId,
                        name,
                        state,
                        state.equals(Domain.VERIFIED) ? Domain.BY_HAND : Domain.BY_DNS,
                        token(),
                        prefix(),
                        call.now(),
                        call.now()));
    }

    /** Stores a new domain, with what follows from its state. */
    Domain put(Call call, Domain domain) {
        List<Domain> rivals = domain.state().equals(Domain.FAILED) ? List.of() : rivals(call, domain);
        Domain made = call.create(Domain.TYPE, domain);
        if (made.proved()) {
            call.emit("organization_domain.verified", call.view(Domain.TYPE, made));
            rivals.forEach(rival -> fail(call, rival, OTHER_ORGANIZATION));
        } else if (made.state().equals(Domain.PENDING)) {
            DomainCheck.start(call, made.id());
        }
        return made;
    }

    /**
     * Gives a domain to the organization that claims it, and ends the claims of others.
     *
     * @param strategy {@code dns} or {@code manual}
     * @throws ApiException 409 {@code domain_already_exists} if another organization has it
     */
    Domain prove(Call call, Domain domain, String strategy) {
        List<Domain> rivals = rivals(call, domain);
        Domain held = call.need(Domain.TYPE, domain.id());
        if (held.proved()) {
            return held;
        }
        DomainCheck.stop(call, held.id());
        Domain verified = call.update(Domain.TYPE, held.id(), d -> d.in(Domain.VERIFIED, strategy));
        if (looksAfter(verified)) {
            DomainCheck.keep(call, held.id());
        }
        call.emit("organization_domain.verified", call.view(Domain.TYPE, verified));
        rivals.forEach(rival -> fail(call, rival, OTHER_ORGANIZATION));
        return verified;
    }

    /** As {@link #prove} by the application's word: it holds whatever becomes of a record. */
    Domain vouch(Call call, Domain domain) {
        Domain proved = prove(call, domain, Domain.BY_HAND);
        if (!looksAfter(proved)) {
            return proved;
        }
        DomainCheck.stop(call, proved.id());
        return call.update(Domain.TYPE, proved.id(), d -> d.in(Domain.VERIFIED, Domain.BY_HAND));
    }

    /**
     * Other organizations' open claims of the same name, held: in one order everywhere, so that two proofs never wait for
     * each other.
     *
     * @throws ApiException 409 {@code domain_already_exists} if another organization has it
     */
    private static List<Domain> rivals(Call call, Domain domain) {
        List<Domain> rivals = held(call, domain.domain()).stream()
                .filter(other ->
                        !other.id().equals(domain.id()) && other.state().equals(Domain.PENDING))
                .toList();
        if (owner(call, domain).isPresent()) {
            throw domain.taken();
        }
        return rivals;
    }

    /** All claims of a name, held, oldest first. */
    static List<Domain> held(Call call, String name) {
        return call.all(Domain.TYPE, "name", name).stream()
                .flatMap(other -> call.hold(Domain.TYPE, other.id()).stream())
                .toList();
    }

    /** The domain of another organization that has this name, proved. */
    static Optional<Domain> owner(Call call, Domain domain) {
        return call.findBy(Domain.TYPE, "domain", domain.domain())
                .filter(other -> !other.organizationId().equals(domain.organizationId()));
    }

    /** Ends a claim; verifying begins it anew. */
    void fail(Call call, Domain domain, String reason) {
        Domain failed = call.update(Domain.TYPE, domain.id(), d -> d.in(Domain.FAILED, d.verificationStrategy()));
        DomainCheck.stop(call, domain.id());
        call.emit(
                "organization_domain.verification_failed", new Failed(reason, failed.view()), failed.organizationId());
    }

    /** Deletes a domain and the look-ups that were still to come. */
    static void delete(Call call, Domain domain) {
        DomainCheck.stop(call, domain.id());
        call.delete(Domain.TYPE, domain);
    }
}
