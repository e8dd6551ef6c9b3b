package dev.gatehouse.api;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an adapter writes back, verbatim.
 *
 * @param status HTTP status
 * @param headers in order; {@code Set-Cookie} may repeat
 * @param body empty for none
 * @param reason why this is a refusal, for telemetry; empty if it is none. It is not written back
 */
public record Answer(int status, List<Map.Entry<String, String>> headers, byte[] body, String reason) {
    private static final byte[] EMPTY = {};

    public Answer {
        headers = List.copyOf(headers);
    }

    /** One that refuses nothing. */
    public Answer(int status, List<Map.Entry<String, String>> headers, byte[] body) {
        this(status, headers, body, "");
    }

    /** An answer without a body. */
    public static Answer empty(int status) {
        return new Answer(status, List.of(), EMPTY);
    }

    /** An answer with a body of a media type. */
    public static Answer of(int status, String contentType, byte[] body) {
        return new Answer(status, List.of(Map.entry("Content-Type", contentType)), body);
    }

    /** 302 to a location; 303 after a POST is {@link #seeOther}. */
    public static Answer found(String location) {
        return empty(302).with("Location", location);
    }

    /** 303, so that going back or reloading never repeats a POST. */
    public static Answer seeOther(String location) {
        return empty(303).with("Location", location);
    }

    /** This answer with one more header. */
    public Answer with(String name, String value) {
        List<Map.Entry<String, String>> more = new ArrayList<>(headers);
        more.add(Map.entry(name, value));
        return new Answer(status, more, body, reason);
    }

    /** This answer as a refusal: a redirect that tells an application of one has no other sign of it. */
    public Answer because(String why) {
        return new Answer(status, headers, body, why);
    }

    /** The first value of a header, by its name in any case. */
    public Optional<String> header(String name) {
        return headers.stream()
                .filter(h -> h.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** The body as UTF-8 text. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }
}
