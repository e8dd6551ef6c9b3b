package dev.gatehouse.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Finds the row of a path: a tree of segments, literals before variables. Built once, read by many threads. */
final class Router {
    private final Node root = new Node();

    private static final class Node {
        final Map<String, Node> literals = new HashMap<>();

        @Nullable
        Node variable;

        final Map<String, Leaf> leaves = new TreeMap<>();
    }

    private record Leaf(Route route, List<String> variables) {}

    /**
     * A match.
     *
     * @param route the row
     * @param variables path variables by name
     */
    record Match(Route route, Map<String, String> variables) {}

    /**
     * Builds the tree.
     *
     * @throws IllegalStateException if two rows would answer the same path
     */
    Router(List<Route> routes) {
        for (Route route : routes) {
            add(route, route.method(), route.template());
            for (String alias : route.aliases()) {
                int space = alias.indexOf(' ');
                add(route, alias.substring(0, space), alias.substring(space + 1));
            }
        }
    }

    private void add(Route route, String method, String template) {
        Node node = root;
        for (String segment : segments(template)) {
            if (segment.startsWith("{")) {
                node.variable = node.variable == null ? new Node() : node.variable;
                node = node.variable;
            } else {
                node = node.literals.computeIfAbsent(segment, s -> new Node());
            }
        }
        Leaf taken = node.leaves.putIfAbsent(method, new Leaf(route, variables(template)));
        if (taken != null) {
            throw new IllegalStateException(
                    method + " " + template + " and " + taken.route.key() + " would answer the same path");
        }
    }

    /** The row for a path, or null if no row has this path and method. */
    @Nullable
    Match match(String method, String path) {
        List<String> values = new ArrayList<>();
        Node node = find(root, segments(path), 0, values, method);
        Leaf leaf = node == null ? null : node.leaves.get(method);
        if (leaf == null) {
            return null;
        }
        Map<String, String> variables = new LinkedHashMap<>();
        for (int i = 0; i < leaf.variables.size(); i++) {
            variables.put(leaf.variables.get(i), values.get(i));
        }
        return new Match(leaf.route, variables);
    }

    /** The methods this path has; empty if no row has the path. */
    Set<String> methods(String path) {
        Node node = find(root, segments(path), 0, new ArrayList<>(), null);
        return node == null ? Set.of() : node.leaves.keySet();
    }

    private static @Nullable Node find(
            Node node, List<String> segments, int at, List<String> values, @Nullable String method) {
        if (at == segments.size()) {
            boolean fits = method == null ? !node.leaves.isEmpty() : node.leaves.containsKey(method);
            return fits ? node : null;
        }
        String segment = segments.get(at);
        Node literal = node.literals.get(segment);
        if (literal != null) {
            Node found = find(literal, segments, at + 1, values, method);
            if (found != null) {
                return found;
            }
        }
        if (node.variable != null && !segment.isEmpty()) {
            values.add(segment);
            Node found = find(node.variable, segments, at + 1, values, method);
            if (found != null) {
                return found;
            }
            values.remove(values.size() - 1);
        }
        return null;
    }

    /** Names of the variables of a template, in order. */
    static List<String> variables(String template) {
        return segments(template).stream()
                .filter(s -> s.startsWith("{"))
                .map(s -> s.substring(1, s.length() - 1))
                .toList();
    }

    private static List<String> segments(String path) {
        return path.isEmpty() ? List.of() : List.of(path.substring(1).split("/", -1));
    }
}
