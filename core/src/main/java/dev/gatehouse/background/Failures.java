package dev.gatehouse.background;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a log may hold of a failure: classes and codes, since messages quote addresses and content. */
public final class Failures {
    private static final int MOST = 5;

    private Failures() {}

    /** For example {@code MailConnectException, ConnectException}. */
    public static String of(Throwable failure) {
        return of(failure, at -> "");
    }

    /**
     * As the other, with more about some of the classes.
     *
     * @param more what to add to a class's name; it must hold nothing from outside but codes
     */
    public static String of(Throwable failure, Function<Throwable, String> more) {
        List<String> names = new ArrayList<>();
        for (@Nullable Throwable at = failure; at != null && names.size() < MOST; at = at.getCause()) {
            names.add(at.getClass().getSimpleName() + more.apply(at));
        }
        return String.join(", ", names);
    }
}
