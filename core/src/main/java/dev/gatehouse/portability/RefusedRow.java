package dev.gatehouse.portability;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Problem;
import java.util.List;

/**
 * One thing wrong with a row that was not taken. Never holds a hash, a secret or an address.
 *
 * @param row number of the row, from 1, without header and empty lines
 * @param line line of the file on which the row begins, from 1
 * @param field member or column; empty if it is about the whole row
 * @param code stable machine word, as of the REST API
 * @param message one English sentence
 */
public record RefusedRow(long row, long line, String field, String code, String message) {
    private static final int MOST_FIELD = 100;

    static List<RefusedRow> of(long row, long line, ApiException refused) {
        if (refused.problems().isEmpty()) {
            // said over REST without a field, since it is the whole answer there
            String field = refused.code().equals("invalid_password_hash") ? "password_hash" : "";
            return List.of(new RefusedRow(row, line, field, refused.code(), refused.text()));
        }
        return refused.problems().stream().map(p -> of(row, line, p)).toList();
    }

    static RefusedRow of(long row, long line, Problem p) {
        // the name of a member is the file's, and may be anything
        boolean longField = p.field().length() > MOST_FIELD;
        return new RefusedRow(
                row,
                line,
                longField ? p.field().substring(0, MOST_FIELD) : p.field(),
                longField ? "field_invalid" : p.code(),
                longField ? "A member has a name that is too long." : p.message());
    }
}
