package dev.gatehouse;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** An HTTP server that keeps what it got, and answers as it is told, byte for byte. */
public final class Receiver implements AutoCloseable {
    /** A request; header names in lower case. */
    public record Got(String line, Map<String, String> headers, byte[] body) {
        /** The body. */
        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        /** A header, or an empty text. */
        public String header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        }
    }

    /** What to write; the connection is closed afterwards. */
    @FunctionalInterface
    public interface Answer {
        /** Answers. */
        void write(Got got, OutputStream out) throws IOException, InterruptedException;
    }

    /** What came, in its order. */
    public final List<Got> got = new CopyOnWriteArrayList<>();
    /** How many connections there were. */
    public final AtomicInteger connections = new AtomicInteger();
    /** What is answered. */
    public volatile Answer answer = status(200);

    private final ServerSocket socket;
    private final String scheme;

    /** One on a port of its own of the loopback address. */
    public Receiver() throws IOException {
        this(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), "http");
    }

    /** One on this socket. */
    public Receiver(ServerSocket socket, String scheme) {
        this.socket = socket;
        this.scheme = scheme;
        start(this::accept);
    }

    /** An answer of this status with a short body. */
    public static Answer status(int status) {
        return (got, out) -> out.write(
                ("HTTP/1.1 " + status + " X\r\nContent-Length: 2\r\n\r\nok").getBytes(StandardCharsets.US_ASCII));
    }

    /** Its port. */
    public int port() {
        return socket.getLocalPort();
    }

    /** Its address. */
    public String url(String path) {
        return scheme + "://localhost:" + port() + path;
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "receiver");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                connections.incrementAndGet();
                start(() -> serve(connection));
            } catch (IOException e) {
                // closed
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            InputStream in = connection.getInputStream();
            String line = line(in);
            Map<String, String> headers = new TreeMap<>();
            for (String header = line(in); !header.isEmpty(); header = line(in)) {
                int colon = header.indexOf(':');
                headers.put(
                        header.substring(0, colon).toLowerCase(Locale.ROOT),
                        header.substring(colon + 1).trim());
            }
            byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
            Got one = new Got(line, headers, body);
            got.add(one);
            answer.write(one, connection.getOutputStream());
            connection.getOutputStream().flush();
        } catch (IOException | InterruptedException | RuntimeException e) {
            // the client has gone, or the TLS handshake failed
        }
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("end");
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
