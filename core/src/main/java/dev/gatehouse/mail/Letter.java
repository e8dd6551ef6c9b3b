package dev.gatehouse.mail;

import dev.gatehouse.ui.Brand;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a mail says, from top to bottom; shown by {@code mail/letter.jte} and as plain text.
 *
 * @param language BCP 47 tag
 * @param brand colours of the host's
 * @param app name of the application
 * @param subject says what it is about, with the code if there is one
 * @param heading one line
 * @param lead what to do, and how long that works
 * @param code to be typed; null for none
 * @param action what the link does; null for none
 * @param url where the link leads; null for none
 * @param linkHint for mail programs that show no link
 * @param note what to do if nobody asked for it
 * @param footer who sent it to whom
 */
public record Letter(
        String language,
        Brand brand,
        String app,
        String subject,
        String heading,
        String lead,
        @Nullable String code,
        @Nullable String action,
        @Nullable String url,
        String linkHint,
        String note,
        String footer) {
    private static final int MOST_IN_ONE_GROUP = 4;

    /** The code in groups that are easy to read: 417 920. Nothing stands between them, so that they copy as one. */
    public List<String> groups() {
        if (code == null) {
            return List.of();
        }
        if (code.length() <= MOST_IN_ONE_GROUP) {
            return List.of(code);
        }
        int size = code.length() % 3 == 0 ? 3 : MOST_IN_ONE_GROUP;
        List<String> groups = new ArrayList<>();
        for (int at = 0; at < code.length(); at += size) {
            groups.add(code.substring(at, Math.min(code.length(), at + size)));
        }
        return groups;
    }

    /** The same without HTML. */
    String text() {
        List<String> parts = new ArrayList<>(List.of(heading, lead));
        if (code != null) {
            parts.add(code);
        }
        if (url != null) {
            parts.add(action + ":\n" + url);
        }
        parts.add(note);
        // what mail programs take for the beginning of a signature
        parts.add("-- \n" + footer);
        return String.join("\n\n", parts) + "\n";
    }
}
