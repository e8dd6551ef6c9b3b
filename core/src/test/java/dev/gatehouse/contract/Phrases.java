package dev.gatehouse.contract;

import dev.gatehouse.engine.Route;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Names of operations, made of a row's verb, resource and path. */
final class Phrases {
    /** Segments that say where an operation belongs and nothing of what it does. */
    private static final Set<String> PREFIXES = Set.of("user_management", "authorization", "auth");

    private static final Set<String> SMALL = Set.of("a", "an", "the", "one", "its");

    private Phrases() {}

    static List<String> variables(Route route) {
        return segments(route).stream()
                .filter(Phrases::isVariable)
                .map(s -> s.substring(1, s.length() - 1))
                .toList();
    }

    private static List<String> segments(Route route) {
        return Arrays.asList(route.template().substring(1).split("/"));
    }

    private static boolean isVariable(String segment) {
        return segment.startsWith("{");
    }

    /** The kind of resource that an API key may be good for. */
    static String tag(Route route) {
        return route.open() ? "sign in" : acronyms(spaced(route.permission().replaceFirst(":.*", "")));
    }

    /** What the operation does, in the imperative. */
    static String summary(Route route) {
        String given = Words.SUMMARIES.get(route.key());
        return given != null ? given : acronyms(phrase(route));
    }

    private static String phrase(Route route) {
        List<String> nouns = nouns(route);
        String last = nouns.get(nouns.size() - 1);
        String before = of(nouns.subList(0, nouns.size() - 1));
        return switch (route.verb()) {
            case LIST -> "List " + last + before;
            case CREATE -> "Create " + one(last) + before;
            case GET -> "Read " + one(last) + before;
            case UPDATE -> "Change " + one(last) + before;
            case DELETE -> "Delete " + one(last) + before;
            case SINGLETON -> (route.method().equals("GET") ? "Read the " : "Set the ") + singular(last);
            case TRANSITION -> capital(last) + " " + one(nouns.get(nouns.size() - 2));
            case EDGE ->
                route.method().equals("DELETE")
                        ? "Remove " + one(last) + before.replaceFirst("of", "from")
                        : "Add " + one(last) + before.replaceFirst("of", "to");
            case ACTION -> throw new IllegalStateException("Words has no summary of " + route.key());
        };
    }

    /** {@code Read one user by external id} as {@code readUserByExternalId}. */
    static String operationId(String summary) {
        List<String> words = Arrays.stream(summary.split("[^A-Za-z0-9]+"))
                .filter(word -> !SMALL.contains(word))
                .toList();
        return words.get(0).toLowerCase(Locale.ROOT)
                + words.stream().skip(1).map(Phrases::capital).collect(Collectors.joining());
    }

    /** The path's nouns in plural; one that is named by something else than its id says by what. */
    private static List<String> nouns(Route route) {
        List<String> nouns = new ArrayList<>();
        List<String> by = new ArrayList<>();
        for (String segment : segments(route)) {
            String words = spaced(segment.replaceAll("[{}]", ""));
            if (!isVariable(segment)) {
                named(nouns, by);
                if (!PREFIXES.contains(segment)) {
                    nouns.add(words);
                }
            } else if (words.equals(nouns.get(nouns.size() - 1))
                    || nouns.get(nouns.size() - 1).equals("by " + words)) {
                nouns.remove(nouns.size() - 1); // external_id/{external_id}
                by.add(words);
            } else {
                by.add(words);
            }
        }
        named(nouns, by);
        return nouns;
    }

    private static void named(List<String> nouns, List<String> by) {
        boolean plain = by.size() < 2 && by.stream().allMatch(Phrases::plain);
        if (!plain) {
            int last = nouns.size() - 1;
            nouns.set(last, nouns.get(last) + " by " + by.get(by.size() - 1));
        }
        by.clear();
    }

    private static boolean plain(String name) {
        return (name.equals("id") || name.endsWith(" id") || name.endsWith("slug")) && !name.equals("external id");
    }

    private static String of(List<String> parents) {
        return parents.isEmpty()
                ? ""
                : " of " + one(parents.get(parents.size() - 1)) + of(parents.subList(0, parents.size() - 1));
    }

    private static String one(String noun) {
        String singular = singular(noun);
        return ("aeiou".indexOf(singular.charAt(0)) >= 0 && !singular.startsWith("user") ? "an " : "a ") + singular;
    }

    private static String singular(String noun) {
        return noun.replaceFirst("ies( by .*)?$", "y$1").replaceFirst("s( by .*)?$", "$1");
    }

    private static String spaced(String name) {
        return Wire.snake(name).replaceAll("[-_]", " ").replaceAll("^userland ", "");
    }

    private static String acronyms(String words) {
        return words.replaceAll("\\bapi\\b", "API")
                .replaceAll("\\bcors\\b", "CORS")
                .replaceAll("\\bjwt\\b", "JWT")
                .replaceAll("\\buri(s?)\\b", "URI$1");
    }

    private static String capital(String word) {
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }
}
