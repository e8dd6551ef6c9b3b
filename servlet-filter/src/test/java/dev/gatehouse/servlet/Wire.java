package dev.gatehouse.servlet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** HTTP as bytes on a socket: nothing between the attack and the container. */
record Wire(int port) {
    /** What came back, whole. */
    record Reply(int status, List<String> headers, String body, String raw) {
        List<String> all(String name) {
            List<String> values = new ArrayList<>();
            for (String header : headers) {
                if (header.regionMatches(true, 0, name + ":", 0, name.length() + 1)) {
                    values.add(header.substring(name.length() + 1).trim());
                }
            }
            return values;
        }

        String header(String name) {
            List<String> values = all(name);
            return values.isEmpty() ? "" : values.get(0);
        }
    }

    /** One request on a connection of its own. */
    Reply send(String method, String target, String body, String... headers) throws IOException {
        StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
        boolean host = false;
        for (String header : headers) {
            host |= header.regionMatches(true, 0, "Host:", 0, 5);
        }
        if (!host) {
            head.append("Host: app.test\r\n");
        }
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        if (!body.isEmpty()) {
            head.append("Content-Length: ")
                    .append(body.getBytes(StandardCharsets.UTF_8).length)
                    .append("\r\n");
        }
        return raw(head + "Connection: close\r\n\r\n" + body);
    }

    Reply get(String target, String... headers) throws IOException {
        return send("GET", target, "", headers);
    }

    Reply post(String target, String form, String... headers) throws IOException {
        String[] all = new String[headers.length + 1];
        System.arraycopy(headers, 0, all, 0, headers.length);
        all[headers.length] = "Content-Type: application/x-www-form-urlencoded";
        return send("POST", target, form, all);
    }

    /** Exactly these characters, as UTF-8. */
    Reply raw(String bytes) throws IOException {
        return raw(bytes, 20_000);
    }

    /** The same, where the server may keep the connection open: whatever comes until it is silent for so long. */
    Reply raw(String bytes, int silentMillis) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(silentMillis);
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            try {
                socket.getOutputStream().write(bytes.getBytes(StandardCharsets.UTF_8));
                socket.getOutputStream().flush();
                read(socket.getInputStream(), answer);
            } catch (SocketException | SocketTimeoutException e) {
                // the server closed without reading everything, or said nothing: what came counts
                read(socket.getInputStream(), answer);
            }
            return reply(answer.toString(StandardCharsets.UTF_8));
        }
    }

    private static void read(InputStream in, ByteArrayOutputStream answer) {
        try {
            byte[] piece = new byte[8_192];
            for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
                answer.write(piece, 0, length);
            }
        } catch (IOException e) {
            // as above
        }
    }

    static Reply reply(String text) {
        int end = text.indexOf("\r\n\r\n");
        String head = end < 0 ? text : text.substring(0, end);
        String body = end < 0 ? "" : text.substring(end + 4);
        List<String> lines = new ArrayList<>(List.of(head.split("\r\n")));
        String first = lines.remove(0);
        int status = first.startsWith("HTTP/1.") ? Integer.parseInt(first.split(" ")[1]) : 0;
        return new Reply(status, lines, body, text);
    }
}
