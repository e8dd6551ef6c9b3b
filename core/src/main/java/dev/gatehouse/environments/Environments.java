package dev.gatehouse.environments;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Request;
import dev.gatehouse.crypto.Digest;
import dev.gatehouse.crypto.Envelope;
import dev.gatehouse.crypto.RandomTokens;
import dev.gatehouse.engine.Actor;
import dev.gatehouse.engine.Area;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Caller;
import dev.gatehouse.engine.Callers;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.engine.EntityType;
import dev.gatehouse.engine.Routes;
import dev.gatehouse.spi.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Environments and what opens them: client ids, API keys, redirect URIs, CORS origins. Environments, clients and keys are
 * rows of the system space, since they are what tells to which environment a request belongs.
 */
public final class Environments implements Callers, Area {
    private static final Pattern KEY = Pattern.compile("sk_[A-Za-z0-9_]{21,200}");
    private static final Pattern CLIENT_ID = Pattern.compile("client_[A-Za-z0-9]{1,40}");
    private static final String DIGEST = "management_key";
    private static final String ROOT_KEYS = "root key check";

    private final Engine engine;
    private final RandomTokens random;
    private final Supplier<Set<String>> permissions;
    private final Map<String, Boolean> production = new ConcurrentHashMap<>();
    private final Consumer<Call> begin;

    /**
     * @param permissions words that keys may have, known once every operation is
     * @param begin makes what every environment begins with
     */
    public Environments(Engine engine, RandomTokens random, Supplier<Set<String>> permissions, Consumer<Call> begin) {
        this.engine = engine;
        this.random = random;
        this.permissions = permissions;
        this.begin = begin;
    }

    @Override
    public List<EntityType<?>> types() {
        return List.of(RedirectUri.TYPE, CorsOrigin.TYPE);
    }

    @Override
    public void routes(Routes r) {
        RedirectUri.routes(r, this);
        CorsOrigin.routes(r);
    }

    /**
     * A new API key.
     *
     * @param key the key itself; this is the only time it can be seen
     * @param record what is stored of it
     */
    public record NewKey(String key, ApiKey record) {
        @Override
        public String toString() {
            return "NewKey[" + record.id() + "]";
        }
    }

    /** The environment of that name, made if there is none; two nodes that start at once get the same. */
    public Environment ensure(String name, boolean production) {
        Optional<Environment> found = system(call -> call.findBy(Environment.TYPE, "name", name));
        if (found.isPresent()) {
            return found.get();
        }
        try {
            return system(call -> {
                Environment made = call.create(
                        Environment.TYPE,
                        new Environment(call.newId(Environment.TYPE), name, production, call.now(), call.now()));
                begin.accept(call.in(made.id()));
                return made;
            });
        } catch (ApiException taken) {
            return system(call -> call.findBy(Environment.TYPE, "name", name)).orElseThrow(() -> taken);
        }
    }

    /**
     * Whether these root keys are those that everything here was sealed under; the first start says what they are. Once the
     * primary key has changed, what is checked is sealed under that.
     */
    public boolean opens(Envelope envelope) {
        try {
            return system(call -> {
                RootKeyCheck check =
                        call.findBy(RootKeyCheck.TYPE, "only", "one").orElse(null);
                if (check == null) {
                    String id = call.newId(RootKeyCheck.TYPE);
                    call.create(RootKeyCheck.TYPE, new RootKeyCheck(id, seal(envelope, id), call.now(), call.now()));
                    return true;
                }
                if (envelope.open(ROOT_KEYS, check.id(), check.sealed()).isEmpty()) {
                    return false;
                }
                if (!envelope.current(check.sealed())) {
                    call.update(
                            RootKeyCheck.TYPE,
                            check.id(),
                            c -> new RootKeyCheck(c.id(), seal(envelope, c.id()), c.createdAt(), call.now()));
                }
                return true;
            });
        } catch (ApiException otherNodeWasFirst) {
            return opens(envelope);
        }
    }

    private static String seal(Envelope envelope, String id) {
        return envelope.seal(ROOT_KEYS, id, new byte[0]);
    }

    /** Whether an environment is production; it is one or the other for ever. */
    public boolean isProduction(String env) {
        Boolean known = production.get(env);
        return known == null ? system(call -> isProduction(call, env)) : known;
    }

    /** As the other, within a transaction. */
    public boolean isProduction(Call call) {
        Boolean known = production.get(call.env());
        return known == null ? isProduction(call.in(Row.SYSTEM), call.env()) : known;
    }

    private boolean isProduction(Call system, String env) {
        boolean is = system.get(Environment.TYPE, env).production();
        production.put(env, is);
        return is;
    }

    /** Every environment. */
    public List<Environment> all() {
        return system(call -> call.all(Environment.TYPE, "all", ""));
    }

    /**
     * The client id of an environment: the given one, else its first, else a new one.
     *
     * @throws ApiException 409 if the given id belongs to another environment
     */
    public String ensureClient(String env, Optional<String> wanted) {
        return system(call -> {
            // held, so that two nodes that start at once do not make two
            call.need(Environment.TYPE, env);
            List<Client> clients = call.all(Client.TYPE, "environment_id", env);
            if (wanted.isEmpty() && !clients.isEmpty()) {
                return clients.get(0).id();
            }
            String id = wanted.orElseGet(() -> call.newId(Client.TYPE));
            Optional<Client> known = call.find(Client.TYPE, id);
            if (known.isPresent() && !known.get().environmentId().equals(env)) {
                throw ApiException.of(409, "client_id_taken", "Client id '" + id + "' belongs to another environment.");
            }
            if (known.isEmpty()) {
                call.create(Client.TYPE, new Client(id, env, call.now(), call.now()));
            }
            return id;
        });
    }

