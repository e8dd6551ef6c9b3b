package dev.gatehouse.identity;

import java.net.IDN;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * E-mail addresses: a dot-atom of ASCII at a domain of at least two labels (RFC 5321 §4.1.2 without quoted strings,
 * comments and literals). Stored as typed; compared without ASCII case and with the domain in its A-label form. No
 * Unicode folding, so that look-alikes never collide (ATTACKS P18, P19).
 */
public final class Email {
    private static final Pattern LOCAL =
            Pattern.compile("[A-Za-z0-9#$&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9#$&'*+/=?^_`{|}~-]+)*");
    private static final Pattern DOMAIN =
            Pattern.compile("([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?");

    private Email() {}

    /** Whether this is an address Gatehouse accepts. */
    public static boolean valid(String text) {
        int at = text.indexOf('@');
        if (at < 1 || at != text.lastIndexOf('@') || at > 64 || text.length() > 254) {
            return false;
        }
        String local = text.substring(0, at);
        String domain = domain(text.substring(at + 1));
        // an encoded word would be read by a mail program as another address
        return domain != null
                && DOMAIN.matcher(domain).matches()
                && LOCAL.matcher(local).matches()
                && !local.contains("=?");
    }

    /** The form in which addresses are compared; also of a text that is no address, which then finds nothing. */
    public static String fold(String text) {
        int at = text.lastIndexOf('@');
        if (at < 0) {
            return ascii(text);
        }
        String domain = domain(text.substring(at + 1));
        return ascii(text.substring(0, at)) + "@" + (domain == null ? ascii(text.substring(at + 1)) : domain);
    }

    private static @Nullable String domain(String text) {
        if (text.chars().allMatch(c -> c < 0x80)) {
            return ascii(text);
        }
        try {
            String ascii = ascii(IDN.toASCII(text, IDN.USE_STD3_ASCII_RULES));
            // what mapping changes or drops (soft hyphens, full-width dots) is not the domain that was typed
            return IDN.toUnicode(ascii).equals(text.toLowerCase(Locale.ROOT)) ? ascii : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static String ascii(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            out.append(c >= 'A' && c <= 'Z' ? (char) (c + 32) : c);
        }
        return out.toString();
    }
}
