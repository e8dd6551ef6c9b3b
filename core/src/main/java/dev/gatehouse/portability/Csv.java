package dev.gatehouse.portability;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * How users lie in CSV. People open such files in spreadsheets, which run a cell that begins like a formula, and names are
 * written by whoever signs up. So a cell that begins so gets an apostrophe before it (OWASP, "CSV Injection"), and a
 * cell that begins with an apostrophe another one; reading takes it away again, so nothing is lost.
 */
final class Csv {
    /** Columns of an export, in this order. */
    static final List<String> COLUMNS = List.of(
            "id",
            "email",
            "email_verified",
            "first_name",
            "last_name",
            "name",
            "external_id",
            "metadata",
            "locale",
            "password_hash_type",
            "password_hash",
            "password_salt_position",
            "created_at",
            "updated_at",
            "last_sign_in_at");

    /** Also in their full width, which some spreadsheets take for the same. */
    private static final String RISKY = "=+-@\t\r\n'\uFF1D\uFF0B\uFF0D\uFF20";

    private Csv() {}

    private static boolean risky(String text, int at) {
        return text.length() > at && RISKY.indexOf(text.charAt(at)) >= 0;
    }

    static String guarded(String text) {
        return risky(text, 0) ? "'" + text : text;
    }

    static String unguarded(String text) {
        return text.startsWith("'") && risky(text, 1) ? text.substring(1) : text;
    }

    /** The header row. */
    static String header() {
        return String.join(",", COLUMNS) + "\r\n";
    }

    /** A user's row. */
    static String row(JsonNode user) {
        StringBuilder out = new StringBuilder();
        for (String column : COLUMNS) {
            out.append(out.isEmpty() ? "" : ",");
            JsonNode value = user.path(column);
            if (!value.isMissingNode() && !value.isNull()) {
                String text = value.isValueNode() ? value.asText() : value.toString();
                out.append('"').append(guarded(text).replace("\"", "\"\"")).append('"');
            }
        }
        return out.append("\r\n").toString();
    }

    /** Whether a column is a member of a user's metadata, as {@code metadata.plan} is. */
    static boolean isPair(String column) {
        return column.startsWith("metadata.") && column.length() > "metadata.".length();
    }

    /** The values that a truth is written as; a spreadsheet writes capitals. */
    static final Map<String, Boolean> TRUTHS = Map.of("true", true, "TRUE", true, "false", false, "FALSE", false);
}
