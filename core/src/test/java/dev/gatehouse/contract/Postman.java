package dev.gatehouse.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Prints an OpenAPI document of {@link OpenApi} as a Postman collection, version 2.1. */
final class Postman {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String FORMAT = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";

    private final JsonNode document;

    Postman(JsonNode document) {
        this.document = document;
    }

    ObjectNode collection() {
        ObjectNode collection = NODES.objectNode();
        collection
                .putObject("info")
                .put("name", document.at("/info/title").textValue())
                .put("description", document.at("/info/description").textValue())
                .put("schema", FORMAT);
        ArrayNode folders = collection.putArray("item");
        requests().forEach((tag, items) -> folders.addObject().put("name", tag).set("item", items));
        ObjectNode auth = collection.putObject("auth").put("type", "bearer");
        variable(auth.putArray("bearer"), "token", "{{api_key}}").put("type", "string");
        ArrayNode variables = collection.putArray("variable");
        variable(
                variables,
                "base",
                document.at("/servers/0/variables/base/default").textValue());
        variable(variables, "api_key", "");
        return collection;
    }

    private Map<String, ArrayNode> requests() {
        Map<String, ArrayNode> folders = new TreeMap<>();
        document.get("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(method -> folders.computeIfAbsent(
                                        method.getValue().at("/tags/0").textValue(), tag -> NODES.arrayNode())
                                .add(request(path.getKey(), method.getKey(), method.getValue()))));
        return folders;
    }

    private ObjectNode request(String path, String method, JsonNode operation) {
        ObjectNode item =
                NODES.objectNode().put("name", operation.get("summary").textValue());
        ObjectNode request = item.putObject("request").put("method", method.toUpperCase(Locale.ROOT));
        if (operation.has("security")) {
            request.putObject("auth").put("type", "noauth");
        }
        ArrayNode headers = request.putArray("header");
        if (operation.has("description")) {
            request.put("description", operation.get("description").textValue());
        }
        JsonNode input = operation.at("/requestBody/content/application~1json/schema");
        if (!input.isMissingNode()) {
            variable(headers, "Content-Type", "application/json");
            ObjectNode body = request.putObject("body").put("mode", "raw");
            body.put("raw", example(input, 0).toPrettyString());
            body.putObject("options").putObject("raw").put("language", "json");
        }
        request.set("url", url(path, operation));
        return item;
    }

    private static ObjectNode url(String path, JsonNode operation) {
        String raw = "{{base}}" + path.replaceAll("\\{([^}]+)}", ":$1");
        ObjectNode url = NODES.objectNode().put("raw", raw);
        url.putArray("host").add("{{base}}");
        ArrayNode segments = url.putArray("path");
        for (String segment : path.substring(1).split("/")) {
            segments.add(segment.replaceAll("\\{([^}]+)}", ":$1"));
        }
        ArrayNode query = NODES.arrayNode();
        ArrayNode variables = NODES.arrayNode();
        for (JsonNode parameter : operation.path("parameters")) {
            boolean inPath = parameter.get("in").textValue().equals("path");
            ObjectNode entry =
                    variable(inPath ? variables : query, parameter.get("name").textValue(), "");
            if (parameter.has("description")) {
                entry.put("description", parameter.get("description").textValue());
            }
            if (!inPath && !parameter.path("required").booleanValue()) {
                entry.put("disabled", true);
            }
        }
        if (!query.isEmpty()) {
            url.set("query", query);
        }
        if (!variables.isEmpty()) {
            url.set("variable", variables);
        }
        return url;
    }

    /** What must be there, or everything where nothing must. */
    private JsonNode example(JsonNode schema, int depth) {
        if (schema.has("$ref")) {
            return example(document.at(schema.get("$ref").textValue().substring(1)), depth);
        }
        JsonNode type = schema.path("type");
        String first = (type.isArray() ? type.get(0) : type).asText();
        return switch (first) {
            case "string" -> NODES.textNode("");
            case "boolean" -> NODES.booleanNode(false);
            case "integer" -> NODES.numberNode(0);
            case "array" -> NODES.arrayNode();
            default -> object(schema, depth);
        };
    }

    private ObjectNode object(JsonNode schema, int depth) {
        ObjectNode object = NODES.objectNode();
        JsonNode required = schema.path("required");
        schema.path("properties").properties().forEach(member -> {
            boolean needed = false;
            for (JsonNode name : required) {
                needed |= name.textValue().equals(member.getKey());
            }
            if (needed || (required.isEmpty() && depth == 0)) {
                object.set(member.getKey(), example(member.getValue(), depth + 1));
            }
        });
        return object;
    }

    private static ObjectNode variable(ArrayNode list, String key, String value) {
        return list.addObject().put("key", key).put("value", value);
    }
}
