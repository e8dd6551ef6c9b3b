package dev.gatehouse.samples.saas;

import dev.gatehouse.samples.common.Html;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * HTML. What is put into a template is escaped unless it is markup itself, so that forgetting it is harmless.
 *
 * @param html as it goes out
 */
record Markup(String html) {
    static final Markup NONE = new Markup("");

    /** A template, with a value in the place of each {@code {}}. */
    static Markup of(String template, Object... values) {
        StringBuilder html = new StringBuilder();
        int from = 0;
        for (Object value : values) {
            int place = template.indexOf("{}", from);
            html.append(template, from, place)
                    .append(value instanceof Markup markup ? markup.html : Html.escape(value.toString()));
            from = place + 2;
        }
        return new Markup(html.append(template.substring(from)).toString());
    }

    static Markup all(Collection<Markup> parts) {
        return new Markup(parts.stream().map(Markup::html).collect(Collectors.joining("\n")));
    }

    static Markup all(Markup... parts) {
        return all(List.of(parts));
    }

    static Markup when(boolean shown, Markup part) {
        return shown ? part : NONE;
    }
}
