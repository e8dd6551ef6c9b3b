package dev.gatehouse.access;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import dev.gatehouse.engine.Omittable;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key with which a customer of the application calls the application; it opens nothing of Gatehouse (contract/behaviour/09
 * §9.11).
 *
 * @param id {@code api_key_…}
 * @param organizationId whose it is, or in which its user is a member
 * @param userId whose it is; null if it is the organization's
 * @param digest of the key itself, which is nowhere
 * @param hint its last four characters
 * @param permissions slugs
 * @param lastUsedAt to the minute; null if never
 * @param expiresAt null for never
 */
public record CustomerKey(
        String id,
        String organizationId,
        @Nullable String userId,
        String name,
        String digest,
        String hint,
        List<String> permissions,
        @Nullable Instant lastUsedAt,
        @Nullable Instant expiresAt,
        Instant createdAt,
        Instant updatedAt)
        implements Entity {

    public CustomerKey {
        permissions = List.copyOf(permissions);
    }

    static final EntityType<CustomerKey> TYPE = EntityType.of("api_key", "api_key", CustomerKey.class)
            .unique("digest", CustomerKey::digest, k -> ApiException.of(409, "conflict", "That key exists already."))
            .lookup("owner", k -> k.userId == null ? k.organizationId : null)
            .lookup("organization_id", CustomerKey::organizationId)
            .lookup("user_id", CustomerKey::userId)
            .view(View.class, (k, call) -> k.view());

    boolean expired(Instant now) {
        return expiresAt != null && !now.isBefore(expiresAt);
    }

    CustomerKey used(Instant at) {
        return new CustomerKey(
                id, organizationId, userId, name, digest, hint, permissions, at, expiresAt, createdAt, updatedAt);
    }

    CustomerKey ending(@Nullable Instant at) {
        return new CustomerKey(
                id, organizationId, userId, name, digest, hint, permissions, lastUsedAt, at, createdAt, updatedAt);
    }

    CustomerKey allowed(List<String> slugs) {
        return new CustomerKey(
                id, organizationId, userId, name, digest, hint, slugs, lastUsedAt, expiresAt, createdAt, updatedAt);
    }

    private Owner owner() {
        return userId == null
                ? new Owner("organization", organizationId, null)
                : new Owner("user", userId, organizationId);
    }

    View view() {
        return new View(
                "api_key", id, owner(), name, "sk_…" + hint, lastUsedAt, expiresAt, permissions, createdAt, updatedAt);
    }

    Created created(String value) {
        return new Created(
                "api_key",
                id,
                owner(),
                name,
                "sk_…" + hint,
                lastUsedAt,
                expiresAt,
                permissions,
                createdAt,
                updatedAt,
                value);
    }

    @Override
    public String toString() {
        return id;
    }

    record Owner(
            String type, String id, @Omittable @Nullable String organizationId) {}

    record View(
            String object,
            String id,
            Owner owner,
            String name,
            String obfuscatedValue,
            @Nullable Instant lastUsedAt,
            @Nullable Instant expiresAt,
            List<String> permissions,
            Instant createdAt,
            Instant updatedAt) {}

    record Created(
            String object,
            String id,
            Owner owner,
            String name,
            String obfuscatedValue,
            @Nullable Instant lastUsedAt,
            @Nullable Instant expiresAt,
            List<String> permissions,
            Instant createdAt,
            Instant updatedAt,
            String value) {}
}
