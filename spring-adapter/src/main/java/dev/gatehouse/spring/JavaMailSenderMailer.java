package dev.gatehouse.spring;

import dev.gatehouse.spi.Mailer;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.internet.MimeMessage;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.mail.MailSendException;
import org.springframework.mail.javamail.JavaMailSender;
import org.springframework.mail.javamail.MimeMessageHelper;

/** Sends through the application's own JavaMailSender. */
final class JavaMailSenderMailer implements Mailer {
    private final JavaMailSender sender;
    private final String from;
    private final String name;

    /**
     * @param from bare address that mails come from
     * @param name what stands before it
     */
    JavaMailSenderMailer(JavaMailSender sender, String from, String name) {
        this.sender = sender;
        this.from = from;
        this.name = name;
    }

    @Override
    public void send(Mail mail) {
        MimeMessage message = sender.createMimeMessage();
        try {
            MimeMessageHelper helper = new MimeMessageHelper(message, true, StandardCharsets.UTF_8.name());
            helper.setFrom(from, name);
            helper.setTo(mail.to());
            helper.setSubject(mail.subject());
            helper.setText(mail.text(), mail.html());
            // RFC 3834: nobody's holiday answers to this
            message.setHeader("Auto-Submitted", "auto-generated");
        } catch (MessagingException | UnsupportedEncodingException e) {
            throw new IllegalStateException("the mail cannot be written", e);
        }
        try {
            sender.send(message);
        } catch (MailSendException e) {
            SendFailedException refused = refused(e);
            if (refused != null) {
                throw new Refused("the server will not take mail for this address", refused);
            }
            throw e;
        }
    }

    /** Only a recipient that the server named as invalid is refused for good; everything else may work later. */
    private static @Nullable SendFailedException refused(MailSendException e) {
        for (Exception each : e.getMessageExceptions()) {
            if (each instanceof SendFailedException failed
                    && failed.getInvalidAddresses() != null
                    && failed.getInvalidAddresses().length > 0) {
                return failed;
            }
        }
        return null;
    }
}
