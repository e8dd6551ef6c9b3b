package dev.gatehouse.api;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A refusal with its place in the contract: status, code, message, and what else the body carries. Thrown inside a
 * transaction it rolls everything back; a refusal that must leave a trace is returned instead, see
 * {@code dev.gatehouse.engine.Outcome}.
 */
public final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** How the contract spells a refusal. */
    public enum Dialect {
        /** {@code {message, code, errors[]}}. */
        MANAGEMENT,
        /** {@code {error, error_description}} (RFC 6749 §5.2). */
        OAUTH
    }

    private final int status;
    private final String code;
    private final String text;
    private final transient List<Problem> problems;
    private final transient Map<String, Object> extras;
    private final @Nullable Dialect dialect;
    private final transient List<Map.Entry<String, String>> headers;

    private ApiException(
            int status,
            String code,
            String text,
            List<Problem> problems,
            Map<String, Object> extras,
            @Nullable Dialect dialect,
            List<Map.Entry<String, String>> headers) {
        super(told(code, text, problems), null, false, false);
        this.status = status;
        this.code = code;
        this.text = text;
        this.problems = List.copyOf(problems);
        this.extras = Collections.unmodifiableMap(new LinkedHashMap<>(extras));
        this.dialect = dialect;
        this.headers = List.copyOf(headers);
    }

    /** For logs and stack traces: with what is wrong, which the body says in {@code errors[]}. */
    private static String told(String code, String text, List<Problem> problems) {
        String what = problems.stream()
                .map(problem -> (problem.field().isEmpty() ? "" : problem.field() + ": ") + problem.message())
                .collect(Collectors.joining(" "));
        return (code.isEmpty() ? "" : code + ": ") + text + (what.isEmpty() ? "" : " " + what);
    }

    /** A refusal without a machine code. */
    public static ApiException of(int status, String message) {
        return new ApiException(status, "", message, List.of(), Map.of(), null, List.of());
    }

    /** A refusal with a machine code. */
    public static ApiException of(int status, String code, String message) {
        return new ApiException(status, code, message, List.of(), Map.of(), null, List.of());
    }

    /** 422 {@code invalid_request_parameters} with what is wrong. */
    public static ApiException invalid(List<Problem> problems) {
        return new ApiException(
                422, "invalid_request_parameters", "Validation failed.", problems, Map.of(), null, List.of());
    }

    /** 422 {@code invalid_request_parameters} about one field. */
    public static ApiException invalid(String field, String code, String message) {
        return invalid(List.of(new Problem(field, code, message)));
    }

    /** 404 in the contract's words. {@code what} is a name with a capital, for example {@code "Organization"}. */
    public static ApiException notFound(String what, String id) {
        return of(404, "entity_not_found", what + " not found: '" + id + "'.");
    }

    /** 429 {@code rate_limit_exceeded} in the contract's words, to be tried again after so many seconds. */
    public static ApiException rateLimited(long seconds) {
        return of(429, "rate_limit_exceeded", "Too many requests.")
                .in(Dialect.MANAGEMENT)
                .retryAfter((int) seconds);
    }

    /** A refusal that is always spelt as OAuth does, whatever the row's dialect. */
    public static ApiException oauth(int status, String error, String description) {
        return new ApiException(status, error, description, List.of(), Map.of(), Dialect.OAUTH, List.of());
    }

    /** This refusal with these problems listed. */
    public ApiException withProblems(List<Problem> more) {
        return new ApiException(status, code, text, more, extras, dialect, headers);
    }

    /** This refusal with one more top-level member; a null value is written as null. */
    public ApiException with(String name, @Nullable Object value) {
        Map<String, Object> more = new LinkedHashMap<>(extras);
        more.put(name, value);
        return new ApiException(status, code, text, problems, more, dialect, headers);
    }

    /** This refusal always in one dialect, whatever the row's. */
    public ApiException in(Dialect always) {
        return new ApiException(status, code, text, problems, extras, always, headers);
    }

    /** This refusal with a {@code Retry-After} header. */
    public ApiException retryAfter(int seconds) {
        return header("Retry-After", Integer.toString(seconds));
    }

    /** This refusal with one more header. */
    public ApiException header(String name, String value) {
        List<Map.Entry<String, String>> more = new ArrayList<>(headers());
        more.add(Map.entry(name, value));
        return new ApiException(status, code, text, problems, extras, dialect, more);
    }

    /** HTTP status. */
    public int status() {
        return status;
    }

    /** Machine code, empty if the contract has none here. */
    public String code() {
        return code;
    }

    /** One English sentence for people. */
    public String text() {
        return text;
    }

    /** What is wrong with the request. */
    public List<Problem> problems() {
        return Objects.requireNonNullElse(problems, List.of());
    }

    /** Further top-level members of the body. */
    public Map<String, Object> extras() {
        return Objects.requireNonNullElse(extras, Map.of());
    }

    /** The dialect this refusal insists on, or the row's. */
    public Dialect dialect(Dialect ofRow) {
        return dialect == null ? ofRow : dialect;
    }

    /** Further headers of the answer, in order. */
    public List<Map.Entry<String, String>> headers() {
        return Objects.requireNonNullElse(headers, List.of());
    }
}
