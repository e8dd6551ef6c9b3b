package dev.gatehouse.organizations;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import dev.gatehouse.engine.Omittable;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A domain that an organization claims; one organization of an environment may have it.
 *
 * @param domain lower case
 * @param state {@code pending} or {@code verified}
 * @param verificationStrategy {@code dns} or {@code manual}
 * @param verificationToken what the DNS record must hold
 */
record Domain(
        String id,
        String organizationId,
        String domain,
        String state,
        String verificationStrategy,
        @Nullable String verificationToken,
        Instant createdAt,
        Instant updatedAt)
        implements Entity {
    private static final Pattern NAME =
            Pattern.compile("(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?");
    static final EntityType<Domain> TYPE = EntityType.of("organization_domain", "org_domain", Domain.class)
            .unique(
                    "domain",
                    Domain::domain,
                    d -> ApiException.of(
                            409,
                            "domain_already_exists",
                            "The domain '" + d.domain + "' belongs to another organization."))
            .lookup("organization_id", Domain::organizationId)
            .events("organization_domain")
            .view(View.class, (d, call) -> d.view());

    /** The same domain under an identifier, as this organization's. */
    Domain of(String newId, String owner) {
        return new Domain(newId, owner, domain, state, verificationStrategy, verificationToken, createdAt, updatedAt);
    }

    record View(
            String object,
            String id,
            String organizationId,
            String domain,
            @Omittable String state,
            @Omittable @Nullable String verificationToken,
            @Omittable String verificationStrategy,
            Instant createdAt,
            Instant updatedAt) {}

    private View view() {
        return new View(
                "organization_domain",
                id,
                organizationId,
                domain,
                state,
                verificationToken,
                verificationStrategy,
                createdAt,
                updatedAt);
    }

    static List<View> views(Call call, String organizationId) {
        return call.all(TYPE, "organization_id", organizationId).stream()
                .map(Domain::view)
                .toList();
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
