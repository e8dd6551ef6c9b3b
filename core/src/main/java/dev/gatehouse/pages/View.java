package dev.gatehouse.pages;

import dev.gatehouse.identity.Affiliations;
import dev.gatehouse.identity.Session;
import dev.gatehouse.identity.SignedIn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a template shows.
 *
 * @param texts strings
 * @param app name of the application
 * @param base path of the pages
 * @param home path of the application's first page
 * @param flow sealed state of the sign-in; empty for none
 * @param email address typed so far
 * @param error id of what is wrong; empty for nothing
 * @param detail argument of the error
 * @param signUp whether people may make accounts
 * @param choices organizations to choose from
 * @param who signed-in person; null for none
 * @param sessions of that person
 * @param csrf token for forms of a signed-in person
 * @param firstName first name typed so far
 * @param lastName last name typed so far
 */
public record View(
        Texts texts,
        String app,
        String base,
        String home,
        String flow,
        String email,
        String error,
        String detail,
        boolean signUp,
        List<Affiliations.Choice> choices,
        @Nullable SignedIn who,
        List<Session> sessions,
        String csrf,
        String firstName,
        String lastName) {

    View named(String first, String last) {
        return new View(
                texts, app, base, home, flow, email, error, detail, signUp, choices, who, sessions, csrf, first, last);
    }

    /** The string of this id. */
    public String t(String id, Object... arguments) {
        return texts.get(id, arguments);
    }

    /** What is wrong, or empty. */
    public String problem() {
        return error.isEmpty() ? "" : texts.get("error." + error, detail);
    }

    /** A page with the flow carried on. */
    public String link(String page) {
        return base + "/" + page + (flow.isEmpty() ? "" : "?flow=" + flow);
    }
}
