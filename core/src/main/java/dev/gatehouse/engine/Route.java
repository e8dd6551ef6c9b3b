package dev.gatehouse.engine;

import dev.gatehouse.api.ApiException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One operation, as a value: dispatch, the coverage page, permissions and the contract test all read it.
 *
 * @param method upper case
 * @param template path with variables in braces
 * @param verb what kind of operation
 * @param type the resource; null for an action of none
 * @param input shape of the body, or of the query for GET; null for none
 * @param output shape of the answer (of one element of a list); null for no body or a free one
 * @param status of success
 * @param parameters query parameters it understands
 * @param permission what a key needs; empty if none
 * @param open whether it needs no key
 * @param dialect how refusals are spelt
 * @param problems how the elements of {@code errors[]} are spelt
 * @param form whether the body may be form-encoded
 * @param aliases further {@code METHOD /path} spellings of the same operation
 * @param handler what it does
 */
public record Route(
        String method,
        String template,
        Verb verb,
        @Nullable EntityType<?> type,
        @Nullable Class<?> input,
        @Nullable Class<?> output,
        int status,
        List<String> parameters,
        String permission,
        boolean open,
        ApiException.Dialect dialect,
        Problems problems,
        boolean form,
        List<String> aliases,
        Handler handler) {

    /** What kind of operation a row is. */
    public enum Verb {
        LIST,
        GET,
        CREATE,
        UPDATE,
        DELETE,
        TRANSITION,
        EDGE,
        SINGLETON,
        ACTION
    }

    /** How the elements of {@code errors[]} are spelt (contract/behaviour/01 §1.7). */
    public enum Problems {
        /** {@code {code, message}}. */
        CODE,
        /** {@code {field, code}}. */
        FIELD,
        /** {@code {property, constraints: {code: message}}}. */
        CONSTRAINTS
    }

    /** Answers a bound request with the body of success, an {@code Answer}, or null for no body. */
    @FunctionalInterface
    public interface Handler {
        @Nullable
        Object handle(Flow flow, Object input);
    }

    /** {@code METHOD /template}, as the contract names operations. */
    public String key() {
        return method + " " + template;
    }
}
