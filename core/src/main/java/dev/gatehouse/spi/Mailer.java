package dev.gatehouse.spi;

/** Sends mail. */
@FunctionalInterface
public interface Mailer {
    /**
     * Hands a message over for delivery; returns when the next hop has taken responsibility for it.
     *
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
     */
    record Mail(String to, String subject, String text, String html) {
        public Mail {
            if ((to + subject).chars().anyMatch(c -> c < 0x20 || c == 0x7f)) {
                throw new IllegalArgumentException("an address or subject may not contain control characters");
            }
        }
    }
}
