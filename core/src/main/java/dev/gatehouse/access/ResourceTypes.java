package dev.gatehouse.access;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Call;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Kinds of resources: reading them from the settings, and keeping them a tree without circles. */
final class ResourceTypes {
    private ResourceTypes() {}

    /**
     * Reads {@code project: organization; document: project, organization}.
     *
     * @throws IllegalArgumentException saying what is wrong
     */
    static Map<String, List<String>> parse(String text) {
        Map<String, List<String>> types = new LinkedHashMap<>();
        for (String part : text.split(";", -1)) {
            if (part.isBlank()) {
                continue;
            }
            int colon = part.indexOf(':');
            if (colon < 0) {
                throw new IllegalArgumentException(
                        "'" + part.strip() + "' does not say what it lies in, after a colon");
            }
            List<String> parents = Arrays.stream(part.substring(colon + 1).split(",", -1))
                    .map(String::strip)
                    .toList();
            if (types.put(part.substring(0, colon).strip(), parents) != null) {
                throw new IllegalArgumentException(
                        "'" + part.substring(0, colon).strip() + "' is there twice");
            }
        }
        return types;
    }

    static ResourceType define(Call call, String slug, List<String> parents) {
        Slugs.word(slug);
        List<String> distinct = new ArrayList<>(new LinkedHashSet<>(parents));
        if (slug.equals(ResourceType.ORGANIZATION) || distinct.isEmpty()) {
            throw ApiException.invalid(
                    "parents", "invalid_resource_type", "Every type but organization lies in another one.");
        }
        for (String parent : distinct) {
            ResourceType.known(call, parent);
            if (ResourceType.withAncestors(call, parent).contains(slug)) {
                throw ApiException.invalid(
                        "parents", "invalid_resource_type", "'" + slug + "' would lie in itself, by '" + parent + "'.");
            }
        }
        ResourceType type = call.holdBy(ResourceType.TYPE, "slug", slug)
                .map(known -> call.update(ResourceType.TYPE, known.id(), t -> t.in(distinct)))
                .orElseGet(() -> call.create(
                        ResourceType.TYPE,
                        new ResourceType(call.newId(ResourceType.TYPE), slug, distinct, call.now(), call.now())));
        deepEnough(call);
        return type;
    }

    /** No type may be too deep, whichever it was that changed. */
    private static void deepEnough(Call call) {
        Map<String, List<String>> all = new LinkedHashMap<>();
        call.page(ResourceType.TYPE, Map.of(), null, new Call.Window(null, null, false, 500))
                .forEach(type -> all.put(type.slug(), type.parents()));
        for (String slug : all.keySet()) {
            if (depth(all, slug, Set.of()) > ResourceType.DEEPEST) {
                throw ApiException.invalid(
                        "parents",
                        "invalid_resource_type",
                        "'" + slug + "' would lie more than " + ResourceType.DEEPEST + " types deep.");
            }
        }
    }

    private static int depth(Map<String, List<String>> all, String slug, Set<String> seen) {
        int deepest = 0;
        for (String parent : all.getOrDefault(slug, List.of())) {
            if (!seen.contains(parent)) {
                Set<String> path = new LinkedHashSet<>(seen);
                path.add(slug);
                deepest = Math.max(deepest, depth(all, parent, path));
            }
        }
        return slug.equals(ResourceType.ORGANIZATION) ? 0 : deepest + 1;
    }
}
