package dev.gatehouse.crypto;

import com.nulabinc.zxcvbn.Strength;
import com.nulabinc.zxcvbn.Zxcvbn;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which passwords may be set (NIST 800-63B §3.1.1.2, ASVS 6.2): long enough, not among the common ones, not made of the
 * user's own name, and hard enough to guess by zxcvbn's estimate. No rules about kinds of characters.
 */
public final class PasswordPolicy {
    // zxcvbn tries every combination of letters that signs like @ 5 $ may stand for. Random texts of such signs took
    // up to 0.7 s at 48 characters, 2.7 s at 64, 5.9 s at 72 (longer ones were not waited for); 32 characters with at
    // most three such signs took 25 to 60 ms.
    private static final int MEASURED = 32;
    private static final String LETTER_LIKE = "@({[<!|$+%";
    private static final int MOST_LETTER_LIKE = 3;

    private final int minLength;
    private final int minStrength;

    /** Its dictionaries take a tenth of a second to read and 15 MB, so they wait for the first password that is set. */
    private volatile @Nullable Zxcvbn zxcvbn;

    /**
     * @param minLength fewest characters
     * @param minStrength lowest zxcvbn score, 0 to 4
     */
    public PasswordPolicy(int minLength, int minStrength) {
        this.minLength = minLength;
        this.minStrength = minStrength;
    }

    /** Fewest characters. */
    public int minLength() {
        return minLength;
    }

    /** Why a password is refused; the word is a stable code. */
    public enum Violation {
        /** Fewer characters than the least. */
        PASSWORD_TOO_SHORT("The password is too short."),
        /** More than 1024 bytes. */
        PASSWORD_TOO_LONG("The password is too long."),
        /** On a list of common passwords. */
        PASSWORD_TOO_COMMON("The password is on a list of common passwords."),
        /** Made of the user's name or address. */
        PASSWORD_CONTAINS_PERSONAL_DATA("The password contains the user's name or e-mail address."),
        /** Holds half a surrogate pair, which no keyboard makes and no encoding can carry. */
        PASSWORD_UNREADABLE("The password contains characters that cannot be read."),
        /** Too easy to guess. */
        PASSWORD_TOO_WEAK("The password is too easy to guess.");

        private final String text;

        Violation(String text) {
            this.text = text;
        }

        /** Stable wire word. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** One English sentence. */
        public String text() {
            return text;
        }
    }

    /**
     * Everything that speaks against a password; empty if it may be set.
     *
     * @param personal words of the user: address, names
     */
    public List<Violation> violations(String password, Collection<String> personal) {
        List<Violation> found = new ArrayList<>();
        if (PasswordHash.bytes(password).length > PasswordHash.MOST_BYTES) {
            return List.of(Violation.PASSWORD_TOO_LONG);
        }
        if (!PasswordHash.isReadable(password)) {
            return List.of(Violation.PASSWORD_UNREADABLE);
        }
        if (password.codePointCount(0, password.length()) < minLength) {
            found.add(Violation.PASSWORD_TOO_SHORT);
        }
        List<String> words = new ArrayList<>();
        for (String text : personal) {
            for (String word : text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+", -1)) {
                if (word.length() >= 4) {
                    words.add(word);
                }
            }
        }
        String lower = password.toLowerCase(Locale.ROOT);
        // a long passphrase may well hold the name; a password that is little else may not
        String rest = lower;
        for (String word : words) {
            rest = rest.replace(word, "");
        }
        if (rest.length() < lower.length() && rest.length() < minLength) {
            found.add(Violation.PASSWORD_CONTAINS_PERSONAL_DATA);
        }
        Strength strength = estimator().measure(measured(password), words);
        boolean common = strength.getSequence().size() == 1
                && Objects.requireNonNullElse(strength.getSequence().get(0).dictionaryName, "")
                        .equals("passwords");
        if (common) {
            found.add(Violation.PASSWORD_TOO_COMMON);
        } else if (strength.getScore() < minStrength) {
            found.add(Violation.PASSWORD_TOO_WEAK);
        }
        return found;
    }

    /** What is estimated: the start of the password, where signs beyond the third kind are a sign that stands for nothing. */
    private static String measured(String password) {
        StringBuilder text = new StringBuilder(password.substring(0, Math.min(password.length(), MEASURED)));
        Set<Character> kept = new HashSet<>();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (LETTER_LIKE.indexOf(c) >= 0 && !kept.contains(c)) {
                if (kept.size() == MOST_LETTER_LIKE) {
                    text.setCharAt(i, '-');
                } else {
                    kept.add(c);
                }
            }
        }
        return text.toString();
    }

    private Zxcvbn estimator() {
        Zxcvbn known = zxcvbn;
        if (known == null) {
            known = new Zxcvbn();
            zxcvbn = known;
        }
        return known;
    }
}
