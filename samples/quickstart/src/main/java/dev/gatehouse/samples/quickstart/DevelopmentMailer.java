package dev.gatehouse.samples.quickstart;

import dev.gatehouse.spi.Mailer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Keeps mails instead of sending them, for {@link MailServlet} to show: nobody needs a mail server to try the sample. */
final class DevelopmentMailer implements Mailer {
    private static final int MOST = 50;

    private final Deque<Mail> kept = new ArrayDeque<>();

    @Override
    public synchronized void send(Mail mail) {
        kept.addFirst(mail);
        if (kept.size() > MOST) {
            kept.removeLast();
        }
    }

    /** Newest first. */
    synchronized List<Mail> kept() {
        return List.copyOf(kept);
    }
}
