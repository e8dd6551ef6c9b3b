package dev.gatehouse.servlet;

import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Something of the container that answers as it is told. */
final class Stub {
    private Stub() {}

    /** @param answers by a method's name and arguments */
    static <T> T of(Class<T> type, BiFunction<String, Object[], @Nullable Object> answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answers.apply(method.getName(), arguments)));
    }

    /** @param answers by a method's name; null from every other */
    static <T> T of(Class<T> type, Map<String, Object> answers) {
        return of(type, (name, arguments) -> answers.get(name));
    }
}
