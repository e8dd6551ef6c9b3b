package dev.gatehouse.ui;

import java.text.MessageFormat;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/** The strings of one bundle in one language. */
public final class Strings {
    private static final int MOST_WISH = 200;
    private static final List<Locale> KNOWN = List.of(Locale.ENGLISH, Locale.GERMAN);

    private final ResourceBundle bundle;
    private final Locale locale;

    private Strings(String bundle, Locale locale) {
        this.locale = locale;
        this.bundle = ResourceBundle.getBundle(
                bundle, locale, ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
    }

    /** BCP 47 tags of the languages that there are. */
    public static List<String> tags() {
        return KNOWN.stream().map(Locale::toLanguageTag).toList();
    }

    /**
     * The language liked best of those there are; English otherwise.
     *
     * @param bundle base name, for example {@code dev.gatehouse.pages.messages}
     * @param wish a BCP 47 tag or a whole {@code Accept-Language}; null, unreadable or overlong for no wish
     */
    public static Strings of(String bundle, @Nullable String wish) {
        // parsing takes the square of its length: 8 kB would be 35 ms of work
        if (wish == null || wish.length() > MOST_WISH) {
            return new Strings(bundle, Locale.ENGLISH);
        }
        try {
            Locale best = Locale.lookup(Locale.LanguageRange.parse(wish.replace('_', '-')), KNOWN);
            return new Strings(bundle, best == null ? Locale.ENGLISH : best);
        } catch (IllegalArgumentException e) {
            return new Strings(bundle, Locale.ENGLISH);
        }
    }

    /** BCP 47 tag, for {@code <html lang>}. */
    public String language() {
        return locale.toLanguageTag();
    }

    /** The string of this id, with its arguments. */
    public String get(String id, Object... arguments) {
        return new MessageFormat(bundle.getString(id), locale).format(arguments);
    }

    /** A moment as this language writes it, in UTC. */
    public String date(Instant at) {
        return DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM, FormatStyle.SHORT)
                .withLocale(locale)
                .withZone(ZoneOffset.UTC)
                .format(at);
    }
}
