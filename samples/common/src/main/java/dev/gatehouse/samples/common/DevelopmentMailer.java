package dev.gatehouse.samples.common;

import dev.gatehouse.spi.Mailer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Keeps mails instead of sending them, for {@link MailServlet} to show: nobody needs a mail server to try the sample. */
public final class DevelopmentMailer implements Mailer {
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
    public synchronized List<Mail> kept() {
        return List.copyOf(kept);
    }
}
