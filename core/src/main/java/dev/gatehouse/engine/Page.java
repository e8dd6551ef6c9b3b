package dev.gatehouse.engine;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Parameters;
import dev.gatehouse.api.Problem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A cursor page as asked for: {@code after=X} is what follows X in the order asked for, {@code before=X} what precedes
 * it, nearest first. {@code order=normal} is newest first with the two cursors swapped.
 *
 * @param after exclusive; null for none
 * @param before exclusive; null for none
 * @param descending newest first
 * @param limit 1 to 100
 * @param swapped whether the request and the answer call older rows {@code before} and newer ones {@code after}
 */
public record Page(@Nullable String after, @Nullable String before, boolean descending, int limit, boolean swapped) {
    /** Query parameters that every list understands. */
    public static final List<String> PARAMETERS = List.of("before", "after", "limit", "order");

    /**
     * Reads the paging parameters.
     *
     * @param descendingByDefault the order if none is asked for
     * @throws ApiException 422 if a value is out of range
     */
    public static Page of(Parameters query, boolean descendingByDefault) {
        List<Problem> problems = new ArrayList<>();
        int limit = query.one("limit").map(text -> limit(text, problems)).orElse(10);
        String order = query.one("order").orElse(descendingByDefault ? "desc" : "asc");
        if (!Set.of("asc", "desc", "normal").contains(order)) {
            problems.add(new Problem("order", "order_invalid", "Order must be one of asc, desc, normal."));
        }
        String after = query.one("after").filter(text -> !text.isEmpty()).orElse(null);
        String before = query.one("before").filter(text -> !text.isEmpty()).orElse(null);
        if (!problems.isEmpty()) {
            throw ApiException.invalid(problems);
        }
        return order.equals("normal")
                ? new Page(before, after, true, limit, true)
                : new Page(after, before, order.equals("desc"), limit, false);
    }

    private static int limit(String text, List<Problem> problems) {
        if (text.matches("[0-9]{1,3}")) {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= 100) {
                return limit;
            }
        }
        problems.add(new Problem("limit", "limit_out_of_range", "Limit must be an integer between 1 and 100."));
        return 10;
    }

    /** The same page from the beginning, where what came as {@code after} is no cursor. */
    public Page withoutAfter() {
        return new Page(null, before, descending, limit, swapped);
    }

    /** Whether the page is read against its order, from {@code before} backwards. */
    private boolean backwards() {
        return before != null && after == null;
    }

    /** What to ask the storage for: one row more than the page, to know whether more follow. */
    public Call.Window window() {
        boolean down = backwards() != descending;
        return new Call.Window(descending ? before : after, descending ? after : before, down, limit + 1);
    }

    /** The list envelope for the rows that {@link #window} found. */
    public <T extends Entity> Envelope envelope(List<T> found, Function<T, Object> view) {
        boolean more = found.size() > limit;
        List<T> rows = new ArrayList<>(more ? found.subList(0, limit) : found);
        if (backwards()) {
            Collections.reverse(rows);
        }
        boolean precede = backwards() ? more : after != null;
        boolean follow = backwards() || more;
        List<Object> data = new ArrayList<>(rows.size());
        rows.forEach(row -> data.add(view.apply(row)));
        String first = precede && !rows.isEmpty() ? rows.get(0).id() : null;
        String last = follow && !rows.isEmpty() ? rows.get(rows.size() - 1).id() : null;
        return new Envelope("list", data, swapped ? new Metadata(last, first) : new Metadata(first, last));
    }

    /**
     * The list envelope.
     *
     * @param object always {@code list}
     * @param data views of the page
     * @param listMetadata cursors; {@code after} is null on the last page, or clients would ask for ever
     */
    public record Envelope(String object, List<Object> data, Metadata listMetadata) {}

    /**
     * Cursors.
     *
     * @param before first identifier, if any precede it
     * @param after last identifier, if any follow it
     */
    public record Metadata(
            @Nullable String before, @Nullable String after) {}
}
