package dev.gatehouse.pages;

import dev.gatehouse.api.Answer;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Parameters;
import dev.gatehouse.api.Request;
import dev.gatehouse.identity.Destination;
import dev.gatehouse.identity.SignedIn;
import dev.gatehouse.identity.Source;
import dev.gatehouse.identity.Step;
import dev.gatehouse.identity.UserPasskeys;
import dev.gatehouse.passkeys.Ceremony;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Passkeys in the pages. {@code passkeys.js} asks for a ceremony, lets the browser carry it out, and sends what came of it
 * with an ordinary form, so that every answer is an ordinary page. A sign-in is bound to the browser that began the flow,
 * an enrolment to the session.
 */
final class PasskeyPages {
    /** Ids of texts for what identity refuses on the account's pages. */
    private static final Map<String, String> PROBLEMS = Map.of(
            "passkey_challenge_expired", "passkey_expired",
            "passkey_challenge_previously_used", "passkey_expired",
            "passkey_already_registered", "passkey_known",
            "too_many_passkeys", "passkey_too_many",
            "invalid_request_parameters", "passkey_name",
            "last_passkey", "passkey_last");

    private final Frame frame;
    private final UserPasskeys passkeys;

    PasskeyPages(Frame frame, UserPasskeys passkeys) {
        this.frame = frame;
        this.passkeys = passkeys;
    }

    UserPasskeys passkeys() {
        return passkeys;
    }

    /** A ceremony for the script of the sign-in page. */
    Answer signInOptions(Request request) {
        Optional<PageFlow> flow =
                frame.state().flow(request, request.query().one("flow").orElse(""));
        if (flow.isEmpty() || !passkeys.on()) {
            return refused(400);
        }
        return ceremony(passkeys.beginSignIn(frame.state().browserOf(request)));
    }

    /** Where a passkey leads. */
    Step signIn(Request request, Destination to, Parameters form) {
        return passkeys.finishSignInTo(
                to,
                frame.state().browserOf(request),
                form.one("state").orElse(""),
                form.one("answer").orElse(""),
                Source.of(request));
    }

    /** The page that adds one. */
    Answer page(Request request, View account) {
        String device = account.texts().device(request.header("user-agent").orElse(null));
        return frame.render(request, 200, "passkey", account.leadingTo(device));
    }

    /** A ceremony for the script of that page. */
    Answer enrollmentOptions(SignedIn who) {
        try {
            return ceremony(passkeys.beginEnrollment(who.user().id(), binding(who)));
        } catch (ApiException e) {
            return refused(e.status());
        }
    }

    /** Carries out what the account page asks for; the id of what is wrong, or empty. */
    String change(SignedIn who, String page, Parameters form) {
        String id = who.user().id();
        String passkey = form.one("passkey_id").orElse("");
        String name = form.one("name").orElse("");
        try {
            switch (page) {
                case "/account/passkeys" ->
                    passkeys.finishEnrollment(
                            id,
                            binding(who),
                            form.one("state").orElse(""),
                            form.one("answer").orElse(""),
                            name);
                case "/account/passkeys/rename" -> passkeys.rename(id, passkey, name);
                default -> passkeys.delete(id, passkey);
            }
            return "";
        } catch (ApiException e) {
            if (e.status() == 404) {
                throw e;
            }
            return PROBLEMS.getOrDefault(e.code(), "passkey_refused");
        }
    }

    private static String binding(SignedIn who) {
        return "session " + who.sessionId();
    }

    /** The list at a relying party's domain (WebAuthn Level 3 §5.11); empty if there is nothing to list. */
    Optional<Answer> relatedOrigins() {
        List<String> origins = passkeys.relatedOrigins().stream()
                .filter(origin -> origin.startsWith("http"))
                .sorted()
                .toList();
        return origins.isEmpty()
                ? Optional.empty()
                // as the setting allows them, origins have nothing to escape
                : Optional.of(json(200, "{\"origins\":[\"" + String.join("\",\"", origins) + "\"]}"));
    }

    private static Answer ceremony(Ceremony made) {
        // the options are JSON already, and sealed texts have nothing to escape
        return Renderer.quiet(json(200, "{\"publicKey\":" + made.options() + ",\"state\":\"" + made.state() + "\"}"));
    }

    static Answer refused(int status) {
        return Renderer.quiet(json(status, "{}"));
    }

    private static Answer json(int status, String text) {
        return Answer.of(status, "application/json; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }
}
