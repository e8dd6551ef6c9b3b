package dev.gatehouse.access;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.crypto.Digest;
import dev.gatehouse.crypto.RandomTokens;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Field;
import dev.gatehouse.engine.Limit;
import dev.gatehouse.engine.Required;
import dev.gatehouse.engine.Route;
import dev.gatehouse.engine.Routes;
import dev.gatehouse.identity.User;
import dev.gatehouse.organizations.Membership;
import dev.gatehouse.organizations.Organization;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The operations on keys of the application's customers. */
final class CustomerKeyOperations {
    private static final String DIGEST = "customer_key";
    private static final Pattern VALUE = Pattern.compile("sk_[A-Za-z0-9]{43}");
    /** How often the last use is stored, at most. */
    private static final Duration STORE_USE = Duration.ofMinutes(1);

    private final Grants grants;
    private final RandomTokens random;

    CustomerKeyOperations(Grants grants, RandomTokens random) {
        this.grants = grants;
        this.random = random;
    }

    record OfOrganization(
            @Required @Limit(200) String name,
            @Nullable List<String> permissions,
            @Nullable String expiresAt) {}

    record OfUser(
            @Required @Limit(200) String name,
            @Required String organizationId,
            @Nullable List<String> permissions,
            @Nullable String expiresAt) {}

    record Value(@Required String value) {}

    record Validation(CustomerKey.@Nullable View apiKey) {}

    record Expire(Field<String> expiresAt) {}

    /** A key that was made just now, with its value. */
    record Made(CustomerKey key, String value) {}

    void routes(Routes r) {
        String organization = "/organizations/{organizationId}/api_keys";
        String user = "/user_management/users/{userId}/api_keys";
        r.list("GET " + organization, CustomerKey.TYPE).under("organizationId", Organization.TYPE, "owner");
        r.action(
                        "POST " + organization,
                        OfOrganization.class,
                        CustomerKey.Created.class,
                        (in, flow) -> flow.run(call -> {
                            Instant ends = instant(in.expiresAt, call.now());
                            Made made = create(
                                    call, flow.variable("organizationId"), null, in.name, slugs(in.permissions), ends);
                            return made.key.created(made.value);
                        }))
                .status(201)
                .problems(Route.Problems.FIELD)
                .permission("api_key:write");
        r.list("GET " + user, CustomerKey.TYPE, "organization_id").under("userId", User.TYPE, "user_id");
        r.action(
                        "POST " + user,
                        OfUser.class,
                        CustomerKey.Created.class,
                        (in, flow) -> flow.run(call -> {
                            Instant ends = instant(in.expiresAt, call.now());
                            Made made = create(
                                    call,
                                    in.organizationId,
                                    flow.variable("userId"),
                                    in.name,
                                    slugs(in.permissions),
                                    ends);
                            return made.key.created(made.value);
                        }))
                .status(201)
                .permission("api_key:write");
        r.action(
                        "POST /api_keys/validations",
                        Value.class,
                        Validation.class,
                        (in, flow) -> flow.run(call -> new Validation(
                                validate(call, in.value).map(CustomerKey::view).orElse(null))))
                .permission("api_key:read");
        r.delete("DELETE /api_keys/{id}", CustomerKey.TYPE, this::revoke);
        r.update("POST /api_keys/{id}/expire", CustomerKey.TYPE, Expire.class, (key, in, call) -> {
            Instant ends = !in.expiresAt.present() ? call.now() : instant(in.expiresAt.value(), call.now());
            return expire(call, key, ends);
        });
    }

    private static List<String> slugs(@Nullable List<String> permissions) {
        return permissions == null ? List.of() : permissions;
    }

    private static @Nullable Instant instant(@Nullable String text, Instant now) {
        if (text == null) {
            return null;
        }
        try {
            Instant at = Instant.parse(text);
            if (at.isAfter(now)) {
                return at;
            }
        } catch (DateTimeParseException e) {
            // refused below
        }
        throw ApiException.invalid(
                "expires_at", "expires_at_invalid", "expires_at must be a time to come, ISO 8601 in UTC.");
    }

    /** Makes a key of an organization, or of a user in it. */
    Made create(
            Call call,
            String organizationId,
            @Nullable String userId,
            String name,
            List<String> permissions,
            @Nullable Instant expiresAt) {
        if (userId != null) {
            call.need(User.TYPE, userId);
        }
        Organization organization = call.need(Organization.TYPE, organizationId);
        if (userId != null && member(call, userId, organization.id()).isEmpty()) {
            throw ApiException.of(400, "bad_request", "The user is not an active member of that organization.");
        }
        for (String slug : permissions) {
            if (call.findBy(Permission.TYPE, "slug", slug).isEmpty()) {
                throw ApiException.invalid(
                        "permissions", "invalid_permission", "There is no permission '" + slug + "'.");
            }
        }
        String value = "sk_" + random.base62(43);
        CustomerKey key = call.create(
                CustomerKey.TYPE,
                new CustomerKey(
                        call.newId(CustomerKey.TYPE),
                        organization.id(),
                        userId,
                        name,
                        Digest.of(DIGEST, value),
                        value.substring(value.length() - 4),
                        permissions.stream().distinct().sorted().toList(),
                        null,
                        expiresAt,
                        call.now(),
                        call.now()));
        call.emit("api_key.created", key.view());
        return new Made(key, value);
    }

