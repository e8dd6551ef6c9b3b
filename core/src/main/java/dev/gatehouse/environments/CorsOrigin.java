package dev.gatehouse.environments;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import dev.gatehouse.engine.Required;
import dev.gatehouse.engine.Route;
import dev.gatehouse.engine.Routes;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * A browser origin whose pages may read answers (WHATWG Fetch). Compared exactly.
 *
 * @param origin scheme, host and port as a browser sends them
 */
record CorsOrigin(String id, String origin, Instant createdAt, Instant updatedAt) implements Entity {
    static final EntityType<CorsOrigin> TYPE = EntityType.of("cors_origin", "cors_origin", CorsOrigin.class)
            .unique(
                    "origin",
                    CorsOrigin::origin,
                    o -> ApiException.of(409, "duplicate_cors_origin", "This CORS origin exists already."))
            .view(View.class, (o, call) -> new View("cors_origin", o.id, o.origin, o.createdAt, o.updatedAt));

    private static final Pattern ORIGIN = Pattern.compile(
            "https?://([a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*|\\[[0-9a-f:]+])(:[0-9]{1,5})?");

    record View(String object, String id, String origin, Instant createdAt, Instant updatedAt) {}

    record Create(@Required String origin) {}

    static void routes(Routes r) {
        r.list("GET /user_management/cors_origins", TYPE).problems(Route.Problems.CONSTRAINTS);
        r.create("POST /user_management/cors_origins", TYPE, Create.class, (in, call) -> {
                    if (in.origin.length() > 300 || !ORIGIN.matcher(in.origin).matches()) {
                        throw ApiException.invalid(
                                "origin", "isOrigin", "origin must be a scheme, host and optional port, in lower case");
                    }
                    return call.create(TYPE, new CorsOrigin(call.newId(TYPE), in.origin, call.now(), call.now()));
                })
                .problems(Route.Problems.CONSTRAINTS);
    }
}