    /**
     * Makes sure that this very key opens the environment, with every permission.
     *
     * @throws ApiException 409 if it opens another environment
     */
    public void ensureKey(Environment environment, String key) {
        system(call -> {
            call.need(Environment.TYPE, environment.id());
            Optional<ApiKey> known = call.findBy(ApiKey.TYPE, "digest", Digest.of(DIGEST, key));
            if (known.isPresent() && !known.get().environmentId().equals(environment.id())) {
                throw ApiException.of(409, "api_key_taken", "That API key opens another environment.");
            }
            return known.orElseGet(() -> store(call, environment, key, "From the configuration", Set.of("*")));
        });
    }

    /** The very first key of an environment that has none; empty on every later start. */
    public Optional<NewKey> firstKey(Environment environment) {
        return system(call -> {
            call.need(Environment.TYPE, environment.id());
            return call.all(ApiKey.TYPE, "environment_id", environment.id()).isEmpty()
                    ? Optional.of(newKey(call, environment, "First key", Set.of("*")))
                    : Optional.empty();
        });
    }

    /**
     * Makes a key.
     *
     * @param allowed {@code *} for all, or words like {@code user:read} and {@code organization:write}
     * @throws ApiException 422 {@code invalid_permission} for a word that no operation asks for
     */
    public NewKey createKey(Environment environment, String name, Set<String> allowed) {
        Set<String> known = permissions.get();
        for (String word : allowed) {
            if (!word.equals("*") && !known.contains(word)) {
                throw ApiException.invalid(
                        "permissions", "invalid_permission", "There is no permission '" + word + "'.");
            }
        }
        return system(call -> newKey(call, environment, name, allowed));
    }

    /** The keys of an environment, oldest first; what is stored of them. */
    public List<ApiKey> keys(Environment environment) {
        return system(call -> call.all(ApiKey.TYPE, "environment_id", environment.id()));
    }

    /** Makes a key useless at once. */
    public void revokeKey(Environment environment, String keyId) {
        system(call -> {
            ApiKey key = call.need(ApiKey.TYPE, keyId);
            if (!key.environmentId().equals(environment.id())) {
                throw ApiException.notFound(ApiKey.TYPE.title(), keyId);
            }
            return call.delete(ApiKey.TYPE, key);
        });
    }

    private NewKey newKey(Call call, Environment environment, String name, Set<String> permissions) {
        String key = (environment.production() ? "sk_live_" : "sk_test_") + random.base62(43);
        return new NewKey(key, store(call, environment, key, name, permissions));
    }

    private static ApiKey store(Call call, Environment environment, String key, String name, Set<String> permissions) {
        return call.create(
                ApiKey.TYPE,
                new ApiKey(
                        call.newId(ApiKey.TYPE),
                        environment.id(),
                        name,
                        Digest.of(DIGEST, key),
                        key.substring(key.length() - 4),
                        List.copyOf(permissions),
                        call.now(),
                        call.now()));
    }

    @Override
    public Optional<Caller> caller(Request request) {
        String header = request.header("authorization").orElse("");
        return header.regionMatches(true, 0, "Bearer ", 0, 7)
                ? caller(header.substring(7).trim())
                : Optional.empty();
    }

    /** Whom this key text proves; empty if it is not a key of ours. */
    public Optional<Caller> caller(String key) {
        if (!KEY.matcher(key).matches()) {
            return Optional.empty();
        }
        // the look-up compares digests: its timing tells nothing about the key
        return system(call -> call.findBy(ApiKey.TYPE, "digest", Digest.of(DIGEST, key)))
                .map(record -> new Caller(
                        record.environmentId(),
                        new Actor(record.id(), "api", record.name()),
                        Set.copyOf(record.permissions())));
    }

    /** Whether a text is spelt like a client id. */
    public static boolean isClientId(String text) {
        return CLIENT_ID.matcher(text).matches();
    }

    /** The environment of a client id. */
    public Optional<String> environmentOf(String clientId) {
        return isClientId(clientId)
                ? system(call -> call.find(Client.TYPE, clientId)).map(Client::environmentId)
                : Optional.empty();
    }

    boolean production(Call call) {
        return call.in(Row.SYSTEM)
                .find(Environment.TYPE, call.env())
                .map(Environment::production)
                .orElse(true);
    }

    /** Registers a redirect URI unless it is already. */
    public void ensureRedirectUri(String env, String uri) {
        engine.run(
                env,
                Actor.SYSTEM,
                call -> call.findBy(RedirectUri.TYPE, "uri", uri)
                        .orElseGet(() -> RedirectUri.register(call, uri, production(call))));
    }

    /** Whether a sign-in may lead to this address. */
    public boolean allowsRedirect(Call call, String requested) {
        List<RedirectUri> all = new ArrayList<>();
        call.each(RedirectUri.TYPE, "all", "", all::add);
        return all.stream().anyMatch(uri -> uri.matches(requested));
    }

    /** The redirect URI that counts where none is asked for; empty if none is registered. */
    public Optional<String> defaultRedirect(Call call) {
        return call.all(RedirectUri.TYPE, "all", "").stream()
                .filter(uri -> uri.first() && uri.uri().indexOf('*') < 0)
                .map(RedirectUri::uri)
                .findFirst();
    }

    @Override
    public boolean allowsOrigin(String env, String origin) {
        List<String> where = env.isEmpty() ? all().stream().map(Environment::id).toList() : List.of(env);
        return where.stream()
                .anyMatch(id -> engine.run(id, Actor.SYSTEM, call -> call.findBy(CorsOrigin.TYPE, "origin", origin))
                        .isPresent());
    }

    private <T> T system(Function<Call, T> step) {
        return engine.run(Row.SYSTEM, Actor.SYSTEM, step);
    }
}