    private static Optional<Membership> member(Call call, String userId, String organizationId) {
        return Membership.find(call, userId, organizationId)
                .filter(m -> m.status().equals("active"));
    }

    /**
     * The key of this value, if it opens something now. A user's never allows more than its user may, and nothing once that
     * is no active member.
     */
    Optional<CustomerKey> validate(Call call, String value) {
        if (!VALUE.matcher(value).matches()) {
            return Optional.empty();
        }
        // the look-up compares digests: its timing tells nothing about the key
        CustomerKey key = call.findBy(CustomerKey.TYPE, "digest", Digest.of(DIGEST, value))
                .filter(found -> !found.expired(call.now()))
                .orElse(null);
        if (key == null) {
            return Optional.empty();
        }
        List<String> allowed = key.permissions();
        if (key.userId() != null) {
            Membership membership =
                    member(call, key.userId(), key.organizationId()).orElse(null);
            if (membership == null) {
                return Optional.empty();
            }
            Set<String> may = new HashSet<>(grants.standing(call, membership).permissions());
            allowed = allowed.stream().filter(may::contains).toList();
        }
        Instant last = key.lastUsedAt();
        CustomerKey used = last != null && call.now().isBefore(last.plus(STORE_USE))
                ? key
                : call.updateSilently(CustomerKey.TYPE, key.id(), k -> k.used(call.now()));
        return Optional.of(used.allowed(allowed));
    }

    /** Makes a key useless at once. */
    void revoke(CustomerKey key, Call call) {
        revoke(call, grants.keys(), key);
    }

    private static void revoke(Call call, KeyCache keys, CustomerKey key) {
        call.delete(CustomerKey.TYPE, key);
        call.afterCommit(() -> keys.forget(key.digest()));
        if (!key.expired(call.now())) {
            call.emit("api_key.revoked", key.view());
        }
    }

    /**
     * Says when a key ends: now, later, or never.
     *
     * @throws ApiException 409 {@code api_key_already_expired}
     */
    CustomerKey expire(Call call, CustomerKey key, @Nullable Instant at) {
        if (key.expired(call.now())) {
            throw ApiException.of(409, "api_key_already_expired", "The key has expired.");
        }
        CustomerKey changed = call.update(CustomerKey.TYPE, key.id(), k -> k.ending(at));
        call.afterCommit(() -> grants.keys().forget(key.digest()));
        if (changed.expired(call.now())) {
            call.emit("api_key.revoked", changed.view());
        } else if (!changed.equals(key)) {
            call.emit("api_key.updated", new Updated(changed.view(), key.expiresAt()).flat());
        }
        return changed;
    }

    /** What changed, beside what is. */
    private record Updated(CustomerKey.View now, @Nullable Instant before) {
        record Flat(
                String object,
                String id,
                Object owner,
                String name,
                String obfuscatedValue,
                @Nullable Instant lastUsedAt,
                @Nullable Instant expiresAt,
                List<String> permissions,
                Instant createdAt,
                Instant updatedAt,
                Previous previousAttributes) {}

        record Previous(@Nullable Instant expiresAt) {}

        Flat flat() {
            return new Flat(
                    now.object(),
                    now.id(),
                    now.owner(),
                    now.name(),
                    now.obfuscatedValue(),
                    now.lastUsedAt(),
                    now.expiresAt(),
                    now.permissions(),
                    now.createdAt(),
                    now.updatedAt(),
                    new Previous(before));
        }
    }

    /** What finds a key; null for what is spelt like none. */
    static @Nullable String digest(String value) {
        return VALUE.matcher(value).matches() ? Digest.of(DIGEST, value) : null;
    }

    /** Revokes the keys of a user in an organization that it leaves. */
    static void membershipGoes(Call call, KeyCache keys, Membership membership) {
        call.all(CustomerKey.TYPE, "user_id", membership.userId()).stream()
                .filter(key -> key.organizationId().equals(membership.organizationId()))
                .forEach(key -> revoke(call, keys, key));
    }

    /** Revokes the keys of an organization that goes. */
    static void organizationGoes(Call call, KeyCache keys, Organization organization) {
        call.all(CustomerKey.TYPE, "organization_id", organization.id()).forEach(key -> revoke(call, keys, key));
    }
}
