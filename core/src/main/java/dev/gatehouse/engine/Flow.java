package dev.gatehouse.engine;

import dev.gatehouse.api.Answer;
import dev.gatehouse.api.Request;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One request to one route. It is not a transaction: a step that hashes a password runs between two, so that slow work
 * never holds a database connection.
 */
public final class Flow {
    private final Engine engine;
    private final Request request;
    private final Map<String, String> variables;
    private final @Nullable Caller caller;

    Flow(Engine engine, Request request, Map<String, String> variables, @Nullable Caller caller) {
        this.engine = engine;
        this.request = request;
        this.variables = Map.copyOf(variables);
        this.caller = caller;
    }

    /** The request. */
    public Request request() {
        return request;
    }

    /** A variable of the path template. */
    public String variable(String name) {
        String value = variables.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no path variable " + name);
        }
        return value;
    }

    /** Who calls. Only routes that need a key have one. */
    public Caller caller() {
        if (caller == null) {
            throw new IllegalStateException("an open route has no caller");
        }
        return caller;
    }

    /** Who calls, if a valid key came with the request. */
    public @Nullable Caller callerIfAny() {
        return caller;
    }

    /** A JSON answer, for a step that has headers of its own to add. */
    public Answer answer(int status, Object body) {
        return engine.answer(status, body);
    }

    /** Runs a step in the caller's environment. */
    public <T extends @Nullable Object> T run(Function<Call, T> step) {
        return engine.run(caller().env(), caller().actor(), step);
    }

    /** Runs a step of an open route, whose environment follows from the request itself. */
    public <T extends @Nullable Object> T run(String env, Function<Call, T> step) {
        return engine.run(env, caller == null ? Actor.SYSTEM : caller.actor(), step);
    }
}
