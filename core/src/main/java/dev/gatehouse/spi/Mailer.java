package dev.gatehouse.spi;

import org.jspecify.annotations.Nullable;

/**
 * Sends mail. Gatehouse calls it on threads of its own or of the host's executor, never within a request or a
 * transaction, and several at once.
 */
@FunctionalInterface
public interface Mailer {
    /**
     * Hands a message over for delivery; returns when the next hop has taken responsibility for it. It should have time
     * limits of its own: after a minute its thread is interrupted.
     *
     * @throws Refused if this address will never be accepted
     * @throws RuntimeException if it was not accepted; the caller may try again
     */
    void send(Mail mail);

    /**
     * One message to one address.
     *
     * @param to recipient's address
     * @param subject plain text without line breaks
     * @param text plain-text twin
     * @param html HTML body
     * @param id the same for each try to send this message, so that the next hop can recognise it; null if it has none.
     *     Letters, digits, underscores
     */
    record Mail(
            String to,
            String subject,
            String text,
            String html,
            @Nullable String id) {
        public Mail {
            if ((to + subject + id).chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException("an address or subject may not contain control characters");
            }
        }

        /** A message without an identifier. */
        public Mail(String to, String subject, String text, String html) {
            this(to, subject, text, html, null);
        }
    }

    /** The recipient's address was refused for good; another try would harm the sender's reputation. */
    final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public Refused(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
