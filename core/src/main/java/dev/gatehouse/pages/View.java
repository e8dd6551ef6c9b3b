package dev.gatehouse.pages;

import dev.gatehouse.identity.Affiliations;
import dev.gatehouse.identity.Session;
import dev.gatehouse.identity.SignedIn;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a template shows.
 *
 * @param texts strings
 * @param site where the pages are, and what they belong to
 * @param flow sealed state of the sign-in; empty for none
 * @param email address typed so far
 * @param error id of what is wrong; empty for nothing
 * @param detail argument of the error
 * @param choices organizations to choose from
 * @param account of the person who is signed in; null for none
 * @param firstName first name typed so far
 * @param lastName last name typed so far
 * @param target address outside the pages that the browser is led to, or the token of a link; empty for none
 */
public record View(
        Texts texts,
        Site site,
        String flow,
        String email,
        String error,
        String detail,
        List<Affiliations.Choice> choices,
        @Nullable Account account,
        String firstName,
        String lastName,
        String target) {

    /**
     * The pages' place in the application.
     *
     * @param app name of the application
     * @param base path of the pages
     * @param home path of the application's first page
     * @param offers what the pages may offer
     */
    public record Site(String app, String base, String home, Offers offers) {}

    /**
     * What the pages may offer.
     *
     * @param signUp people may make accounts
     * @param password people may sign in with a password
     * @param magicCode people may sign in with a code by mail
     * @param mail mail can be sent
     */
    public record Offers(boolean signUp, boolean password, boolean magicCode, boolean mail) {}

    /**
     * What only the account page shows.
     *
     * @param who the person
     * @param sessions of that person
     * @param csrf token for this session's forms
     */
    public record Account(SignedIn who, List<Session> sessions, String csrf) {}

    /** A page about nothing yet. */
    static View of(Texts texts, Site site) {
        return new View(texts, site, "", "", "", "", List.of(), null, "", "", "");
    }

    View at(String sealed, PageFlow at, List<Affiliations.Choice> choices) {
        return new View(texts, site, sealed, at.email(), error, detail, choices, account, firstName, lastName, target);
    }

    View typed(String address) {
        return new View(texts, site, flow, address, error, detail, choices, account, firstName, lastName, target);
    }

    View wrong(String error, String detail) {
        return new View(texts, site, flow, email, error, detail, choices, account, firstName, lastName, target);
    }

    View named(String first, String last) {
        return new View(texts, site, flow, email, error, detail, choices, account, first, last, target);
    }

    View with(Account shown) {
        return new View(texts, site, flow, email, error, detail, choices, shown, firstName, lastName, target);
    }

    View leadingTo(String address) {
        return new View(texts, site, flow, email, error, detail, choices, account, firstName, lastName, address);
    }

    /** The target's host, or the scheme of an application on the device. */
    public String targetName() {
        URI uri = URI.create(target);
        return uri.getHost() == null ? uri.getScheme() : uri.getHost();
    }

    /** What a form of a signed-in person must carry; empty when nobody is. */
    public String csrf() {
        return account == null ? "" : account.csrf();
    }

    /** The string of this id. */
    public String t(String id, Object... arguments) {
        return texts.get(id, arguments);
    }

    /** What is wrong, or empty. */
    public String problem() {
        return error.isEmpty() ? "" : texts.get("error." + error, detail);
    }

    /** Path of a page of ours. */
    public String page(String name) {
        return site.base + "/" + name;
    }

    /** A page with the flow carried on. */
    public String link(String name) {
        return page(name) + (flow.isEmpty() ? "" : "?flow=" + flow);
    }
}
