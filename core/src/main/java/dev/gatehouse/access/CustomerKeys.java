package dev.gatehouse.access;

import dev.gatehouse.crypto.RandomTokens;
import dev.gatehouse.engine.Actor;
import dev.gatehouse.engine.Area;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.engine.EntityType;
import dev.gatehouse.engine.Routes;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Keys with which customers of the application call it, of one environment. Emits the same events as over REST. */
public final class CustomerKeys implements Area {
    private final Engine engine;
    private final String env;
    private final CustomerKeyOperations operations;
    private final KeyCache cache;

    private CustomerKeys(Engine engine, String env, CustomerKeyOperations operations, KeyCache cache) {
        this.cache = cache;
        this.engine = engine;
        this.env = env;
        this.operations = operations;
    }

    /** Puts the area together; it works in an environment once {@link #in} names one. */
    public static CustomerKeys of(Engine engine, Grants grants, RandomTokens random) {
        return new CustomerKeys(engine, "", new CustomerKeyOperations(grants, random), grants.keys());
    }

    /** The same operations in another environment. */
    public CustomerKeys in(String other) {
        return new CustomerKeys(engine, other, operations, cache);
    }

    @Override
    public List<EntityType<?>> types() {
        return List.of(CustomerKey.TYPE);
    }

    @Override
    public void routes(Routes r) {
        operations.routes(r);
    }

    /**
     * A key that was made just now.
     *
     * @param value the key itself; this is the only time it can be seen
     * @param key what is stored of it
     */
    public record NewKey(String value, CustomerKey key) {
        @Override
        public String toString() {
            return key.toString();
        }
    }

    /**
     * Makes a key of an organization.
     *
     * @param permissions slugs of what its holder may do
     * @param expiresAt null for never
     * @throws dev.gatehouse.api.ApiException 404 if there is no such organization; 422 for an unknown permission, or a name
     *     that is blank or longer than 200 characters
     */
    public NewKey createForOrganization(
            String organizationId, String name, Collection<String> permissions, @Nullable Instant expiresAt) {
        return create(organizationId, null, name, permissions, expiresAt);
    }

    /**
     * Makes a key of a user in an organization. It never allows more than the user may at the time it is used.
     *
     * @throws dev.gatehouse.api.ApiException as the other; 400 if the user is not an active member
     */
    public NewKey createForUser(
            String userId,
            String organizationId,
            String name,
            Collection<String> permissions,
            @Nullable Instant expiresAt) {
        return create(organizationId, userId, name, permissions, expiresAt);
    }

    private NewKey create(
            String organizationId,
            @Nullable String userId,
            String name,
            Collection<String> permissions,
            @Nullable Instant expiresAt) {
        List<String> slugs = List.copyOf(permissions);
        engine.checked(new CustomerKeyOperations.OfOrganization(name, slugs, null));
        CustomerKeyOperations.Made made =
                run(call -> operations.create(call, organizationId, userId, name, slugs, expiresAt));
        return new NewKey(made.value(), made.key());
    }

    /**
     * The key of this value with what it allows now; empty if it is unknown, expired or revoked, or its user is no active
     * member any more. Notes that it was used, to the minute.
     */
    public Optional<CustomerKey> validate(String value) {
        return run(call -> operations.validate(call, value));
    }

    /**
     * Who calls with a key, for adapters; null if the key opens nothing. As of at most {@code revocation-bound} ago, but a
     * key that was revoked on this node opens nothing from then on.
     */
    public @Nullable KeyHolder holder(String value) {
        String digest = CustomerKeyOperations.digest(value);
        return digest == null
                ? null
                : cache.get(
                        env,
                        digest,
                        () -> validate(value)
                                .map(key -> new KeyHolder(env, key))
                                .orElse(null));
    }

    /** Keys of an organization's own, oldest first; expired ones too. */
    public List<CustomerKey> ofOrganization(String organizationId) {
        return run(call -> call.all(CustomerKey.TYPE, "owner", organizationId));
    }

    /** Keys of a user in any organization, oldest first; expired ones too. */
    public List<CustomerKey> ofUser(String userId) {
        return run(call -> call.all(CustomerKey.TYPE, "user_id", userId));
    }

    /**
     * Says when a key ends; null for never.
     *
     * @throws dev.gatehouse.api.ApiException 404; 409 {@code api_key_already_expired}
     */
    public CustomerKey expire(String keyId, @Nullable Instant at) {
        return run(call -> operations.expire(call, call.need(CustomerKey.TYPE, keyId), at));
    }

    /**
     * Makes a key useless at once.
     *
     * @throws dev.gatehouse.api.ApiException 404
     */
    public void revoke(String keyId) {
        run(call -> {
            operations.revoke(call.need(CustomerKey.TYPE, keyId), call);
            return true;
        });
    }

    private <T> T run(Function<Call, T> step) {
        return engine.run(env, Actor.SYSTEM, step);
    }
}
