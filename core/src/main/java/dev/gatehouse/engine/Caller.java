package dev.gatehouse.engine;

import java.util.Set;

/**
 * Who sent a REST request, proved by an API key.
 *
 * @param env the environment that owns the key; everything the request touches lies in it
 * @param actor the key
 * @param permissions {@code *} for all, or words like {@code user:write}
 */
public record Caller(String env, Actor actor, Set<String> permissions) {
    public Caller {
        permissions = Set.copyOf(permissions);
    }

    /** Whether the key may do this. */
    public boolean may(String permission) {
        return permissions.contains("*") || permissions.contains(permission);
    }
}
