package dev.gatehouse.engine;

import org.jspecify.annotations.Nullable;

/**
 * A member of an update: absent (leave it), null (clear it), or a value.
 *
 * @param present whether the request named it
 * @param value its value; null if absent or cleared
 */
public record Field<T>(boolean present, @Nullable T value) {
    private static final Field<?> ABSENT = new Field<>(false, null);

    /** Not named in the request. */
    @SuppressWarnings("unchecked") // an absent field has no value of any type
    public static <T> Field<T> absent() {
        return (Field<T>) ABSENT;
    }

    /** Named, with a value or null. */
    public static <T> Field<T> of(@Nullable T value) {
        return new Field<>(true, value);
    }

    /** The new value: the current one if absent, which may be null either way. */
    public @Nullable T or(@Nullable T current) {
        return present ? value : current;
    }

    /** The new value where null cannot be stored: absent and null both leave the current one. */
    public T orKeep(T current) {
        return value == null ? current : value;
    }
}
