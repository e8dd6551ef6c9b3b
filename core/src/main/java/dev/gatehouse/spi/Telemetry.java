package dev.gatehouse.spi;

import java.util.List;

/**
 * Hears what Gatehouse does, to measure and to trace it. What it is told holds no address, no identifier and nothing that
 * somebody typed: every value of a tag is one of a closed vocabulary, so that the number of time series is bounded.
 *
 * <p>It is called within requests, by many threads at once. It should be quick and not throw; what it throws is logged once
 * and otherwise forgotten.
 */
public interface Telemetry {
    /**
     * Something begins on this thread that ends on it, too. What it does meanwhile is inside of it: an implementation may
     * make it the current span.
     *
     * @param signal one of kind {@link Kind#SPAN}
     * @param operation value of the signal's first tag
     */
    Span begin(Signal signal, String operation);

    /** Something happened once. The same value comes again and again, so it may be a key. */
    void count(Count count);

    /**
     * What a quantity is now.
     *
     * @param signal one of kind {@link Kind#GAUGE}
     * @param of value of the signal's only tag
     */
    void level(Signal signal, String of, double value);

    /** Something that has begun. */
    @FunctionalInterface
    interface Span {
        /**
         * It is over; said exactly once.
         *
         * @param reason why it was refused or failed; {@code none} if it was not
         */
        void end(Outcome outcome, String reason);
    }

    /**
     * Something that happened.
     *
     * @param signal one of kind {@link Kind#COUNTER}
     * @param values of the signal's tags, in their order
     */
    record Count(Signal signal, List<String> values) {
        public Count {
            values = List.copyOf(values);
            if (values.size() != signal.tags().size()) {
                throw new IllegalArgumentException(signal + " has the tags " + signal.tags());
            }
        }
    }

    /** How an operation ended. */
    enum Outcome {
        /** As asked. */
        OK("ok"),
        /** Gatehouse said no. */
        REFUSED("refused"),
        /** Something failed. */
        FAILED("failed");

        private final String word;

        Outcome(String word) {
            this.word = word;
        }

        /** As the tag says it. */
        public String word() {
            return word;
        }
    }

    /** What is measured of a signal. */
    enum Kind {
        /** How often and how long: a timer, and a span of a trace. */
        SPAN,
        /** How often. */
        COUNTER,
        /** How much now. */
        GAUGE
    }

    /** All that is told. Names and tags stay what they are; new signals may come. */
    enum Signal {
        /** Operations of the REST API; one without a row is {@code unmatched}. */
        API(Kind.SPAN, "gatehouse.api", "Operations of the REST API", "operation", "outcome", "reason"),
        /** The hosted pages, their forms included; one that does not exist is {@code unmatched}. */
        PAGES(Kind.SPAN, "gatehouse.pages", "Hosted pages and their forms", "page", "outcome", "reason"),
        /** Requests that the servlet filter did not let through to the application. */
        FILTER(Kind.COUNTER, "gatehouse.filter.stops", "Requests not let through", "outcome", "reason"),
        /** Look-ups of the credential that came with a request for the application. */
        LOOKUPS(
                Kind.COUNTER,
                "gatehouse.credential.lookups",
                "Look-ups of who is signed in: found in memory (hit), read and found (miss), or worth nothing (refused)",
                "credential",
                "outcome"),
        /** Sign-ins, each factor of one by itself. */
        SIGN_INS(Kind.COUNTER, "gatehouse.sign.ins", "Sign-ins, by factor", "method", "outcome", "reason"),
        /** Tries to sign in through a connection. */
        SSO(
                Kind.COUNTER,
                "gatehouse.sso.attempts",
                "Sign-ins through connections, with the number of the step that refused (0 for none)",
                "connection_type",
                "outcome",
                "step",
                "reason"),
        /** Mails that were handed to the mailer. */
        MAIL(Kind.COUNTER, "gatehouse.mail.attempts", "Mails: sent, retried later, or given_up", "outcome", "reason"),
        /** Requests to webhook endpoints. */
        WEBHOOKS(
                Kind.COUNTER,
                "gatehouse.webhook.attempts",
                "Webhooks: sent, retried later, or given_up",
                "outcome",
                "reason"),
        /** Work that waits. */
        LAG(
                Kind.GAUGE,
                "gatehouse.queue.lag",
                "Seconds for which the oldest due piece of a queue has waited, as of the last maintain()",
                "queue");

        private final Kind kind;
        private final String wire;
        private final String text;

        @SuppressWarnings("ImmutableEnumChecker") // made by List.of
        private final List<String> tags;

        Signal(Kind kind, String wire, String text, String... tags) {
            this.kind = kind;
            this.wire = wire;
            this.text = text;
            this.tags = List.of(tags);
        }

        /** What is measured. */
        public Kind kind() {
            return kind;
        }

        /** Name of the metric, in the dotted spelling. */
        public String wire() {
            return wire;
        }

        /** One phrase for people. */
        public String text() {
            return text;
        }

        /** Names of the tags, in order. */
        public List<String> tags() {
            return tags;
        }
    }
}
