package dev.gatehouse.engine;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.spi.Keys;
import dev.gatehouse.spi.ViewSpec;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A resource, declared once: how it is named, found, kept unique, shown, and which events tell of it. Everything that
 * handles the resource reads from here.
 *
 * @param <T> the stored record
 */
public final class EntityType<T extends Entity> {
    private final String kind;
    private final String prefix;
    private final String title;
    private final Class<T> type;
    private final Map<String, Unique<T>> uniques = new LinkedHashMap<>();
    private final Map<String, Lookup<T>> lookups = new LinkedHashMap<>();
    private final MethodHandle constructor;
    private final RecordComponent[] components;
    private Function<T, @Nullable String> text = value -> null;
    private Function<T, @Nullable Instant> expires = value -> null;
    private @Nullable String events;
    private @Nullable Class<?> viewClass;
    private @Nullable BiFunction<T, Call, Object> view;
    private @Nullable BiFunction<T, Call, Object> eventView;
    private Prefetch<T> prefetch = (page, call) -> {};

    private record Unique<T>(
            Function<T, @Nullable String> value, UnaryOperator<String> fold, Function<T, ApiException> taken) {}

    private record Lookup<T>(Function<T, ? extends Collection<String>> values, UnaryOperator<String> fold) {}

    /** Warms a call with what the views of a page will need, in one statement instead of one a row. */
    @FunctionalInterface
    public interface Prefetch<T> {
        void load(List<T> page, Call call);
    }

    private EntityType(String kind, String prefix, Class<T> type) {
        this.kind = kind;
        this.prefix = prefix;
        this.type = type;
        String words = kind.replace('_', ' ');
        this.title = Character.toUpperCase(words.charAt(0)) + words.substring(1);
        this.components = type.getRecordComponents();
        try {
            Class<?>[] parameters = new Class<?>[components.length];
            for (int i = 0; i < components.length; i++) {
                parameters[i] = components[i].getType();
                components[i].getAccessor().setAccessible(true);
            }
            var canonical = type.getDeclaredConstructor(parameters);
            canonical.setAccessible(true);
            this.constructor = MethodHandles.lookup().unreflectConstructor(canonical);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(type + " must be a record", e);
        }
    }

    /**
     * Begins a declaration.
     *
     * @param kind wire word, for example {@code organization_membership}
     * @param prefix of its identifiers, for example {@code om}
     */
    public static <T extends Entity> EntityType<T> of(String kind, String prefix, Class<T> type) {
        return new EntityType<>(kind, prefix, type);
    }

    /** At most one row has this value; null for no value. {@code taken} says what to answer when it is. */
    public EntityType<T> unique(String index, Function<T, @Nullable String> value, Function<T, ApiException> taken) {
        return unique(index, value, UnaryOperator.identity(), taken);
    }

    /** As the other, with values compared after folding (an e-mail address without its case). */
    public EntityType<T> unique(
            String index,
            Function<T, @Nullable String> value,
            UnaryOperator<String> fold,
            Function<T, ApiException> taken) {
        uniques.put(index, new Unique<>(value, fold, taken));
        return this;
    }

    /** Rows are found by this value: filters, nesting, cascades; null for no value. */
    public EntityType<T> lookup(String index, Function<T, @Nullable String> value) {
        return lookup(index, value, UnaryOperator.identity());
    }

    /** As the other, with values compared after folding. */
    public EntityType<T> lookup(String index, Function<T, @Nullable String> value, UnaryOperator<String> fold) {
        lookups.put(index, new Lookup<T>(row -> listOf(value.apply(row)), fold));
        return this;
    }

    /** Rows are found by each of these values. */
    public EntityType<T> lookups(
            String index, Function<T, ? extends Collection<String>> values, UnaryOperator<String> fold) {
        lookups.put(index, new Lookup<T>(values, fold));
        return this;
    }

    /** What {@code search} looks into. */
    public EntityType<T> text(Function<T, @Nullable String> value) {
        text = value;
        return this;
    }

    /** From when on the row is nobody's to take and may be swept; null for never. */
    public EntityType<T> expires(Function<T, @Nullable Instant> at) {
        expires = at;
        return this;
    }

    /** Creating, updating and deleting emit {@code <base>.created}, {@code .updated} and {@code .deleted}. */
    public EntityType<T> events(String base) {
        events = base;
        return this;
    }

    /** As the other, where the event shows something else than the view: it must never hold a secret. */
    public EntityType<T> events(String base, BiFunction<T, Call, Object> data) {
        events = base;
        eventView = data;
        return this;
    }

