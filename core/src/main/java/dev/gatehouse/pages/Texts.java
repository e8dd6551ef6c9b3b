package dev.gatehouse.pages;

import dev.gatehouse.api.Request;
import java.text.MessageFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/** The strings of one language; every one comes from the bundles. */
public final class Texts {
    private static final int MOST_WISH = 200;
    private static final List<Locale> KNOWN = List.of(Locale.ENGLISH, Locale.GERMAN);

    // in this order: a browser names the ones that it wants to pass for, too
    private static final List<Map.Entry<String, String>> BROWSERS = List.of(
            Map.entry("Edg", "Edge"),
            Map.entry("OPR/", "Opera"),
            Map.entry("SamsungBrowser/", "Samsung Internet"),
            Map.entry("Firefox/", "Firefox"),
            Map.entry("FxiOS/", "Firefox"),
            Map.entry("CriOS/", "Chrome"),
            Map.entry("Chrome/", "Chrome"),
            Map.entry("Safari/", "Safari"),
            Map.entry("curl/", "curl"));

    private static final List<Map.Entry<String, String>> SYSTEMS = List.of(
            Map.entry("iPhone", "iPhone"),
            Map.entry("iPad", "iPad"),
            Map.entry("Android", "Android"),
            Map.entry("Windows", "Windows"),
            Map.entry("Mac OS X", "macOS"),
            Map.entry("CrOS", "ChromeOS"),
            Map.entry("Linux", "Linux"));

    private final ResourceBundle bundle;
    private final Locale locale;

    private Texts(Locale locale) {
        this.locale = locale;
        this.bundle = ResourceBundle.getBundle(
                "dev.gatehouse.pages.messages",
                locale,
                ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
    }

    /** The language that the browser likes best of those there are; English otherwise. */
    static Texts of(Request request) {
        // parsing takes the square of its length: 8 kB would be 35 ms of work
        String wish = request.header("accept-language")
                .filter(text -> text.length() <= MOST_WISH)
                .orElse("en");
        try {
            Locale best = Locale.lookup(Locale.LanguageRange.parse(wish), KNOWN);
            return new Texts(best == null ? Locale.ENGLISH : best);
        } catch (IllegalArgumentException e) {
            return new Texts(Locale.ENGLISH);
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

    /** A browser in a person's words, as far as it tells: {@code Firefox on Windows}. */
    public String device(@Nullable String userAgent) {
        String browser = first(userAgent, BROWSERS);
        String system = first(userAgent, SYSTEMS);
        if (browser.isEmpty()) {
            return system.isEmpty() ? get("unknown_device") : system;
        }
        return system.isEmpty() ? browser : get("device", browser, system);
    }

    private static String first(@Nullable String text, List<Map.Entry<String, String>> marks) {
        return text == null
                ? ""
                : marks.stream()
                        .filter(mark -> text.contains(mark.getKey()))
                        .map(Map.Entry::getValue)
                        .findFirst()
                        .orElse("");
    }

    /** A date as this language writes it. */
    public String date(java.time.Instant at) {
        return java.time.format.DateTimeFormatter.ofLocalizedDateTime(
                        java.time.format.FormatStyle.MEDIUM, java.time.format.FormatStyle.SHORT)
                .withLocale(locale)
                .withZone(java.time.ZoneOffset.UTC)
                .format(at);
    }
}
