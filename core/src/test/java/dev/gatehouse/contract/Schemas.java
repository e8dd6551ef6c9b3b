package dev.gatehouse.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.engine.Field;
import dev.gatehouse.engine.Limit;
import dev.gatehouse.engine.OneOf;
import dev.gatehouse.engine.Required;
import dev.gatehouse.engine.Route;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** JSON Schemas of records, each under a name of its own. */
final class Schemas {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Map<String, Class<?>> owners = new TreeMap<>();
    private final Map<String, ObjectNode> all = new TreeMap<>();

    /** Every schema that was asked for, by name. */
    ObjectNode all() {
        ObjectNode node = NODES.objectNode();
        node.setAll(all);
        return node;
    }

    static ObjectNode reference(String name) {
        return NODES.objectNode().put("$ref", "#/components/schemas/" + name);
    }

    /** A reference to the record's schema, which is made when it is not there yet. */
    ObjectNode of(Class<?> record, boolean input) {
        String name = name(record, input);
        Class<?> owner = owners.putIfAbsent(name, record);
        if (owner == null) {
            all.put(name, record(record, input));
        } else if (owner != record) {
            throw new IllegalStateException(owner + " and " + record + " would both be " + name);
        }
        return reference(name);
    }

    /** {@code Invitation.View} is Invitation; {@code Invitations.Send} is InvitationsSend. */
    private static String name(Class<?> record, boolean input) {
        Class<?> outer = record.getEnclosingClass();
        String own = record.getSimpleName();
        if (outer == null) {
            return own;
        }
        String owner = (outer.getEnclosingClass() == null
                        ? ""
                        : outer.getEnclosingClass().getSimpleName())
                + outer.getSimpleName();
        owner = owner.replace("Operations", "");
        return own.equals("View") ? owner : owner + (input ? own.replaceFirst("In$", "") + "Input" : own);
    }

    private ObjectNode record(Class<?> record, boolean input) {
        ObjectNode schema = NODES.objectNode().put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = NODES.arrayNode();
        for (RecordComponent component : record.getRecordComponents()) {
            String name = Wire.name(component);
            properties.set(name, member(component, input));
            if (input ? component.isAnnotationPresent(Required.class) : !OpenApi.omittable(component)) {
                required.add(name);
            }
        }
        if (!required.isEmpty()) {
            schema.set("required", required);
        }
        return schema;
    }

    /** The schema of a member: null where an answer may have it, or where it clears what an update names. */
    ObjectNode member(RecordComponent component, boolean input) {
        AnnotatedType type = component.getAnnotatedType();
        boolean field = component.getType() == Field.class;
        boolean nullable = input ? field : type.isAnnotationPresent(Nullable.class) && !OpenApi.omittable(component);
        ObjectNode schema = value(field ? argument(type, 0) : type, component.getAnnotation(Limit.class), input);
        OneOf closed = component.getAnnotation(OneOf.class);
        if (closed != null) {
            ArrayNode words = schema.putArray("enum");
            Stream.of(closed.value()).forEach(words::add);
            if (nullable) {
                words.addNull();
            }
        }
        String words = Words.member(Wire.name(component));
        ObjectNode member = nullable ? orNull(schema) : schema;
        if (!words.isEmpty()) {
            member.put("description", words);
        }
        return member;
    }

    private ObjectNode value(AnnotatedType annotated, @Nullable Limit limit, boolean input) {
        Type type = annotated.getType();
        ObjectNode schema = NODES.objectNode();
        switch (Wire.json(type)) {
            case "any" -> {
                // whatever JSON can say
            }
            case "string" -> {
                schema.put("type", "string");
                if (type == Instant.class) {
                    schema.put("format", "date-time");
                }
                if (limit != null) {
                    schema.put("maxLength", limit.value());
                }
            }
            case "array" -> schema.put("type", "array").set("items", value(argument(annotated, 0), limit, input));
            case "object" -> {
                if (type instanceof Class<?> record && record.isRecord()) {
                    return of(record, input);
                }
                schema.put("type", "object");
                if (type instanceof ParameterizedType) {
                    AnnotatedType held = argument(annotated, 1);
                    ObjectNode values = value(held, null, input);
                    schema.set(
                            "additionalProperties", held.isAnnotationPresent(Nullable.class) ? orNull(values) : values);
                }
            }
            default -> schema.put("type", Wire.json(type));
        }
        return schema;
    }

    private static AnnotatedType argument(AnnotatedType type, int index) {
        return ((AnnotatedParameterizedType) type).getAnnotatedActualTypeArguments()[index];
    }

    private static ObjectNode orNull(ObjectNode schema) {
        JsonNode type = schema.get("type");
        if (type != null) {
            schema.putArray("type").add(type).add("null");
            return schema;
        }
        if (schema.isEmpty()) {
            return schema; // anything includes null
        }
        ObjectNode either = NODES.objectNode();
        either.putArray("anyOf").add(schema).addObject().put("type", "null");
        return either;
    }

    /** The three spellings of a refusal (see {@link Route.Problems}) and OAuth's. */
    void addErrors() {
        all.put("Error", error(null));
        for (Route.Problems spelling : Route.Problems.values()) {
            ObjectNode problem = NODES.objectNode().put("type", "object");
            ObjectNode properties = problem.putObject("properties");
            switch (spelling) {
                case CODE -> text(properties, "code", "message");
                case FIELD -> text(properties, "field", "code");
                case CONSTRAINTS -> {
                    text(properties, "property");
                    properties
                            .putObject("constraints")
                            .put("type", "object")
                            .putObject("additionalProperties")
                            .put("type", "string");
                }
            }
            all.put(invalid(spelling), error(problem));
        }
        ObjectNode oauth = NODES.objectNode().put("type", "object");
        text(oauth.putObject("properties"), "error", "error_description");
        oauth.putArray("required").add("error").add("error_description");
        all.put("OauthError", oauth);
        ObjectNode any = NODES.objectNode();
        any.putArray("anyOf").add(reference("Error")).add(reference("OauthError"));
        all.put("AnyError", any);
    }

    /** Name of the schema of a 422. */
    static String invalid(Route.Problems spelling) {
        return switch (spelling) {
            case CODE -> "InvalidByCode";
            case FIELD -> "InvalidByField";
            case CONSTRAINTS -> "InvalidByConstraints";
        };
    }

    private static ObjectNode error(@Nullable ObjectNode problem) {
        ObjectNode error = NODES.objectNode().put("type", "object");
        ObjectNode properties = error.putObject("properties");
        text(properties, "message", "code");
        if (problem != null) {
            properties.putObject("errors").put("type", "array").set("items", problem);
        }
        error.putArray("required").add("message");
        return error;
    }

    private static void text(ObjectNode properties, String... names) {
        for (String name : names) {
            properties.putObject(name).put("type", "string");
        }
    }
}
