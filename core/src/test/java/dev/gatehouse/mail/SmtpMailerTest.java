package dev.gatehouse.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.smtp.SmtpServer;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.gatehouse.SteerableClock;
import dev.gatehouse.config.Config;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.spi.Mailer;
import dev.gatehouse.spi.Mailer.Mail;
import dev.gatehouse.store.MemoryStorage;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The wire: against real SMTP servers in this process. */
@Timeout(60)
class SmtpMailerTest {
    private static final Mail MAIL = new Mail(
            "ada@example.com", "417920 ist Ihr Code für Müllers Notizen", "Grüße\n.\nEnde", "<p>Grüße</p>", "mail_01");

    private GreenMail server;
    private final SteerableClock clock = new SteerableClock();

    private void start(int port) {
        ServerSetup setup = new ServerSetup(port, "127.0.0.1", ServerSetup.PROTOCOL_SMTP);
        setup.setServerStartupTimeout(20_000);
        server = new GreenMail(setup);
        server.start();
    }

    @BeforeEach
    void start() {
        start(0);
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    private int port() {
        SmtpServer smtp = server.getSmtp();
        return smtp.getPort();
    }

    private static Mailer mailer(
            int port,
            String security,
            Map<Setting<?>, String> more,
            @Nullable SSLSocketFactory trusting,
            Duration limit) {
        Map<Setting<?>, String> settings = new HashMap<>(Map.of(
                Setting.SMTP_HOST, "localhost",
                Setting.SMTP_PORT, Integer.toString(port),
                Setting.SMTP_SECURITY, security,
                Setting.MAIL_FROM, "no-reply@fieldnotes.example",
                Setting.APP_NAME, "Müllers Notizen"));
        settings.putAll(more);
        Config config = Node.config(settings);
        return SmtpMailer.of(config, Clock.systemUTC(), trusting, limit).orElseThrow();
    }

    private static Mailer mailer(int port, String security) {
        return mailer(port, security, Map.of(), null, Duration.ofMinutes(1));
    }

    @Test
    void aMailArrivesWithBothPartsAndItsUmlauts() throws Exception {
        mailer(port(), "none").send(MAIL);
        MimeMessage got = server.getReceivedMessages()[0];
        assertThat(got.getSubject()).isEqualTo(MAIL.subject());
        assertThat(got.getFrom()[0].toString()).contains("<no-reply@fieldnotes.example>");
        assertThat(((jakarta.mail.internet.InternetAddress) got.getFrom()[0]).getPersonal())
                .isEqualTo("Müllers Notizen");
        assertThat(got.getRecipients(RecipientType.TO)).hasSize(1);
        assertThat(got.getAllRecipients()[0]).hasToString("ada@example.com");
        assertThat(got.getMessageID()).isEqualTo("<mail_01@fieldnotes.example>");
        assertThat(got.getHeader("Auto-Submitted")).containsExactly("auto-generated");
        assertThat(got.getSentDate()).isNotNull();
        MimeMultipart parts = (MimeMultipart) got.getContent();
        assertThat(parts.getContentType()).startsWith("multipart/alternative");
        assertThat(parts.getCount()).isEqualTo(2);
        assertThat(parts.getBodyPart(0).getContentType())
                .startsWith("text/plain")
                .containsIgnoringCase("utf-8");
        assertThat(parts.getBodyPart(0).getContent().toString().replace("\r", ""))
                .isEqualTo(MAIL.text());
        assertThat(parts.getBodyPart(1).getContentType())
                .startsWith("text/html")
                .containsIgnoringCase("utf-8");
        assertThat(parts.getBodyPart(1).getContent()).isEqualTo(MAIL.html());
    }

    @Test
    void linesAreShortOnTheWireHoweverLongTheyAre() throws Exception {
        String html = "<p>" + "ü".repeat(5_000) + "</p>";
        mailer(port(), "none").send(new Mail("ada@example.com", "s".repeat(500), "t".repeat(5_000), html));
        MimeMessage got = server.getReceivedMessages()[0];
        assertThat(((MimeMultipart) got.getContent()).getBodyPart(1).getContent())
                .isEqualTo(html);
        var raw = new java.io.ByteArrayOutputStream();
        got.writeTo(raw);
        assertThat(raw.toString(StandardCharsets.US_ASCII).split("\r?\n")).allMatch(line -> line.length() < 998);
        assertThat(got.getMessageID()).matches("<[A-Za-z0-9]{25}@fieldnotes.example>");
    }

    @Test
    void aDomainOfAnyScriptIsWrittenAsTheDnsHasIt() throws Exception {
        mailer(port(), "none").send(new Mail("ada@müller.example", "s", "t", "h"));
        assertThat(server.getReceivedMessages()[0].getAllRecipients()[0]).hasToString("ada@xn--mller-kva.example");
    }

    @ParameterizedTest
    @DisplayName("P18 one bare address goes to one mailbox, and what is more than that goes nowhere")
    @ValueSource(
            strings = {
                "ada@example.com,eve@example.com",
                "ada@example.com, eve@example.com",
                "Ada <ada@example.com>",
                "<ada@example.com>",
                "ada@example.com> SIZE=1",
                "ada example.com",
                "ada",
                "@example.com",
                "ada@",
                "ada@exa mple.com",
                "\"ada\\\"@example.com",
                "ada@example.com;eve@example.com",
                "undisclosed: ada@example.com;",
                "ada@[127.0.0.1]"
            })
    void whatIsNoBareAddressGoesNowhere(String to) {
        assertThatThrownBy(() -> mailer(port(), "none").send(new Mail(to, "s", "t", "h")))
                .isInstanceOf(Mailer.Refused.class);
        assertThat(server.getReceivedMessages()).isEmpty();
    }

    @Test
    @DisplayName("P18 nothing that people choose can begin a header line")
    void headersCannotBeInjected() {
        for (String evil : List.of("a@b.example\r\nBcc: eve@example.com", "a\nb", "a\rb", "a\u0000b", "a\u0085b")) {
            assertThatThrownBy(() -> new Mail(evil, "s", "t", "h")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> new Mail("a@b.example", evil, "t", "h"))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> new Mail("a@b.example", "s", "t", "h", evil))
                    .isInstanceOf(IllegalArgumentException.class);
            for (Setting<?> setting : List.of(Setting.APP_NAME, Setting.MAIL_FROM)) {
                assertThatThrownBy(() -> Node.config(Map.of(setting, evil)))
                        .hasMessageStartingWith("Setting " + setting.key());
            }
        }
        for (String from : List.of(
                "Ada <ada@example.com>", "ada", "a b@example.com", "ada@example.com, eve@example.com", "ada@-x")) {
            assertThatThrownBy(() -> Node.config(Map.of(Setting.MAIL_FROM, from)))
                    .hasMessageContaining("one bare address");
        }
        assertThatCode(() -> Node.config(Map.of(Setting.MAIL_FROM, "no-reply@app.example.com")))
                .doesNotThrowAnyException();
    }

