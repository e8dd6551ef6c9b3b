package dev.gatehouse.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Jetty refuses by itself, before Gatehouse is asked. */
class QuietErrorsTest {
    @TempDir
    Path data;

    private static String answer(int port, String line, String header) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            OutputStream out = socket.getOutputStream();
            out.write((line + "\r\nHost: localhost:" + port + "\r\n" + header + "\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            out.flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void programsGetJsonPeopleALineAndNobodyTheServersName() throws Exception {
        try (RunningSample app = new RunningSample(data).start()) {
            String page = answer(app.port, "GET /auth/sign-in HTTP/1.1", "Accept: text/html");
            assertThat(page).startsWith("HTTP/1.1 302").doesNotContainIgnoringCase("jetty");

            String json = "{\"message\":\"Method Not Allowed.\"}";
            assertThat(answer(app.port, "POST /mail HTTP/1.1", "Accept: application/json"))
                    .startsWith("HTTP/1.1 405")
                    .contains("application/json", json)
                    .doesNotContainIgnoringCase("jetty");
            assertThat(answer(app.port, "POST /mail HTTP/1.1", "Authorization: Bearer x"))
                    .contains(json);
            assertThat(answer(app.port, "POST /mail HTTP/1.1", "Accept: text/html"))
                    .contains("<h1>Method Not Allowed</h1>");
            assertThat(answer(app.port, "GET /%zz HTTP/1.1", "Accept: text/html"))
                    .startsWith("HTTP/1.1 400")
                    .contains("<h1>Bad Request</h1>")
                    .doesNotContainIgnoringCase("jetty");
            String large = answer(app.port, "GET / HTTP/1.1", "X-Large: " + "x".repeat(20_000));
            assertThat(large).startsWith("HTTP/1.1 431").doesNotContainIgnoringCase("jetty");
            String lengthy = answer(app.port, "GET /" + "x".repeat(20_000) + " HTTP/1.1", "Accept: text/html");
            assertThat(lengthy).startsWith("HTTP/1.1 414").doesNotContainIgnoringCase("jetty");
        }
    }
}
