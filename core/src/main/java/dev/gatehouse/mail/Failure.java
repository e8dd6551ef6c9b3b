package dev.gatehouse.mail;

import dev.gatehouse.background.Failures;

/** What a log may hold of a failure: classes and reply codes. */
final class Failure {
    private Failure() {}

    /** For example {@code MailConnectException, ConnectException} or {@code SMTPSendFailedException 451}. */
    static String of(Throwable failure) {
        return Failures.of(failure, at -> at instanceof SmtpException smtp ? smtp.reply() : "");
    }
}
