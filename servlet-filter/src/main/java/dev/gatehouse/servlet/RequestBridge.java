package dev.gatehouse.servlet;

import dev.gatehouse.api.Answer;
import dev.gatehouse.api.Request;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A container's request as the engine reads it, and the engine's answer as a container writes it. */
final class RequestBridge {
    /** A body that takes longer is somebody holding a thread (ATTACKS H18); the container ends a silent one. */
    private static final Duration MOST_TIME = Duration.ofSeconds(10);

    private static final byte[] NO_BODY = {};

    private RequestBridge() {}

    /**
     * Reads a request whole.
     *
     * @param path decoded path below the mount point
     * @param mostBody limit of the body; one byte more is read, so that the engine sees what is too long
     * @return null if the body does not come in time
     */
    static @Nullable Request read(Room room, HttpServletRequest http, String path, int mostBody) throws IOException {
        byte[] body = body(http, mostBody + 1);
        return body == null ? null : request(room, http, path, body);
    }

    /** A request whose body is the application's to read. */
    static Request head(Room room, HttpServletRequest http) {
        return request(room, http, http.getServletPath(), NO_BODY);
    }

    private static Request request(Room room, HttpServletRequest http, String path, byte[] body) {
        Map<String, List<String>> headers = new TreeMap<>();
        for (String name : Collections.list(http.getHeaderNames())) {
            headers.put(name.toLowerCase(Locale.ROOT), Collections.list(http.getHeaders(name)));
        }
        String query = http.getQueryString();
        return new Request(
                http.getMethod(),
                http.getContextPath(),
                path,
                query == null ? "" : query,
                headers,
                body,
                room.client(http),
                room.secure(http));
    }

    private static byte @Nullable [] body(HttpServletRequest http, int most) throws IOException {
        long end = System.nanoTime() + MOST_TIME.toNanos();
        InputStream in = http.getInputStream();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] piece = new byte[8_192];
        while (body.size() < most) {
            int length = in.read(piece, 0, Math.min(piece.length, most - body.size()));
            if (length < 0) {
                break;
            }
            body.write(piece, 0, length);
            if (System.nanoTime() > end) {
                return null;
            }
        }
        return body.toByteArray();
    }

    static void write(Answer from, HttpServletResponse to) throws IOException {
        to.setStatus(from.status());
        for (Map.Entry<String, String> header : from.headers()) {
            if (header.getKey().equals("Content-Type")) {
                to.setContentType(header.getValue());
            } else {
                to.addHeader(header.getKey(), header.getValue());
            }
        }
        if (from.body().length > 0) {
            to.setContentLength(from.body().length);
            try {
                to.getOutputStream().write(from.body());
            } catch (IllegalStateException e) {
                // the application took the writer before it asked for this
                to.getWriter().write(from.text());
            }
        }
    }
}
