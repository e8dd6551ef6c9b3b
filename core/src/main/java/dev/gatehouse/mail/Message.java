package dev.gatehouse.mail;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is to be told to one person. Values that people chose (names of inviters and organizations) may be anything: what
 * a reader could take for something else is removed from them, and they are cut at {@value #MOST_NAME} characters.
 *
 * @param to address of the recipient
 * @param locale BCP 47 tag or {@code Accept-Language} of the recipient; null for English
 * @param values see {@link Kind}
 * @param uselessAfter from then on it is not sent any more: the end of its code or link
 */
public record Message(Kind kind, String to, @Nullable String locale, Map<String, String> values, Instant uselessAfter) {
    /** Most characters of a name. */
    static final int MOST_NAME = 100;

    private static final int MOST_URL = 2_000;

    /**
     * What a mail is for. Its values, all texts: {@code code}, letters and digits to be typed; {@code url}, absolute
     * http(s) address of a page that asks before it does anything, since mail scanners follow links; {@code minutes}, how
     * long code or link works, which is shown in hours or days where that is shorter.
     */
    public enum Kind {
        /** Signs in: {@code code}, {@code minutes}. */
        MAGIC_CODE,
        /** Proves that the recipient has the address: {@code code}, {@code minutes}. */
        EMAIL_VERIFICATION,
        /** Leads to the page that sets a password: {@code url}, {@code minutes}. */
        PASSWORD_RESET,
        /** Proves that the recipient has the address that an account is to get: {@code code}, {@code minutes}. */
        EMAIL_CHANGE,
        /** Leads to the page that accepts: {@code url}, {@code minutes}; optionally names of {@code inviter} and {@code organization}. */
        INVITATION,
        /** Says that it was done, and when; optionally the {@code url} of the page where a lost password is replaced. */
        PASSWORD_CHANGED,
        /** Says to the old address that the account has another one now; no values. */
        EMAIL_CHANGED,
        /** Says that a passkey was added, and when: {@code url} of the page that lists and removes them. */
        PASSKEY_ADDED,
        /** Says that an authenticator app was added, and when: {@code url} of the page that lists and removes them. */
        FACTOR_ADDED,
        /** Says that an authenticator app was removed, and when: {@code url} of the page that adds one. */
        FACTOR_REMOVED,
        /** Says that new recovery codes took the place of the earlier ones, and when: {@code url} of the account's page. */
        RECOVERY_CODES_REPLACED,
        /** Says that a recovery code stood in for the app in a sign-in, and when: {@code url} of the account's page. */
        RECOVERY_CODE_USED,
        /** Says to somebody who signed up again that there is an account: {@code url} of the page that signs in. */
        ACCOUNT_EXISTS;

        /** Values that must be there. */
        List<String> required() {
            return switch (this) {
                case MAGIC_CODE, EMAIL_VERIFICATION, EMAIL_CHANGE -> List.of("code", "minutes");
                case PASSWORD_RESET, INVITATION -> List.of("url", "minutes");
                case ACCOUNT_EXISTS,
                        PASSKEY_ADDED,
                        FACTOR_ADDED,
                        FACTOR_REMOVED,
                        RECOVERY_CODES_REPLACED,
                        RECOVERY_CODE_USED -> List.of("url");
                case PASSWORD_CHANGED, EMAIL_CHANGED -> List.of();
            };
        }

        /** Values that may be there. */
        List<String> optional() {
            return switch (this) {
                case INVITATION -> List.of("inviter", "organization");
                case PASSWORD_CHANGED -> List.of("url");
                default -> List.of();
            };
        }
    }

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a value that the kind needs is missing, one that it does not know is there, or
     *     one is not what the kind says; the message names the value and never shows it
     */
    public Message {
        if (to.isEmpty() || to.length() > 254 || to.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("to is no address");
        }
        for (String name : kind.required()) {
            if (!values.containsKey(name)) {
                throw new IllegalArgumentException(kind + " needs the value " + name);
            }
        }
        Map<String, String> checked = new TreeMap<>();
        values.forEach((name, value) -> {
            if (!kind.required().contains(name) && !kind.optional().contains(name)) {
                throw new IllegalArgumentException(kind + " has no value " + name);
            }
            checked.put(name, checked(name, value));
        });
        values = Map.copyOf(checked);
    }

    private static String checked(String name, String value) {
        boolean fits = switch (name) {
            case "code" -> value.matches("[0-9A-Za-z]{4,32}");
            case "minutes" -> value.matches("[1-9][0-9]{0,6}");
            case "url" -> link(value);
            default -> true;
        };
        if (!fits) {
            throw new IllegalArgumentException("the value " + name + " is not as the kind says");
        }
        return name.equals("inviter") || name.equals("organization") ? name(value) : value;
    }

    private static boolean link(String value) {
        try {
            URI uri = URI.create(value);
            return value.length() <= MOST_URL
                    && uri.getHost() != null
                    && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** One line, without what turns the direction of writing; a sign that is no letter stays, since names have them. */
    private static String name(String value) {
        String line = value.replaceAll("[\\p{Cc}\\u2028\\u2029\\s]+", " ")
                .replaceAll("[\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]", "")
                .strip();
        return line.codePointCount(0, line.length()) <= MOST_NAME
                ? line
                : line.substring(0, line.offsetByCodePoints(0, MOST_NAME - 1)) + "…";
    }

    /** Without the values, which are secrets. */
    @Override
    public String toString() {
        return "Message[" + kind + "]";
    }
}
