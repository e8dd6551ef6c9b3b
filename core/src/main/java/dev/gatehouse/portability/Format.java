package dev.gatehouse.portability;

import java.nio.file.Path;
import java.util.Locale;

/** Form of a file of users and organizations. */
public enum Format {
    /** One JSON object a line, in UTF-8. Holds everything. */
    JSON_LINES,
    /** RFC 4180 with a header row, in UTF-8. Holds users, without what is a list: apps, passkeys and memberships. */
    CSV;

    /** The form that a file's name tells: CSV if it ends with {@code .csv}. */
    public static Format of(Path file) {
        return file.toString().toLowerCase(Locale.ROOT).endsWith(".csv") ? CSV : JSON_LINES;
    }
}