    /** What reaches the wire: an allow-list by construction. */
    public <V> EntityType<T> view(Class<V> shape, BiFunction<T, Call, V> render) {
        viewClass = shape;
        view = render::apply;
        return this;
    }

    /** Loads what a page's views need. */
    public EntityType<T> prefetch(Prefetch<T> load) {
        prefetch = load;
        return this;
    }

    /** Wire word. */
    public String kind() {
        return kind;
    }

    /** Name for people, as in {@code Organization not found: 'org_…'.} */
    public String title() {
        return title;
    }

    /** A new identifier. */
    String newId(String ulid) {
        return prefix + "_" + ulid;
    }

    /** Whether this text could be an identifier of this type. */
    boolean owns(String id) {
        return id.startsWith(prefix + "_") && id.length() <= 80;
    }

    Class<T> type() {
        return type;
    }

    /** The shape of the view; null if the resource never reaches the wire. */
    public @Nullable Class<?> viewClass() {
        return viewClass;
    }

    boolean hasLookup(String index) {
        return lookups.containsKey(index);
    }

    boolean hasUnique(String index) {
        return uniques.containsKey(index);
    }

    String fold(String index, String value) {
        Unique<T> unique = uniques.get(index);
        Lookup<T> lookup = lookups.get(index);
        return unique != null ? unique.fold.apply(value) : lookup != null ? lookup.fold.apply(value) : value;
    }

    ApiException taken(String index, T value) {
        Unique<T> unique = uniques.get(index);
        return unique == null
                ? ApiException.of(409, "conflict", title + " exists already.")
                : unique.taken.apply(value);
    }

    @Nullable
    String eventBase() {
        return events;
    }

    Object render(T value, Call call) {
        if (view == null) {
            throw new IllegalStateException(kind + " has no view");
        }
        return view.apply(value, call);
    }

    Object renderEvent(T value, Call call) {
        return eventView == null ? render(value, call) : eventView.apply(value, call);
    }

    void prefetch(List<T> page, Call call) {
        prefetch.load(page, call);
    }

    @Nullable
    Instant expiresAt(T value) {
        return expires.apply(value);
    }

    Keys keys(T value) {
        Map<String, String> unique = new LinkedHashMap<>();
        uniques.forEach((index, u) -> {
            String key = u.value.apply(value);
            if (key != null) {
                unique.put(index, u.fold.apply(key));
            }
        });
        Map<String, Set<String>> lookup = new LinkedHashMap<>();
        lookups.forEach((index, l) -> {
            Set<String> all = new LinkedHashSet<>();
            l.values.apply(value).forEach(v -> all.add(l.fold.apply(v)));
            if (!all.isEmpty()) {
                lookup.put(index, all);
            }
        });
        return new Keys(unique, lookup, text.apply(value));
    }

    /** The same record with another {@code updatedAt}. */
    T touched(T value, Instant at) {
        try {
            Object[] arguments = new Object[components.length];
            for (int i = 0; i < components.length; i++) {
                arguments[i] = components[i].getName().equals("updatedAt")
                        ? at
                        : components[i].getAccessor().invoke(value);
            }
            return type.cast(constructor.invokeWithArguments(arguments));
        } catch (Throwable e) {
            throw new IllegalStateException("cannot copy a " + kind, e);
        }
    }

    /** The read-only SQL view of this resource: every component of the record becomes a column. */
    public ViewSpec sqlView() {
        List<ViewSpec.Column> columns = new ArrayList<>();
        for (RecordComponent component : components) {
            String name = Json.snake(component.getName());
            if (!Set.of("id", "created_at", "updated_at").contains(name)) {
                columns.add(new ViewSpec.Column(name, columnType(component.getType())));
            }
        }
        return new ViewSpec(kind, kind, columns);
    }

    private static ViewSpec.Type columnType(Class<?> type) {
        if (type == String.class || type == Instant.class || type.isEnum()) {
            return ViewSpec.Type.TEXT;
        }
        if (type == boolean.class || type == Boolean.class) {
            return ViewSpec.Type.BOOLEAN;
        }
        if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
            return ViewSpec.Type.NUMBER;
        }
        return ViewSpec.Type.JSON;
    }

    private static List<String> listOf(@Nullable String value) {
        return value == null ? List.of() : List.of(value);
    }

    @Override
    public String toString() {
        return kind;
    }
}
