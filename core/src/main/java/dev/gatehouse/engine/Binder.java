package dev.gatehouse.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Parameters;
import dev.gatehouse.api.Problem;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Turns a JSON object or form into an input record, and says everything that is wrong with it at once. Types are never
 * coerced in JSON: a number or an array is not a string (ATTACKS P07). Unknown members are ignored, as SDKs send extras.
 *
 * <p>Compiled once when a route is declared.
 */
final class Binder<I> {
    private final Class<I> type;
    private final MethodHandle constructor;
    private final List<Member> members = new ArrayList<>();

    private record Member(
            String wire,
            Method accessor,
            Reader reader,
            boolean required,
            boolean filled,
            boolean field,
            Object ifAbsent) {}

    @FunctionalInterface
    private interface Reader {
        /** The value, or null after adding to {@code problems}. */
        @Nullable
        Object read(JsonNode node, String path, Mode mode, List<Problem> problems);
    }

    Binder(Class<I> type) {
        this.type = type;
        try {
            RecordComponent[] components = type.getRecordComponents();
            Class<?>[] parameters = new Class<?>[components.length];
            for (int i = 0; i < components.length; i++) {
                parameters[i] = components[i].getType();
                members.add(member(components[i]));
            }
            Constructor<I> canonical = type.getDeclaredConstructor(parameters);
            canonical.setAccessible(true);
            constructor = MethodHandles.lookup().unreflectConstructor(canonical);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(type + " must be a record", e);
        }
    }

    /** How an input is read. */
    private enum Mode {
        /** As SDKs send it. */
        JSON,
        /** Texts become what the record wants. */
        FORM,
        /** As JSON, and a member of an inner object that is not known is a problem. */
        FILE
    }

    /**
     * Binds a JSON body.
     *
     * @throws ApiException 422 with every problem found
     */
    I bind(JsonNode body) {
        if (!body.isObject()) {
            throw ApiException.invalid("", "object_required", "The body must be a JSON object.");
        }
        return all(body, Mode.JSON);
    }

    /**
     * Binds an object of a file, in which a misspelt member would be lost without a word.
     *
     * @throws ApiException 422 with every problem found
     */
    I bindFile(JsonNode object) {
        return all(object, Mode.FILE);
    }

    /**
     * Holds a record that Java code made to what holds for requests.
     *
     * @throws ApiException 422 with every problem found
     */
    I check(I value, Json json) {
        ObjectNode node = (ObjectNode) json.tree(Map.of());
        for (Member member : members) {
            Object part = part(member, value);
            if (part instanceof Field<?> field) {
                if (!field.present()) {
                    continue;
                }
                part = field.value();
            }
            node.set(member.wire, json.tree(part));
        }
        return bind(node);
    }

    private @Nullable Object part(Member member, I value) {
        try {
            return member.accessor.invoke(value);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read a " + type.getSimpleName(), e);
        }
    }

    /** Binds form parameters; texts become booleans and numbers where the record wants them. */
    I bind(Parameters form, Json json) {
        ObjectNode node = (ObjectNode) json.tree(Map.of());
        for (String name : form.names()) {
            form.one(name).ifPresent(value -> node.put(name, value));
        }
        return all(node, Mode.FORM);
    }

    private I all(JsonNode body, Mode mode) {
        List<Problem> problems = new ArrayList<>();
        I value = read(body, "", mode, problems);
        if (!problems.isEmpty() || value == null) {
            throw ApiException.invalid(problems);
        }
        return value;
    }

    private @Nullable I read(JsonNode body, String path, Mode mode, List<Problem> problems) {
        Object[] arguments = new Object[members.size()];
        int before = problems.size();
        if (mode == Mode.FILE && !path.isEmpty()) {
            known(body, path, problems);
        }
        for (int i = 0; i < arguments.length; i++) {
            Member member = members.get(i);
            String at = path.isEmpty() ? member.wire : path + "." + member.wire;
            JsonNode node = body.get(member.wire);
            if (node == null) {
                if (member.required) {
                    problems.add(required(member, at));
                }
                arguments[i] = member.field ? Field.absent() : null;
            } else if (node.isNull()) {
                if (member.required) {
                    problems.add(required(member, at));
                }
                arguments[i] = member.field ? Field.of(null) : null;
            } else {
                Object value = member.reader.read(node, at, mode, problems);
                if (member.filled && value instanceof String text && text.isBlank()) {
                    problems.add(required(member, at));
                }
                arguments[i] = member.field ? Field.of(value) : value;
            }
        }
        if (problems.size() > before) {
            return null;
        }
        try {
            return type.cast(constructor.invokeWithArguments(arguments));
        } catch (Throwable e) {
            throw new IllegalStateException("cannot make a " + type.getSimpleName(), e);
        }
    }

    Set<String> names() {
        return members.stream().map(Member::wire).collect(Collectors.toSet());
    }

    private void known(JsonNode body, String path, List<Problem> problems) {
        body.fieldNames().forEachRemaining(name -> {
            if (!names().contains(name)) {
                problems.add(new Problem(path + "." + name, "unknown_field", "Nothing is known by this name."));
            }
        });
    }

    private static Problem required(Member member, String at) {
        Object kind = member.ifAbsent;
        return kind.equals("string")
                ? new Problem(at, code(at) + "_string_required", words(at) + " must be a non-empty string.")
                : new Problem(at, code(at) + "_required", words(at) + " is required.");
    }

