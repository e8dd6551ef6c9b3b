package dev.gatehouse.pages;

import dev.gatehouse.api.Request;
import dev.gatehouse.ui.Strings;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The strings of one language; every one comes from the bundles. */
public final class Texts {
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

    private final Strings strings;

    private Texts(Strings strings) {
        this.strings = strings;
    }

    /** The language that the browser likes best of those there are; English otherwise. */
    static Texts of(Request request) {
        return new Texts(Strings.of(
                "dev.gatehouse.pages.messages",
                request.header("accept-language").orElse(null)));
    }

    /** The language that a person chose; without a choice, as of the request. */
    static Texts of(Request request, @Nullable String locale) {
        return locale == null ? of(request) : new Texts(Strings.of("dev.gatehouse.pages.messages", locale));
    }

    /** BCP 47 tag, for {@code <html lang>}. */
    public String language() {
        return strings.language();
    }

    /** The string of this id, with its arguments. */
    public String get(String id, Object... arguments) {
        return strings.get(id, arguments);
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

    /** With what and from where somebody came, as far as it is known. */
    public String place(@Nullable String userAgent, @Nullable String ipAddress) {
        return ipAddress == null ? device(userAgent) : get("device_at", device(userAgent), ipAddress);
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

    /** A moment as this language writes it, in UTC. */
    public String date(Instant at) {
        return strings.date(at);
    }
}
