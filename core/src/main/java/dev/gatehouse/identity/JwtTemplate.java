package dev.gatehouse.identity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A compiled JWT template (contract/behaviour/03 §3.9): JSON whose values and strings may hold {@code {{expressions}}}.
 * There are no loops, no functions and no conditions, so rendering is linear in the size of the template and of its data.
 */
final class JwtTemplate {
    /** Claims that a template may not set: those of RFC 7519 that make the token, and those that say whose it is. */
    static final Set<String> RESERVED =
            Set.of("iss", "sub", "exp", "iat", "nbf", "jti", "sid", "act", "client_id", "auth_time");

    private final Map<String, Value> claims;

    JwtTemplate(Map<String, Value> claims) {
        this.claims = new LinkedHashMap<>(claims);
    }

    /** A template that is none; the message is for the person who wrote it. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message);
        }
    }

    /**
     * Compiles a template.
     *
     * @throws Malformed with what is wrong and where
     */
    static JwtTemplate compile(String text) throws Malformed {
        Map<String, Value> claims = new JwtTemplateParser(text).template();
        if (claims.isEmpty()) {
            throw new Malformed("Template must render to an object with at least one explicitly defined top-level key");
        }
        for (String claim : claims.keySet()) {
            if (RESERVED.contains(claim)) {
                throw new Malformed("Keys reserved (iss, sub, exp, etc.): '" + claim + "'");
            }
        }
        return new JwtTemplate(claims);
    }

    /** The claims, from {@code user}, {@code organization} and {@code organization_membership}; a null one is left out. */
    ObjectNode render(ObjectNode data) {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        claims.forEach((claim, value) -> {
            JsonNode rendered = value.render(data);
            if (!rendered.isNull()) {
                out.set(claim, rendered);
            }
        });
        return out;
    }

    /** A part of a template. */
    sealed interface Value {
        JsonNode render(ObjectNode data);
    }

    /** A number, {@code true}, {@code false} or {@code null}. */
    record Plain(JsonNode value) implements Value {
        @Override
        public JsonNode render(ObjectNode data) {
            return value;
        }
    }

    record Members(Map<String, Value> members) implements Value {
        @Override
        public JsonNode render(ObjectNode data) {
            ObjectNode out = JsonNodeFactory.instance.objectNode();
            members.forEach((name, value) -> out.set(name, value.render(data)));
            return out;
        }
    }

    record Elements(List<Value> elements) implements Value {
        @Override
        public JsonNode render(ObjectNode data) {
            ArrayNode out = JsonNodeFactory.instance.arrayNode();
            elements.forEach(element -> out.add(element.render(data)));
            return out;
        }
    }

    /** A string with expressions in it; what is null is left out. */
    record Text(List<Value> parts) implements Value {
        @Override
        public JsonNode render(ObjectNode data) {
            StringBuilder out = new StringBuilder();
            for (Value part : parts) {
                JsonNode rendered = part.render(data);
                // an object cannot be named in a string, but metadata may hold anything under a name
                if (rendered.isValueNode() && !rendered.isNull()) {
                    out.append(rendered.asText());
                }
            }
            return TextNode.valueOf(out.toString().strip());
        }
    }

    /** Alternatives; the first that is not null wins. */
    record Expression(List<Value> alternatives) implements Value {
        @Override
        public JsonNode render(ObjectNode data) {
            for (Value alternative : alternatives) {
                JsonNode rendered = alternative.render(data);
                if (!rendered.isNull()) {
                    return rendered.isTextual()
                            ? TextNode.valueOf(rendered.textValue().strip())
                            : rendered;
                }
            }
            return NullNode.getInstance();
        }
    }

    record Literal(String text) implements Value {
        @Override
        public JsonNode render(ObjectNode data) {
            return TextNode.valueOf(text);
        }
    }

    record Path(List<String> names) implements Value {
        @Override
        public JsonNode render(ObjectNode data) {
            JsonNode at = data;
            for (String name : names) {
                at = at.path(name);
            }
            return at.isMissingNode() ? NullNode.getInstance() : at;
        }
    }
}
