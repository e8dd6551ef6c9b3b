package dev.gatehouse.mail;

import dev.gatehouse.config.Config;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.RandomTokens;
import dev.gatehouse.spi.Mailer;
import jakarta.mail.Address;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.UnsupportedEncodingException;
import java.net.IDN;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Sends over SMTP (RFC 5321), one conversation a mail: connecting takes at most 5 seconds, each answer 10, the whole a
 * minute. With STARTTLS a server that does not offer it gets nothing; with TLS of either kind its certificate must be
 * valid for the host name.
 */
final class SmtpMailer implements Mailer {
    /** Jakarta Mail's transcript of conversations; held here, since the JVM forgets the level of a logger that nobody holds. */
    private static final Logger PROTOCOL = Logger.getLogger("org.eclipse.angus.mail.smtp.protocol");

    private static final String UTF_8 = "UTF-8";
    private static final String CONNECT_MILLIS = "5000";
    private static final String IO_MILLIS = "10000";

    private final Server server;
    private final String from;
    private final String sender;
    private final Clock clock;
    private final @Nullable SSLSocketFactory trusting;
    private final Duration limit;
    private final RandomTokens random = new RandomTokens();

    /**
     * Where to send to.
     *
     * @param security {@code starttls}, {@code tls} or {@code none}
     */
    private record Server(
            String host,
            int port,
            String security,
            @Nullable String user,
            @Nullable String password) {}

    private SmtpMailer(Config config, String host, Clock clock, @Nullable SSLSocketFactory trusting, Duration limit) {
        this.server = new Server(
                host,
                config.get(Setting.SMTP_PORT),
                config.get(Setting.SMTP_SECURITY),
                config.get(Setting.SMTP_USER).orElse(null),
                config.get(Setting.SMTP_PASSWORD).orElse(null));
        quiet();
        this.from = config.get(Setting.MAIL_FROM).orElseThrow();
        this.sender = config.get(Setting.APP_NAME);
        this.clock = clock;
        this.trusting = trusting;
        this.limit = limit;
    }

    /** Unless the host names this very logger a level: a root at FINEST would write every mail with its codes and links. */
    private static void quiet() {
        if (PROTOCOL.getLevel() == null) {
            PROTOCOL.setLevel(Level.CONFIG);
        }
    }

    /** The mailer of the settings; empty if they name no SMTP server. */
    static Optional<Mailer> of(Config config, Clock clock) {
        return of(config, clock, null, Duration.ofMinutes(1));
    }

    /** As the other, with certificates of the caller's choice and another limit for a whole conversation. */
    static Optional<Mailer> of(Config config, Clock clock, @Nullable SSLSocketFactory trusting, Duration limit) {
        return config.get(Setting.SMTP_HOST).map(host -> new SmtpMailer(config, host, clock, trusting, limit));
    }

    @Override
    public void send(Mail mail) {
        InternetAddress to = recipient(mail.to());
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        // Jakarta Mail looks for its parts there, and a thread of a pool may have any
        thread.setContextClassLoader(SmtpMailer.class.getClassLoader());
        try (LimitedSockets sockets = new LimitedSockets(limit)) {
            Session session = Session.getInstance(properties(sockets));
            MimeMessage message = message(session, mail, to);
            Transport transport = session.getTransport("smtp");
            try {
                transport.connect(server.host(), server.port(), server.user(), server.password());
                transport.sendMessage(message, new Address[] {to});
            } finally {
                quit(transport);
            }
        } catch (MessagingException e) {
            if (SmtpException.addressRefused(e)) {
                throw new Refused("the SMTP server refuses the address for good", e);
            }
            throw new SmtpException(e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static void quit(Transport transport) {
        try {
            transport.close();
        } catch (MessagingException e) {
            // it has taken the mail or refused it; how it says goodbye changes nothing
        }
    }

    /** One bare address and nothing else; its domain as the DNS has it. */
    private static InternetAddress recipient(String to) {
        try {
            int at = to.lastIndexOf('@');
            String ascii = to.substring(0, at + 1) + IDN.toASCII(to.substring(at + 1), IDN.USE_STD3_ASCII_RULES);
            InternetAddress address = new InternetAddress(ascii, true);
            if (ascii.equals(address.getAddress()) && ascii.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
                return address;
            }
            throw new Refused("not one bare address", null);
        } catch (AddressException | IllegalArgumentException e) {
            throw new Refused("not an address", e);
        }
    }

    private MimeMessage message(Session session, Mail mail, InternetAddress to) throws MessagingException {
        String domain = from.substring(from.indexOf('@') + 1);
        String id = Objects.requireNonNullElseGet(mail.id(), () -> random.base62(25));
        MimeMessage message = new MimeMessage(session) {
            @Override
            protected void updateMessageID() throws MessagingException {
                setHeader("Message-ID", "<" + id.replaceAll("[^A-Za-z0-9_]", "_") + "@" + domain + ">");
            }
        };
        try {
            message.setFrom(new InternetAddress(from, sender, UTF_8));
        } catch (UnsupportedEncodingException e) {
            throw new IllegalStateException("every JVM knows UTF-8", e);
        }
        message.setRecipient(RecipientType.TO, to);
        message.setSubject(mail.subject(), UTF_8);
        message.setSentDate(Date.from(clock.instant()));
        // RFC 3834: so that nobody's holiday answers it
        message.setHeader("Auto-Submitted", "auto-generated");
        message.setContent(new MimeMultipart("alternative", part(mail.text(), "plain"), part(mail.html(), "html")));
        message.saveChanges();
        return message;
    }

    private static MimeBodyPart part(String content, String subtype) throws MessagingException {
        MimeBodyPart part = new MimeBodyPart();
        part.setText(content, UTF_8, subtype);
        // lines of any length and any letters, whatever the server can do
        part.setHeader("Content-Transfer-Encoding", "quoted-printable");
        return part;
    }

    private Properties properties(LimitedSockets sockets) {
        boolean tls = server.security().equals("tls");
        boolean starttls = server.security().equals("starttls");
        Properties p = new Properties();
        p.put("mail.smtp.socketFactory", sockets);
        p.put("mail.smtp.socketFactory.fallback", "false");
        p.put("mail.smtp.connectiontimeout", CONNECT_MILLIS);
        p.put("mail.smtp.timeout", IO_MILLIS);
        p.put("mail.smtp.writetimeout", IO_MILLIS);
        p.put("mail.smtp.executor.writetimeout", sockets.watch());
        p.put("mail.smtp.quitwait", "false");
        // else it asks the DNS for the name of this machine
        p.put("mail.smtp.localhost", from.substring(from.indexOf('@') + 1));
        p.put("mail.smtp.ssl.enable", Boolean.toString(tls));
        p.put("mail.smtp.starttls.enable", Boolean.toString(starttls));
        p.put("mail.smtp.starttls.required", Boolean.toString(starttls));
        p.put("mail.smtp.ssl.checkserveridentity", "true");
        p.put("mail.smtp.ssl.protocols", "TLSv1.3 TLSv1.2");
        p.put("mail.smtp.auth", Boolean.toString(server.user() != null));
        p.put("mail.smtp.auth.mechanisms", "PLAIN LOGIN");
        if (trusting != null) {
            p.put("mail.smtp.ssl.socketFactory", trusting);
        }
        return p;
    }
}
