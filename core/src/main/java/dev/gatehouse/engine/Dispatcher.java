package dev.gatehouse.engine;

import dev.gatehouse.api.Answer;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Parameters;
import dev.gatehouse.api.Problem;
import dev.gatehouse.api.Request;
import dev.gatehouse.spi.Storage;
import dev.gatehouse.spi.Telemetry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers REST requests: finds the row, proves the caller, binds the input, runs the step, and spells the answer or the
 * refusal. What is true of every operation is done here, once.
 */
public final class Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    /** What telemetry calls an operation that is not there. */
    private static final String UNMATCHED = "unmatched";

    private final Engine engine;
    private final Callers callers;
    private final Router router;
    private final @Nullable RateLimits limits;
    private final Map<Route, Binder<?>> binders = new HashMap<>();

    /** @param limited whether the contract's rate limits hold */
    public Dispatcher(Engine engine, Callers callers, List<Route> routes, boolean limited) {
        this.engine = engine;
        this.callers = callers;
        this.limits = limited ? new RateLimits(engine) : null;
        this.router = new Router(routes);
        for (Route route : routes) {
            if (route.input() != null) {
                binders.put(route, engine.binder(route.input()));
            }
        }
    }

    /** Whether some row, whatever its method, has this path. */
    public boolean owns(String path) {
        return !router.methods(path).isEmpty();
    }

    /** Answers a request. Never throws: what nobody foresaw is a 500 without detail, logged under the request's id. */
    public Answer handle(Request request) {
        String requestId = "req_" + engine.ids().ulid(engine.now());
        Router.Match match = router.match(request.method(), request.path());
        Origin origin = new Origin(request);
        String operation = match == null ? UNMATCHED : match.route().key();
        Telemetry.Span span = engine.signals().begin(Telemetry.Signal.API, operation);
        Answer answer;
        try {
            if (match == null) {
                answer = unmatched(request, origin);
            } else {
                answer = operate(request, match, origin);
            }
        } catch (ApiException e) {
            answer = refuse(e, match == null ? null : match.route());
        } catch (Storage.StorageException e) {
            LOG.atWarn()
                    .addKeyValue("request_id", requestId)
                    .addKeyValue("operation", operation)
                    .addKeyValue("reason", "unavailable")
                    .setCause(e)
                    .log("{} {} failed in storage: {}", requestId, operation, e.getMessage());
            answer = refuse(
                    ApiException.of(503, "unavailable", "Try again shortly.").retryAfter(1), null);
        } catch (RuntimeException | StackOverflowError e) {
            LOG.atError()
                    .addKeyValue("request_id", requestId)
                    .addKeyValue("operation", operation)
                    .addKeyValue("reason", "internal_error")
                    .setCause(e)
                    .log("{} {} failed", requestId, operation);
            answer = refuse(ApiException.of(500, "internal_error", "Something failed on the server."), null);
        } catch (Error e) {
            // a span that is left open would be the parent of what this thread does next
            engine.signals().end(span, Answer.empty(500));
            throw e;
        }
        engine.signals().end(span, answer);
        return origin.open(answer)
                .with("X-Request-ID", requestId)
                .with("Cache-Control", "no-store")
                .with("X-Content-Type-Options", "nosniff");
    }

    private Answer operate(Request request, Router.Match match, Origin origin) {
        Route route = match.route();
        if (request.body().length > Request.MOST_BODY) {
            throw ApiException.of(413, "request_too_large", "The body is larger than " + Request.MOST_BODY + " bytes.");
        }
        Caller caller = callers.caller(request).orElse(null);
        if (caller != null) {
            origin.env = caller.env();
        }
        if (!route.open()) {
            if (caller == null) {
                throw ApiException.of(401, "unauthorized", "Unauthorized");
            }
            if (!route.permission().isEmpty() && !caller.may(route.permission())) {
                throw ApiException.of(
                        403, "forbidden", "This API key lacks the permission '" + route.permission() + "'.");
            }
        }
        if (caller != null && limits != null) {
            limits.count(caller, route);
        }
        Object input = input(request, route);
        Object body = route.handler().handle(new Flow(engine, request, match.variables(), caller), input);
        if (body instanceof Answer whole) {
            return whole;
        }
        return body == null ? Answer.empty(route.status()) : engine.answer(route.status(), body);
    }

    private Object input(Request request, Route route) {
        Binder<?> binder = binders.get(route);
        if (binder == null) {
            return new Routes.Nothing();
        }
        if (request.method().equals("GET") || request.method().equals("HEAD")) {
            return binder.bind(request.query(), engine.json());
        }
        String type = request.mediaType();
        if (request.header("content-encoding").isPresent()) {
            throw ApiException.of(415, "unsupported_media_type", "A compressed body is not accepted.");
        }
        if (route.form() && type.equals("application/x-www-form-urlencoded")) {
            return binder.bind(Parameters.parse(new String(request.body(), StandardCharsets.UTF_8)), engine.json());
        }
        if (request.body().length == 0) {
            return binder.bind(engine.json().tree(Map.of()));
        }
        if (!type.equals("application/json") && !type.endsWith("+json")) {
            throw ApiException.of(415, "unsupported_media_type", "The body must be application/json.");
        }
        return binder.bind(engine.json().readRequest(request.body()));
    }

    private Answer unmatched(Request request, Origin origin) {
        Set<String> methods = new TreeSet<>(router.methods(request.path()));
        if (methods.isEmpty()) {
            throw ApiException.of(
                    404,
                    "not_found",
                    "There is no operation " + request.method()
                            + " on this path. docs/SUPPORTED.md lists what there is.");
        }
        if (request.method().equals("OPTIONS") && origin.preflight(methods)) {
            return Answer.empty(204)
                    .with("Access-Control-Allow-Methods", String.join(", ", methods))
                    .with("Access-Control-Allow-Headers", "Authorization, Content-Type")
                    .with("Access-Control-Max-Age", "600");
        }
        methods.add("OPTIONS");
        return refuse(ApiException.of(405, "method_not_allowed", "This path does not have that method."), null)
                .with("Allow", String.join(", ", methods));
    }

    private Answer refuse(ApiException e, @Nullable Route route) {
        ApiException.Dialect dialect = e.dialect(route == null ? ApiException.Dialect.MANAGEMENT : route.dialect());
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        if (dialect == ApiException.Dialect.OAUTH) {
            boolean invalid =
                    e.code().equals("invalid_request_parameters") || e.code().isEmpty();
            body.put("error", invalid ? "invalid_request" : e.code());
            body.put(
                    "error_description",
                    e.problems().isEmpty() ? e.text() : e.problems().get(0).message());
        } else {
            body.put("message", e.text());
            if (!e.code().isEmpty()) {
                body.put("code", e.code());
            }
            if (!e.problems().isEmpty()) {
                List<Object> errors = new ArrayList<>();
                for (Problem problem : e.problems()) {
                    errors.add(spell(problem, route == null ? Route.Problems.CODE : route.problems()));
                }
                body.put("errors", errors);
            }
        }
        body.putAll(e.extras());
        Answer answer = engine.answer(e.status(), body).because(Reasons.of(e.code(), e.status()));
        for (Map.Entry<String, String> header : e.headers()) {
            answer = answer.with(header.getKey(), header.getValue());
        }
        return answer;
    }

    private static Map<String, Object> spell(Problem problem, Route.Problems spelling) {
        return switch (spelling) {
            case CODE -> Map.of("code", problem.code(), "message", problem.message());
            case FIELD ->
                Map.of(
                        "field",
                        problem.field(),
                        "code",
                        problem.code().endsWith("_required") ? "required" : problem.code());
            case CONSTRAINTS ->
                Map.of("property", problem.field(), "constraints", Map.of(problem.code(), problem.message()));
        };
    }

    /** Cross-origin reading: exact origins that the environment lists, nothing reflected, nothing for {@code null}. */
    private final class Origin {
        private final String text;
        private String env = "";

        Origin(Request request) {
            text = request.header("origin").orElse("");
        }

        boolean preflight(Set<String> methods) {
            return !text.isEmpty() && !methods.isEmpty() && callers.allowsOrigin("", text);
        }

        private boolean allowed() {
            try {
                return callers.allowsOrigin(env, text);
            } catch (RuntimeException e) {
                LOG.warn("no origin is allowed while they cannot be read: {}", e.getMessage());
                return false;
            }
        }

        Answer open(Answer answer) {
            if (text.isEmpty()) {
                return answer;
            }
            Answer varied = answer.with("Vary", "Origin");
            return allowed()
                    ? varied.with("Access-Control-Allow-Origin", text).with("Access-Control-Allow-Credentials", "true")
                    : varied;
        }
    }
}
