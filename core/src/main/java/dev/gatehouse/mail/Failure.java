package dev.gatehouse.mail;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a log may hold of a failure: classes and reply codes, since messages quote addresses and content. */
final class Failure {
    private static final int MOST = 5;

    private Failure() {}

    /** For example {@code MailConnectException, ConnectException} or {@code SMTPSendFailedException 451}. */
    static String of(Throwable failure) {
        List<String> names = new ArrayList<>();
        for (@Nullable Throwable at = failure; at != null && names.size() < MOST; at = at.getCause()) {
            String own = at instanceof SmtpException smtp ? smtp.reply() : "";
            names.add(at.getClass().getSimpleName() + own);
        }
        return String.join(", ", names);
    }
}
