package dev.gatehouse.access;

import dev.gatehouse.identity.Authenticated;
import java.util.List;

/**
 * Who calls the application with a customer's API key, as of at most {@code revocation-bound} ago.
 *
 * @param environmentId environment that the key belongs to
 * @param key with what it allows now
 */
public record KeyHolder(String environmentId, CustomerKey key) implements Authenticated {
    @Override
    public String organizationId() {
        return key.organizationId();
    }

    @Override
    public List<String> roles() {
        return List.of();
    }

    @Override
    public List<String> permissions() {
        return key.permissions();
    }

    /** The key's id. */
    @Override
    public String getName() {
        return key.id();
    }

    @Override
    public String toString() {
        return key.id();
    }
}
