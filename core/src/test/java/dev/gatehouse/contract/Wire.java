package dev.gatehouse.contract;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** How records look on the wire, by reflection. */
final class Wire {
    private Wire() {}

    /** The JSON type of a value: {@code any} where it may be whatever. */
    static String json(Type type) {
        if (type == String.class || type == Instant.class || (type instanceof Class<?> c && c.isEnum())) {
            return "string";
        }
        if (type == Boolean.class || type == boolean.class) {
            return "boolean";
        }
        if (type == Integer.class || type == int.class || type == Long.class || type == long.class) {
            return "integer";
        }
        if (type instanceof ParameterizedType generic) {
            return generic.getRawType() == List.class ? "array" : "object";
        }
        return type == JsonNode.class || type == Object.class ? "any" : "object";
    }

    /** The member's name. */
    static String name(RecordComponent component) {
        JsonProperty named = component.getAccessor().getAnnotation(JsonProperty.class);
        return named != null ? named.value() : snake(component.getName());
    }

    /** {@code externalId} as {@code external_id}. */
    static String snake(String camel) {
        return camel.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }
}
