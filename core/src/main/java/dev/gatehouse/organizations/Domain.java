package dev.gatehouse.organizations;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import dev.gatehouse.engine.Omittable;
import dev.gatehouse.engine.OneOf;
import dev.gatehouse.identity.Email;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A domain that an organization claims. Any number of organizations may wait for the proof that it is theirs; one of an
 * environment has it.
 *
 * @param id {@code org_domain_…}
 * @param domain lower case
 * @param state {@link #PENDING}, {@link #VERIFIED}, {@link #FAILED} or {@link #LEGACY_VERIFIED}
 * @param verificationStrategy {@code dns}, or {@code manual} where the application vouched for it
 * @param verificationToken what the DNS record must hold; no secret
 * @param verificationPrefix first label of the record's name; null for claims from before there were any
 */
public record Domain(
        String id,
        String organizationId,
        String domain,
        String state,
        String verificationStrategy,
        @Nullable String verificationToken,
        @Nullable String verificationPrefix,
        Instant createdAt,
        Instant updatedAt)
        implements Entity {
    /** It waits for its DNS record. */
    public static final String PENDING = "pending";

    /** It is the organization's. */
    public static final String VERIFIED = "verified";

    /** The record did not come in time, or another organization has the domain now. */
    public static final String FAILED = "failed";

    /** It is the organization's by an older system's word, as it came with an import. */
    public static final String LEGACY_VERIFIED = "legacy_verified";

    /** Strategy of a domain that DNS proves. */
    static final String BY_DNS = "dns";

    /** Strategy of a domain that the application vouched for. */
    static final String BY_HAND = "manual";

    private static final Pattern NAME =
            Pattern.compile("(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?");
    static final EntityType<Domain> TYPE = EntityType.of("organization_domain", "org_domain", Domain.class)
            .unique("domain", d -> d.proved() ? d.domain : null, Domain::taken)
            .unique(
                    "claim",
                    d -> claim(d.organizationId, d.domain),
                    d -> exists("This organization has the domain '" + d.domain + "' already."))
            .lookup("name", Domain::domain)
            .lookup("organization_id", Domain::organizationId)
            .events("organization_domain")
            .view(View.class, (d, call) -> d.view());

    /** Whether it is the organization's. */
    public boolean proved() {
        return state.equals(VERIFIED) || state.equals(LEGACY_VERIFIED);
    }

    static String claim(String organizationId, String name) {
        return organizationId + " " + name;
    }

    /** What to answer to whoever claims what another organization has. */
    ApiException taken() {
        return exists("The domain '" + domain + "' belongs to another organization.");
    }

    private static ApiException exists(String message) {
        return ApiException.of(409, "domain_already_exists", message);
    }

    /** The same domain under an identifier, as this organization's. */
    Domain of(String newId, String owner) {
        return with(newId, owner, state, verificationStrategy);
    }

    Domain in(String newState, String strategy) {
        return with(id, organizationId, newState, strategy);
    }

    private Domain with(String newId, String owner, String newState, String strategy) {
        return new Domain(
                newId, owner, domain, newState, strategy, verificationToken, verificationPrefix, createdAt, updatedAt);
    }

    record View(
            String object,
            String id,
            String organizationId,
            String domain,

            @Omittable @OneOf({PENDING, VERIFIED, FAILED, LEGACY_VERIFIED})
            String state,

            @Omittable @Nullable String verificationPrefix,
            @Omittable @Nullable String verificationToken,
            @Omittable @OneOf({BY_DNS, BY_HAND}) String verificationStrategy,
            Instant createdAt,
            Instant updatedAt) {}

    View view() {
        return new View(
                "organization_domain",
                id,
                organizationId,
                domain,
                state,
                verificationPrefix,
                verificationToken,
                verificationStrategy,
                createdAt,
                updatedAt);
    }

    /** Domains of an organization in any state, oldest first. */
    public static List<Domain> ofOrganization(Call call, String organizationId) {
        return call.all(TYPE, "organization_id", organizationId);
    }

    /**
     * The organization whose an address's domain is, proved.
     *
     * @param email address in any case
     */
    public static Optional<String> ownerOf(Call call, String email) {
        String folded = Email.fold(email);
        return call.findBy(TYPE, "domain", folded.substring(folded.lastIndexOf('@') + 1))
                .map(Domain::organizationId);
    }

    static List<View> views(Call call, String organizationId) {
        return ofOrganization(call, organizationId).stream().map(Domain::view).toList();
    }

    /** @throws ApiException 422 if it is no domain, or a public mailbox provider's */
    static String check(String text) {
        // ASCII first: lower case turns a Kelvin sign into a k, and so one domain into another
        boolean ascii = text.chars().allMatch(c -> c < 0x80);
        String name = text.strip().toLowerCase(Locale.ROOT);
        if (!ascii || !NAME.matcher(name).matches()) {
            throw ApiException.invalid("domain", "invalid_domain", "'" + text + "' is not a domain name.");
        }
        if (Mailboxes.offeredToAnybody(name)) {
            throw ApiException.invalid(
                    "domain", "consumer_domain_forbidden", "'" + name + "' is a public mailbox provider's domain.");
        }
        return name;
    }
}