    @Test
    void nothingIsLostWhileTheServerIsDown() throws Exception {
        int port = port();
        server.stop();
        Node node = new Node(
                new MemoryStorage(), LocalKeyring.random(), clock, mailer(port, "none"), null, Duration.ofMinutes(1));
        node.queue("ada@example.com");
        await().until(() -> node.stored().get(0).failures() == 1);
        clock.pass(Duration.ofSeconds(5));
        node.maintain();
        await().until(() -> node.stored().get(0).failures() == 2);
        start(port);
        clock.pass(Duration.ofSeconds(30));
        node.maintain();
        await().until(() -> node.stored().isEmpty());
        MimeMessage got = server.getReceivedMessages()[0];
        assertThat(got.getSubject()).isEqualTo("417920 ist Ihr Code für Gatehouse");
        node.close();
    }

    @Test
    void withStarttlsNothingIsSaidInTheClear(@TempDir Path folder) throws Exception {
        assertThatThrownBy(() -> mailer(port(), "starttls").send(MAIL))
                .as("a server that does not offer it, or in whose place somebody answers")
                .isInstanceOf(RuntimeException.class);
        assertThat(server.getReceivedMessages()).isEmpty();
        Map<Setting<?>, String> user = Map.of(Setting.SMTP_USER, "ada", Setting.SMTP_PASSWORD, "geheim-ü");
        try (TlsServer secure = new TlsServer(folder, "localhost", false);
                TlsServer elsewhere = new TlsServer(folder, "elsewhere.example", false)) {
            mailer(secure.port(), "starttls", user, secure.trusting(), Duration.ofMinutes(1))
                    .send(MAIL);
            assertThat(secure.heard)
                    .startsWith("clear EHLO fieldnotes.example", "clear STARTTLS", "tls EHLO fieldnotes.example")
                    .contains("tls RCPT TO:<ada@example.com>")
                    .anyMatch(line -> line.startsWith("tls AUTH PLAIN"))
                    .noneMatch(line -> line.startsWith("clear AUTH") || line.startsWith("clear MAIL"));

            assertThatThrownBy(() -> mailer(
                                    elsewhere.port(), "starttls", user, elsewhere.trusting(), Duration.ofMinutes(1))
                            .send(MAIL))
                    .as("a certificate for another name")
                    .isInstanceOf(SmtpException.class);
            assertThatThrownBy(() -> mailer(elsewhere.port(), "starttls", user, null, Duration.ofMinutes(1))
                            .send(MAIL))
                    .as("a certificate that nobody vouches for")
                    .isInstanceOf(SmtpException.class);
            assertThat(elsewhere.heard).noneMatch(line -> line.startsWith("tls"));
        }
    }

