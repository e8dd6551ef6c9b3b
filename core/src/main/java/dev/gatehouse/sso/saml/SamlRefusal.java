package dev.gatehouse.sso.saml;

import java.util.Locale;

/**
 * A message that was not accepted, and at which step. {@link #expected()} and {@link #found()} are for the connection's
 * administrator and never for the person in front of the browser: short, without control characters, and of the message they
 * quote nothing but names, algorithms, addresses, issuers, audiences and times.
 */
public final class SamlRefusal extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final int LONGEST = 200;

    private final Step step;
    private final String expected;
    private final String found;

    private SamlRefusal(Step step, String expected, String found) {
        // without a stack: strangers cause these, and what failed is in the step
        super(message(step, expected, found), null, false, false);
        this.step = step;
        this.expected = expected;
        this.found = found;
    }

    /**
     * A refusal. Also for who calls this package, to refuse at {@link Step#REPLAY}.
     *
     * @param expected what would have been accepted, such as {@code https://sp.example.com}
     * @param found what there was; anything may be given that may be shown, it is shortened and made printable
     */
    public static SamlRefusal of(Step step, String expected, String found) {
        return new SamlRefusal(step, printable(expected), printable(found));
    }

    /** All failures of decryption look the same (XML Encryption 1.1, 6.1). */
    static SamlRefusal undecryptable() {
        return of(Step.DECRYPTION, "an assertion encrypted for this connection", "one that cannot be decrypted");
    }

    /** What failed. */
    public Step step() {
        return step;
    }

    /** What would have been accepted; at most 200 characters. */
    public String expected() {
        return expected;
    }

    /** What there was instead; at most 200 characters. */
    public String found() {
        return found;
    }

    /**
     * Whether {@link #expected()} and {@link #found()} may be shown to the connection's administrator. Not for {@link
     * Step#DECRYPTION}, where nothing but the step may be known (padding oracles).
     */
    public boolean shown() {
        return step != Step.DECRYPTION;
    }

    private static String message(Step step, String expected, String found) {
        return "step " + step.number() + ", " + step.title().toLowerCase(Locale.ROOT) + ": expected " + expected
                + ", got " + found;
    }

    private static String printable(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().limit(LONGEST + 1).forEach(c -> {
            boolean odd = Character.isISOControl(c)
                    || Character.getType(c) == Character.FORMAT
                    || Character.getType(c) == Character.SURROGATE
                    || Character.getType(c) == Character.LINE_SEPARATOR
                    || Character.getType(c) == Character.PARAGRAPH_SEPARATOR;
            out.appendCodePoint(odd ? '?' : c);
        });
        return out.length() > LONGEST ? out.substring(0, LONGEST - 1) + "…" : out.toString();
    }
}
