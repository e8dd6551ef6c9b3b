package dev.gatehouse.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A request as any adapter hands it over; it carries no decision.
 *
 * @param method as received; HTTP methods are case-sensitive, so {@code get} is no GET
 * @param contextPath path of the whole application on its host, empty for the root; links begin with it
 * @param path decoded and normalised path below the mount point, beginning with {@code /}
 * @param rawQuery undecoded text after {@code ?}, empty for none
 * @param headers lower-case names to values in the order received
 * @param body empty for none; at most one byte longer than the limit, so that what is longer is seen and refused
 * @param remoteAddress address of the client, as far as trusted proxies tell it
 * @param secure whether the client's connection is HTTPS, as far as trusted proxies tell it
 */
public record Request(
        String method,
        String contextPath,
        String path,
        String rawQuery,
        Map<String, List<String>> headers,
        byte[] body,
        String remoteAddress,
        boolean secure) {
    /** Most bytes of a body that an operation of the API reads. */
    public static final int MOST_BODY = 1 << 20;

    /** A request to an application at the root of its host. */
    public Request(
            String method,
            String path,
            String rawQuery,
            Map<String, List<String>> headers,
            byte[] body,
            String remoteAddress,
            boolean secure) {
        this(method, "", path, rawQuery, headers, body, remoteAddress, secure);
    }

    /** The first value of a header. */
    public Optional<String> header(String name) {
        List<String> values = headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
        return values.isEmpty() ? Optional.empty() : Optional.of(values.get(0));
    }

    /** Media type of the body without parameters, lower case; empty if not given. */
    public String mediaType() {
        String type = header("content-type").orElse("");
        int end = type.indexOf(';');
        return (end < 0 ? type : type.substring(0, end)).trim().toLowerCase(Locale.ROOT);
    }

    /** Decoded query. */
    public Parameters query() {
        return Parameters.parse(rawQuery);
    }

    /** Every cookie received, in order, duplicates included. */
    public List<Map.Entry<String, String>> cookies() {
        List<Map.Entry<String, String>> all = new ArrayList<>();
        for (String header : headers.getOrDefault("cookie", List.of())) {
            for (String pair : header.split(";", -1)) {
                int equals = pair.indexOf('=');
                if (equals > 0) {
                    all.add(Map.entry(
                            pair.substring(0, equals).trim(),
                            pair.substring(equals + 1).trim()));
                }
            }
        }
        return all;
    }
}
