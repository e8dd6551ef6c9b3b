package dev.gatehouse.mail;

import jakarta.mail.MessagingException;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.jspecify.annotations.Nullable;

/** The SMTP server did not take a mail. */
final class SmtpException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SmtpException(MessagingException cause) {
        super("the SMTP server did not take the mail" + reply(cause), cause);
    }

    /** Reply code with a space in front, or nothing where there was none. */
    String reply() {
        return reply(getCause());
    }

    private static String reply(@Nullable Throwable failure) {
        for (@Nullable Throwable at = failure; at != null; at = at.getCause()) {
            int code = at instanceof SMTPAddressFailedException address
                    ? address.getReturnCode()
                    : at instanceof SMTPSenderFailedException sender
                            ? sender.getReturnCode()
                            : at instanceof SMTPSendFailedException send ? send.getReturnCode() : 0;
            if (code > 0) {
                return " " + code;
            }
        }
        return "";
    }

    /** Whether the recipient's address was refused for good: 5.1 of RFC 3463 is about addresses alone. */
    static boolean addressRefused(MessagingException failure) {
        for (@Nullable Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof SMTPAddressFailedException address
                    && address.getReturnCode() >= 500
                    && String.valueOf(address.getMessage()).contains(" 5.1.")) {
                return true;
            }
        }
        return false;
    }
}