    @Test
    void withTlsTheFirstByteIsEncrypted(@TempDir Path folder) throws Exception {
        try (TlsServer secure = new TlsServer(folder, "localhost", true);
                TlsServer elsewhere = new TlsServer(folder, "elsewhere.example", true)) {
            mailer(secure.port(), "tls", Map.of(), secure.trusting(), Duration.ofMinutes(1))
                    .send(MAIL);
            assertThat(secure.heard)
                    .startsWith("tls EHLO fieldnotes.example", "tls MAIL FROM:<no-reply@fieldnotes.example>")
                    .noneMatch(line -> line.startsWith("tls AUTH"));
            for (SSLSocketFactory trusting : new SSLSocketFactory[] {elsewhere.trusting(), null}) {
                assertThatThrownBy(() -> mailer(elsewhere.port(), "tls", Map.of(), trusting, Duration.ofMinutes(1))
                                .send(MAIL))
                        .isInstanceOf(SmtpException.class);
            }
            assertThat(elsewhere.heard).noneMatch(line -> line.startsWith("tls"));
        }
    }

    /** Such a conversation could go on for ever: each line comes before the read time-out. */
    @Test
    void aServerThatDripsIsLeft() throws Exception {
        try (ServerSocket slow = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread drip = new Thread(() -> {
                try (Socket client = slow.accept();
                        OutputStream out = client.getOutputStream()) {
                    while (true) {
                        out.write("220-still here\r\n".getBytes(StandardCharsets.US_ASCII));
                        Thread.sleep(200);
                    }
                } catch (Exception e) {
                    // it was left
                }
            });
            drip.start();
            long start = System.nanoTime();
            assertThatThrownBy(() -> mailer(slow.getLocalPort(), "none", Map.of(), null, Duration.ofMillis(1_500))
                            .send(MAIL))
                    .isInstanceOf(SmtpException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(5));
            drip.join(5_000);
            assertThat(drip.isAlive()).isFalse();
        }
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("gatehouse-mail")));
    }

    @Test
    void whatTheServerSaysDecidesWhetherToTryAgain() throws Exception {
        answer("550 5.1.1 no such user ada@example.com", Mailer.Refused.class, "SMTPAddressFailedException");
        answer("550 5.7.1 relaying denied for ada@example.com", SmtpException.class, "SMTPAddressFailedException");
        answer("451 4.7.1 greylisted", SmtpException.class, "SmtpException 451");
    }

    private static void answer(String toRecipient, Class<?> expected, String logged) throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread thread = new Thread(() -> {
                try (Socket client = listening.accept();
                        var in = new java.io.BufferedReader(new java.io.InputStreamReader(client.getInputStream()))) {
                    client.getOutputStream().write("220 ready\r\n".getBytes(StandardCharsets.US_ASCII));
                    for (String line = in.readLine(); line != null; line = in.readLine()) {
                        String reply = line.startsWith("RCPT") ? toRecipient : "250 well";
                        client.getOutputStream().write((reply + "\r\n").getBytes(StandardCharsets.US_ASCII));
                    }
                } catch (java.io.IOException e) {
                    // the conversation is over
                }
            });
            thread.start();
            assertThatThrownBy(() -> mailer(listening.getLocalPort(), "none").send(MAIL))
                    .isInstanceOf(expected)
                    .satisfies(e -> assertThat(Failure.of(e)).contains(logged).doesNotContain("ada@"))
                    .hasMessageNotContaining("ada@");
            thread.join(5_000);
        }
    }
}
