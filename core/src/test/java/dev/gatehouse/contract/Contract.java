package dev.gatehouse.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The vendor's OpenAPI document, as far as the oracle asks it. */
final class Contract {
    private static final Path FILE = Path.of("../../shared/contract/openapi.json");
    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

    private final JsonNode document;
    private final Map<String, Operation> operations = new TreeMap<>();

    /**
     * An operation.
     *
     * @param key {@code METHOD /template} as the document spells it
     * @param product the document's tag
     */
    record Operation(String key, String product, JsonNode node) {}

    private Contract(JsonNode document) {
        this.document = document;
        document.get("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(method -> {
                    if (METHODS.contains(method.getKey())) {
                        String key = method.getKey().toUpperCase(java.util.Locale.ROOT) + " " + path.getKey();
                        String tag = method.getValue().at("/tags/0").asText("-");
                        operations.put(plain(key), new Operation(key, tag, method.getValue()));
                    }
                }));
    }

    static boolean present() {
        return Files.exists(FILE);
    }

    static Contract read() throws IOException {
        return new Contract(new ObjectMapper().readTree(FILE.toFile()));
    }

    /** A key without the names of its variables, which do not matter to a caller. */
    static String plain(String key) {
        return key.replaceAll("\\{[^}]+}", "{}");
    }

    Map<String, Operation> operations() {
        return operations;
    }

    JsonNode resolved(JsonNode node) {
        JsonNode at = node;
        while (at.has("$ref")) {
            at = document.at(at.get("$ref").asText().substring(1));
        }
        return at;
    }

    /** Adds every description and summary. */
    void sentences(Set<String> found) {
        for (String name : new String[] {"description", "summary"}) {
            document.findValues(name).stream().filter(JsonNode::isTextual).forEach(node -> found.add(node.textValue()));
        }
    }

    Set<String> queryParameters(Operation operation) {
        Set<String> names = new LinkedHashSet<>();
        operation.node.path("parameters").forEach(parameter -> {
            JsonNode known = resolved(parameter);
            if (known.path("in").asText().equals("query")) {
                names.add(known.get("name").asText());
            }
        });
        return names;
    }

    /** Schema of the request body; missing if it takes none. */
    Shape request(Operation operation) {
        JsonNode content = resolved(operation.node.path("requestBody")).path("content");
        JsonNode media = content.has("application/json") ? content.get("application/json") : first(content);
        return shape(media.path("schema"));
    }

    /** Schema of a response; missing if it has no body. */
    Shape response(Operation operation, int status) {
        return shape(resolved(operation.node.path("responses").path(Integer.toString(status)))
                .at("/content/application~1json/schema"));
    }

    boolean answers(Operation operation, int status) {
        return operation.node.path("responses").has(Integer.toString(status));
    }

    private static JsonNode first(JsonNode object) {
        return object.isEmpty()
                ? com.fasterxml.jackson.databind.node.MissingNode.getInstance()
                : object.iterator().next();
    }

    /**
     * What a schema says about a value, with references, {@code allOf}, {@code oneOf} and {@code anyOf} folded in.
     *
     * @param types JSON type names without {@code null}
     * @param words all that a string can be; empty if anything
     * @param required of an object: members that are there in every variant
     */
    record Shape(
            boolean missing,
            Set<String> types,
            boolean nullable,
            Set<String> words,
            Map<String, JsonNode> properties,
            Set<String> required,
            JsonNode items) {}

    Shape shape(JsonNode schema) {
        if (schema.isMissingNode()) {
            return new Shape(true, Set.of(), false, Set.of(), Map.of(), Set.of(), schema);
        }
        JsonNode node = resolved(schema);
        Set<String> types = new LinkedHashSet<>();
        JsonNode type = node.path("type");
        if (type.isArray()) {
            type.forEach(t -> types.add(t.asText()));
        } else if (type.isTextual()) {
            types.add(type.asText());
        }
        if (node.has("const")) {
            types.add(
                    node.get("const").isTextual() ? "string" : node.get("const").isBoolean() ? "boolean" : "number");
        }
        Set<String> words = new LinkedHashSet<>();
        node.path("enum").forEach(word -> words.add(word.asText()));
        if (node.path("const").isTextual()) {
            words.add(node.get("const").textValue());
        }
        boolean nullable = types.remove("null") || node.path("nullable").asBoolean();
        Map<String, JsonNode> properties = new LinkedHashMap<>();
        node.path("properties").properties().forEach(p -> properties.put(p.getKey(), p.getValue()));
        Set<String> required = new LinkedHashSet<>();
        node.path("required").forEach(r -> required.add(r.asText()));
        JsonNode items = node.path("items");
        for (JsonNode part : node.path("allOf")) {
            Shape inner = shape(part);
            types.addAll(inner.types);
            words.addAll(inner.words);
            inner.properties.forEach(properties::putIfAbsent);
            required.addAll(inner.required);
            items = items.isMissingNode() ? inner.items : items;
        }
        for (String word : new String[] {"oneOf", "anyOf"}) {
            Set<String> everywhere = null;
            for (JsonNode variant : node.path(word)) {
                if (variant.path("type").asText().equals("null")) {
                    nullable = true;
                    continue;
                }
                Shape inner = shape(variant);
                types.addAll(inner.types);
                words.addAll(inner.words);
                nullable |= inner.nullable;
                inner.properties.forEach(properties::putIfAbsent);
                items = items.isMissingNode() ? inner.items : items;
                if (everywhere == null) {
                    everywhere = new LinkedHashSet<>(inner.required);
                } else {
                    everywhere.retainAll(inner.required);
                }
            }
            if (everywhere != null) {
                required.addAll(everywhere);
            }
        }
        if (types.isEmpty() && !properties.isEmpty()) {
            types.add("object");
        }
        return new Shape(false, types, nullable, words, properties, required, items);
    }
}
