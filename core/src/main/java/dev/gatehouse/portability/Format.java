package dev.gatehouse.portability;

import java.nio.file.Path;
import java.util.Locale;

/** Form of a file of users. */
public enum Format {
    /** One JSON object a line, in UTF-8. Holds everything. */
    JSON_LINES,
    /** RFC 4180 with a header row, in UTF-8. Holds everything but the secrets of authenticator apps. */
    CSV;

    /** The form that a file's name tells: CSV if it ends with {@code .csv}. */
    public static Format of(Path file) {
        return file.toString().toLowerCase(Locale.ROOT).endsWith(".csv") ? CSV : JSON_LINES;
    }
}