    private static Member member(RecordComponent component) {
        Type generic = component.getGenericType();
        boolean field = component.getType() == Field.class;
        Type inner = field ? ((ParameterizedType) generic).getActualTypeArguments()[0] : generic;
        Limit limit = component.getAnnotation(Limit.class);
        boolean required = component.isAnnotationPresent(Required.class);
        component.getAccessor().setAccessible(true);
        return new Member(
                Json.snake(component.getName()),
                component.getAccessor(),
                reader(inner, limit),
                required,
                required || component.isAnnotationPresent(Filled.class),
                field,
                inner == String.class ? "string" : "other");
    }

    private static Reader reader(Type type, @Nullable Limit limit) {
        if (type == String.class) {
            return (node, path, mode, problems) -> text(node, path, limit, problems);
        }
        if (type == Boolean.class || type == boolean.class) {
            return Binder::bool;
        }
        if (type == Integer.class) {
            return Binder::integer;
        }
        if (type == Long.class) {
            return Binder::whole;
        }
        if (type == JsonNode.class) {
            return (node, path, mode, problems) -> node;
        }
        if (type instanceof Class<?> record && record.isRecord()) {
            Binder<?> nested = new Binder<>(record);
            return (node, path, mode, problems) -> node.isObject()
                    ? nested.read(node, path, mode, problems)
                    : wrong(path, "object", "an object", problems);
        }
        if (type instanceof ParameterizedType generic && generic.getRawType() == List.class) {
            Reader element = reader(generic.getActualTypeArguments()[0], limit);
            return (node, path, mode, problems) -> list(node, path, mode, problems, element);
        }
        if (type instanceof ParameterizedType generic && generic.getRawType() == Map.class) {
            return (node, path, mode, problems) -> map(node, path, problems);
        }
        throw new IllegalArgumentException("an input record cannot hold a " + type);
    }

    private static @Nullable Object text(JsonNode node, String path, @Nullable Limit limit, List<Problem> problems) {
        if (!node.isTextual()) {
            return wrong(path, "string", "a string", problems);
        }
        String text = node.textValue();
        if (limit != null && text.length() > limit.value()) {
            problems.add(new Problem(
                    path,
                    code(path) + "_too_long",
                    words(path) + " must have at most " + limit.value() + " characters."));
            return null;
        }
        if (limit != null && limit.ascii() && text.chars().anyMatch(c -> c > 0x7f)) {
            problems.add(
                    new Problem(path, code(path) + "_not_ascii", words(path) + " must contain only ASCII characters."));
            return null;
        }
        if (!storable(text)) {
            problems.add(unstorable(path));
            return null;
        }
        return text;
    }

    /** U+0000 cannot be stored by PostgreSQL, and a lone surrogate has no UTF-8 form. */
    private static boolean storable(String text) {
        return text.indexOf('\0') < 0 && text.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF);
    }

    private static Problem unstorable(String path) {
        return new Problem(path, code(path) + "_invalid", words(path) + " contains a character that cannot be stored.");
    }

    private static @Nullable Object bool(JsonNode node, String path, Mode mode, List<Problem> problems) {
        if (mode == Mode.FORM
                && node.isTextual()
                && (node.textValue().equals("true") || node.textValue().equals("false"))) {
            return node.textValue().equals("true");
        }
        return node.isBoolean() ? node.booleanValue() : wrong(path, "boolean", "a boolean", problems);
    }

    private static @Nullable Object integer(JsonNode node, String path, Mode mode, List<Problem> problems) {
        if (mode == Mode.FORM && node.isTextual() && node.textValue().matches("-?[0-9]{1,9}")) {
            return Integer.valueOf(node.textValue());
        }
        return node.isInt() ? node.intValue() : wrong(path, "integer", "an integer", problems);
    }

    private static @Nullable Object whole(JsonNode node, String path, Mode mode, List<Problem> problems) {
        return node.isIntegralNumber() ? node.longValue() : wrong(path, "integer", "an integer", problems);
    }

    private static @Nullable Object list(
            JsonNode node, String path, Mode mode, List<Problem> problems, Reader element) {
        if (!node.isArray()) {
            return wrong(path, "array", "an array", problems);
        }
        if (node.size() > 1_000) {
            problems.add(
                    new Problem(path, code(path) + "_too_many", words(path) + " must have at most 1000 elements."));
            return null;
        }
        List<Object> all = new ArrayList<>(node.size());
        for (JsonNode child : node) {
            Object value = child.isNull()
                    ? wrong(path, "value", "without null", problems)
                    : element.read(child, path, mode, problems);
            if (value != null) {
                all.add(value);
            }
        }
        return Collections.unmodifiableList(all);
    }

    private static @Nullable Object map(JsonNode node, String path, List<Problem> problems) {
        if (!node.isObject()) {
            return wrong(path, "object", "an object", problems);
        }
        Map<String, @Nullable String> all = new LinkedHashMap<>();
        node.properties().forEach(entry -> {
            if (!storable(entry.getKey())) {
                problems.add(unstorable(path));
            } else if (entry.getValue().isNull()) {
                all.put(entry.getKey(), null);
            } else if (text(entry.getValue(), path + "." + entry.getKey(), null, problems) instanceof String text) {
                all.put(entry.getKey(), text);
            }
        });
        return Collections.unmodifiableMap(all);
    }

    private static @Nullable Object wrong(String path, String code, String words, List<Problem> problems) {
        problems.add(new Problem(path, code(path) + "_" + code + "_required", words(path) + " must be " + words + "."));
        return null;
    }

    private static String code(String path) {
        return path.replace('.', '_').toLowerCase(Locale.ROOT);
    }

    private static String words(String path) {
        String words = path.replace('_', ' ').replace('.', ' ');
        return words.isEmpty() ? "The value" : Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }
}
