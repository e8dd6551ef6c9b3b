package dev.gatehouse.engine;

import dev.gatehouse.api.ApiException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where operations are declared, one row each. A row says what differs; the verb says the rest.
 *
 * <p>A path variable before the last must be a lookup that the resource really has (see {@link Row#under}), so that
 * another parent's child is 404 by construction; the last is an identifier, or the unique index it is named after.
 */
public final class Routes {
    private final List<Row> rows = new ArrayList<>();

    /** Creates from an input. */
    @FunctionalInterface
    public interface Create<I, T> {
        T apply(I input, Call call);
    }

    /** Changes from an input. */
    @FunctionalInterface
    public interface Update<I, T> {
        T apply(T current, I input, Call call);
    }

    /** Reads the part of a list that lies in a window. */
    @FunctionalInterface
    public interface Listing<T> {
        List<T> read(Flow flow, Call call, Call.Window window);
    }

    /** Ties or unties; the flow has the path's variables. */
    @FunctionalInterface
    public interface Edge<I, T> {
        T apply(T parent, I input, Flow flow, Call call);
    }

    /** Work before the transaction: validation and hashing that must not hold a connection. */
    @FunctionalInterface
    public interface Before<I, P> {
        P apply(I input, Flow flow);
    }

    /** A page of a resource; each filter is a lookup of it. */
    public <T extends Entity> Row list(String route, EntityType<T> type, String... filters) {
        for (String filter : filters) {
            if (!type.hasLookup(filter) && !filter.equals("search")) {
                throw new IllegalArgumentException(type + " has no lookup " + filter);
            }
        }
        Row row = row(route, Route.Verb.LIST, type, null, type.viewClass());
        row.parameters.addAll(Page.PARAMETERS);
        row.parameters.addAll(Arrays.asList(filters));
        row.handler = (flow, input) -> {
            var query = flow.request().query();
            Page page = Page.of(query, true);
            Map<String, List<String>> where = new LinkedHashMap<>(row.defaults);
            for (String filter : filters) {
                List<String> values = query.list(filter);
                if (!filter.equals("search") && !values.isEmpty()) {
                    where.put(filter, values);
                }
            }
            row.synonyms.forEach((other, filter) -> {
                List<String> values = query.list(other);
                if (!values.isEmpty()) {
                    where.putIfAbsent(filter, values);
                }
            });
            String search = row.parameters.contains("search")
                    ? query.one("search")
                            .filter(text -> !text.isBlank())
                            .map(Routes::fold)
                            .orElse(null)
                    : null;
            row.guard.accept(where);
            return flow.run(call -> {
                row.parents(flow, call, where);
                List<T> found = call.page(type, where, search, page.window());
                type.prefetch(found, call);
                return page.envelope(found, value -> call.view(type, value));
            });
        };
        return row;
    }

    /** A page that the step reads itself, within the window; it must use every path variable, and throw 404. */
    public <T extends Entity> Row page(String route, EntityType<T> type, Listing<T> step) {
        Row row = row(route, Route.Verb.LIST, type, null, type.viewClass());
        row.parameters.addAll(Page.PARAMETERS);
        row.scoped = true;
        row.handler = (flow, input) -> {
            Page page = Page.of(flow.request().query(), true);
            return flow.run(call -> {
                List<T> found = step.read(flow, call, page.window());
                type.prefetch(found, call);
                return page.envelope(found, value -> call.view(type, value));
            });
        };
        return row;
    }

    private static String fold(String text) {
        return text.strip().toLowerCase(java.util.Locale.ROOT);
    }

    /** One resource by the last path variable. */
    public <T extends Entity> Row get(String route, EntityType<T> type) {
        Row row = row(route, Route.Verb.GET, type, null, type.viewClass());
        row.handler = (flow, input) -> flow.run(call -> call.view(type, row.target(flow, call, type, false)));
        return row;
    }

    /** A new resource, 201. */
    public <I, T extends Entity> Row create(String route, EntityType<T> type, Class<I> input, Create<I, T> step) {
        return create(route, type, input, (in, flow) -> in, step);
    }

    /** A new resource, with work before the transaction. */
    public <I, P, T extends Entity> Row create(
            String route, EntityType<T> type, Class<I> input, Before<I, P> before, Create<P, T> step) {
        Row row = row(route, Route.Verb.CREATE, type, input, type.viewClass()).status(201);
        row.handler = (flow, in) -> {
            P prepared = before.apply(input.cast(in), flow);
            return flow.run(call -> {
                row.parents(flow, call, new LinkedHashMap<>());
                return call.view(type, Replay.once(flow, call, type, () -> step.apply(prepared, call)));
            });
        };
        return row;
    }

    /** A changed resource. */
    public <I, T extends Entity> Row update(String route, EntityType<T> type, Class<I> input, Update<I, T> step) {
        return update(route, type, input, (in, flow) -> in, step);
    }

    /** A changed resource, with work before the transaction. */
    public <I, P, T extends Entity> Row update(
            String route, EntityType<T> type, Class<I> input, Before<I, P> before, Update<P, T> step) {
        Row row = row(route, Route.Verb.UPDATE, type, input, type.viewClass());
        row.handler = (flow, in) -> {
            P prepared = before.apply(input.cast(in), flow);
            return flow.run(call -> call.view(type, step.apply(row.target(flow, call, type, true), prepared, call)));
        };
        return row;
    }

    /** Moves a resource to another state; the step returns it, changed or as it was. */
    public <T extends Entity> Row transition(String route, EntityType<T> type, BiFunction<T, Call, T> step) {
        Row row = row(route, Route.Verb.TRANSITION, type, null, type.viewClass());
        row.handler =
                (flow, in) -> flow.run(call -> call.view(type, step.apply(row.target(flow, call, type, true), call)));
        return row;
    }

    /** Deletes a resource and what hangs on it; no body. */
    public <T extends Entity> Row delete(String route, EntityType<T> type, BiConsumer<T, Call> step) {
        Row row = row(route, Route.Verb.DELETE, type, null, null).status(204);
        row.handler = (flow, in) -> {
            flow.run(call -> {
                step.accept(row.target(flow, call, type, true), call);
                return true;
            });
            return null;
        };
        return row;
    }

    /**
     * Ties or unties two resources: one path variable names the parent, which is held and answered; the input or a later
     * variable names the other. The step must be idempotent.
     *
     * @param variable of the parent; variables before it need {@link Row#under}
     */
    public <I, T extends Entity> Row edge(
            String route, EntityType<T> parent, String variable, Class<I> input, Edge<I, T> step) {
        Row row = row(route, Route.Verb.EDGE, parent, input, parent.viewClass());
        row.subject = variable;
        row.handler = (flow, in) -> {
            Object view = flow.run(call ->
                    call.view(parent, step.apply(row.target(flow, call, parent, true), input.cast(in), flow, call)));
            return row.status == 204 ? null : view;
        };
        return row;
    }

    /** A thing of which an environment has one: the step reads it, or writes it from an input. */
    public <I, V> Row singleton(String route, Class<I> input, Class<V> output, BiFunction<I, Call, V> step) {
        Row row = row(route, Route.Verb.SINGLETON, null, input, output);
        row.handler = (flow, in) -> flow.run(call -> step.apply(input.cast(in), call));
        return row;
    }

    /** Anything else. The step decides about its transactions, and may answer a body, an {@code Answer} or null. */
    public <I> Row action(
            String route, Class<I> input, @Nullable Class<?> output, BiFunction<I, Flow, @Nullable Object> step) {
        Row row = row(route, Route.Verb.ACTION, null, input, output);
        row.handler = (flow, in) -> step.apply(input.cast(in), flow);
        return row;
    }

    /** The input of an action that takes none. */
    public record Nothing() {}

    private Row row(
            String route,
            Route.Verb verb,
            @Nullable EntityType<?> type,
            @Nullable Class<?> input,
            @Nullable Class<?> output) {
        Row row = new Row(route, verb, type, input, output);
        rows.add(row);
        return row;
    }

    /** All rows declared so far. */
    public List<Route> all() {
        return rows.stream().map(Row::build).toList();
    }

    /** A row being declared. */
    public static final class Row {
        private final String method;
        private final String template;
        private final Route.Verb verb;
        private final @Nullable EntityType<?> type;
        private final @Nullable Class<?> input;
        private final @Nullable Class<?> output;
        private final List<String> variables;
        private final List<String> parameters = new ArrayList<>();
        private final List<String> aliases = new ArrayList<>();
        private final Map<String, List<String>> defaults = new LinkedHashMap<>();
        private final Map<String, String> synonyms = new LinkedHashMap<>();
        private final List<Parent> parents = new ArrayList<>();
        private Consumer<Map<String, List<String>>> guard = where -> {};
        private @Nullable BiFunction<Flow, Call, ? extends Entity> finder;
        private int status = 200;
        private String permission;
        private String subject;
        private boolean open;
        private boolean scoped;
        private ApiException.Dialect dialect = ApiException.Dialect.MANAGEMENT;
        private Route.Problems problems = Route.Problems.CODE;
        private boolean form;
        private Route.Handler handler = (flow, in) -> {
            throw new IllegalStateException("no handler");
        };

        private record Parent(String variable, EntityType<?> type, String lookup) {}

        private Row(
                String route,
                Route.Verb verb,
                @Nullable EntityType<?> type,
                @Nullable Class<?> input,
                @Nullable Class<?> output) {
            int space = route.indexOf(' ');
            this.method = route.substring(0, space);
            this.template = route.substring(space + 1);
            this.verb = verb;
            this.type = type;
            this.input = input;
            this.output = output;
            this.variables = Router.variables(template);
            this.subject = variables.isEmpty() ? "" : variables.get(variables.size() - 1);
            this.permission = type == null ? "" : type.kind() + (method.equals("GET") ? ":read" : ":write");
        }

        /** Another status of success. */
        public Row status(int other) {
            status = other;
            return this;
        }

        /** What a key needs instead of {@code <kind>:read} or {@code <kind>:write}. */
        public Row permission(String word) {
            permission = word;
            return this;
        }

        /** Needs no key: the step proves the caller itself, or anybody may. */
        public Row open() {
            open = true;
            permission = "";
            return this;
        }

        /** Refusals as {@code {error, error_description}}. */
        public Row oauth() {
            dialect = ApiException.Dialect.OAUTH;
            return this;
        }

        /** Another spelling of {@code errors[]}. */
        public Row problems(Route.Problems spelling) {
            problems = spelling;
            return this;
        }

        /** The body may be form-encoded too. */
        public Row form() {
            form = true;
            return this;
        }

        /** A further {@code METHOD /path} with the same variables. */
        public Row alias(String route) {
            aliases.add(route);
            return this;
        }

        /** Further query parameters that the step reads itself. */
        public Row with(String... more) {
            parameters.addAll(Arrays.asList(more));
            return this;
        }

        /** Another name of a filter. */
        public Row synonym(String other, String filter) {
            parameters.add(other);
            synonyms.put(other, filter);
            return this;
        }

        /** A step of its own instead of the verb's. */
        public Row handledBy(java.util.function.Function<Flow, Object> step) {
            handler = (flow, in) -> step.apply(flow);
            return this;
        }

        /** The filter's values when it is not given. */
        public Row otherwise(String filter, String... values) {
            defaults.put(filter, List.of(values));
            return this;
        }

        /** Refuses combinations of filters. */
        public Row guard(Consumer<Map<String, List<String>>> check) {
            guard = check;
            return this;
        }

        /**
         * How the subject is found where its path variables are neither its identifier nor one unique value. It must use all
         * of them, and throw 404.
         */
        public Row found(BiFunction<Flow, Call, ? extends Entity> by) {
            finder = by;
            scoped = true;
            return this;
        }

        /** The parent that a path variable names: it must exist, and children are found by this lookup. */
        public Row under(String variable, EntityType<?> parent, String lookup) {
            if (!variables.contains(variable) || type == null || !type.hasLookup(lookup)) {
                throw new IllegalArgumentException(template + ": no variable " + variable + " or lookup " + lookup);
            }
            parents.add(new Parent(variable, parent, lookup));
            return this;
        }

        private void parents(Flow flow, Call call, Map<String, List<String>> where) {
            for (Parent parent : parents) {
                String id = flow.variable(parent.variable);
                call.get(parent.type, id);
                where.put(parent.lookup, List.of(id));
            }
        }

        private <T extends Entity> T target(Flow flow, Call call, EntityType<T> of, boolean held) {
            if (finder != null) {
                T found = of.type().cast(finder.apply(flow, call));
                return held ? call.need(of, found.id()) : found;
            }
            String value = flow.variable(subject);
            T found;
            if (of.hasUnique(subject)) {
                found = call.findBy(of, subject, value).orElseThrow(() -> ApiException.notFound(of.title(), value));
                found = held ? call.need(of, found.id()) : found;
            } else {
                found = held ? call.need(of, value) : call.get(of, value);
            }
            for (Parent parent : parents) {
                String id = flow.variable(parent.variable);
                Set<String> owners = of.keys(found).lookup().getOrDefault(parent.lookup, Set.of());
                if (!owners.contains(of.fold(parent.lookup, id))) {
                    throw ApiException.notFound(of.title(), value);
                }
            }
            return found;
        }

        private Route build() {
            boolean whole = verb == Route.Verb.LIST || verb == Route.Verb.CREATE;
            if (type != null && !scoped && (whole ? variables.size() : variables.indexOf(subject)) > parents.size()) {
                throw new IllegalStateException(
                        method + " " + template + ": every path variable before its subject needs under(…)");
            }
            if (!open && permission.isEmpty()) {
                throw new IllegalStateException(method + " " + template + ": needs a permission(…), or to be open()");
            }
            return new Route(
                    method,
                    template,
                    verb,
                    type,
                    input,
                    status == 204 ? null : output,
                    status,
                    List.copyOf(parameters),
                    permission,
                    open,
                    dialect,
                    problems,
                    form,
                    List.copyOf(aliases),
                    handler);
        }
    }
}
