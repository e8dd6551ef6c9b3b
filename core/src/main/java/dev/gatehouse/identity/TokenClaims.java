package dev.gatehouse.identity;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Actor;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.engine.Required;
import dev.gatehouse.engine.Routes;
import dev.gatehouse.engine.Routes.Nothing;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Claims that the application adds to access tokens, by a template of its own. */
public final class TokenClaims {
    private static final int MOST_CONTENT = 20_000;
    private static final int MOST_RENDERED = 3_072;

    private final Engine engine;
    private final Affiliations affiliations;
    private final FeatureFlags features;

    TokenClaims(Engine engine, Affiliations affiliations, FeatureFlags features) {
        this.features = features;
        this.engine = engine;
        this.affiliations = affiliations;
    }

    record In(@Required String content) {}

    /** Claims that a template adds to a token, and which flags are on. */
    public record Added(Map<String, Object> claims) {}

    void routes(Routes r) {
        String path = "/user_management/jwt_template";
        r.singleton(
                        "GET " + path,
                        Nothing.class,
                        StoredTemplate.View.class,
                        (in, call) -> shown(
                                call,
                                stored(call)
                                        .orElseThrow(() ->
                                                ApiException.of(404, "entity_not_found", "No JWT template was set."))))
                .permission("jwt_template:read");
        r.singleton(
                        "PUT " + path,
                        In.class,
                        StoredTemplate.View.class,
                        (in, call) -> shown(call, set(call, in.content)))
                .permission("jwt_template:write");
    }

    private static StoredTemplate.View shown(Call call, StoredTemplate template) {
        return (StoredTemplate.View) call.view(StoredTemplate.TYPE, template);
    }

    private static Optional<StoredTemplate> stored(Call call) {
        return call.findBy(StoredTemplate.TYPE, "one", "jwt_template");
    }

    private static StoredTemplate set(Call call, String content) {
        compiled(content);
        StoredTemplate known = stored(call).orElse(null);
        return known == null
                ? call.create(
                        StoredTemplate.TYPE,
                        new StoredTemplate(call.newId(StoredTemplate.TYPE), content, call.now(), call.now()))
                : call.update(
                        StoredTemplate.TYPE,
                        known.id(),
                        t -> new StoredTemplate(t.id(), content, t.createdAt(), t.updatedAt()));
    }

    private static JwtTemplate compiled(String content) {
        if (content.length() > MOST_CONTENT) {
            throw ApiException.invalid(
                    "content", "content_too_long", "Content must have at most " + MOST_CONTENT + " characters.");
        }
        try {
            return JwtTemplate.compile(content);
        } catch (JwtTemplate.Malformed e) {
            throw ApiException.invalid("content", "invalid_template", String.valueOf(e.getMessage()));
        }
    }

    /**
     * Sets the template of an environment; it holds from the next sign-in or refresh on.
     *
     * @throws ApiException 422 with what is wrong with it
     */
    public void setTemplate(String env, String content) {
        engine.run(env, Actor.SYSTEM, call -> set(call, content));
    }

    /** Removes the template of an environment; false if there was none. */
    public boolean removeTemplate(String env) {
        return engine.run(env, Actor.SYSTEM, call -> {
            Optional<StoredTemplate> known = stored(call);
            known.ifPresent(template -> call.delete(StoredTemplate.TYPE, template));
            return known.isPresent();
        });
    }

    /**
     * What the template adds to the token of a session.
     *
     * @throws ApiException 400 {@code token_too_big} if that is more than 3072 bytes
     */
    Added of(String env, Sessions.Grant grant) {
        return engine.run(
                env,
                Actor.SYSTEM,
                call -> of(call, grant.user(), grant.session().organizationId()));
    }

    /** As the other, of a user in an organization. */
    Added of(Call call, User user, @Nullable String organizationId) {
        Map<String, Object> added = new LinkedHashMap<>();
        StoredTemplate template = stored(call).orElse(null);
        if (template != null) {
            rendered(call, template, user, organizationId)
                    .properties()
                    .forEach(claim -> added.put(claim.getKey(), claim.getValue()));
        }
        List<String> on = features.on(call, user.id(), organizationId);
        if (!on.isEmpty()) {
            added.put("feature_flags", on);
        }
        return new Added(added);
    }

    private ObjectNode rendered(Call call, StoredTemplate template, User user, @Nullable String organizationId) {
        ObjectNode claims = compiled(template.content()).render(data(call, user, organizationId));
        if (engine.json().bytes(claims).length > MOST_RENDERED) {
            throw ApiException.oauth(
                    400, "token_too_big", "The JWT template renders to more than " + MOST_RENDERED + " bytes.");
        }
        return claims;
    }

    private ObjectNode data(Call call, User person, @Nullable String organizationId) {
        ObjectNode data = (ObjectNode) engine.json().tree(Map.of());
        ObjectNode user = (ObjectNode) engine.json().tree(User.View.of(person));
        user.remove("last_sign_in_at");
        // of other providers, which come with federation
        user.putObject("identities");
        data.set("user", user);
        if (organizationId != null) {
            affiliations
                    .described(call, person.id(), organizationId)
                    .forEach((root, shown) -> data.set(root, engine.json().tree(shown)));
        }
        return data;
    }
}
