package dev.gatehouse.pages;

import dev.gatehouse.api.Answer;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Parameters;
import dev.gatehouse.api.Request;
import dev.gatehouse.crypto.Digest;
import dev.gatehouse.crypto.RevealSecret;
import dev.gatehouse.factors.Factor;
import dev.gatehouse.identity.SecondFactors;
import dev.gatehouse.identity.SignedIn;
import dev.gatehouse.ui.Strings;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Pages for somebody who is signed in: the account, and signing out. */
final class AccountPages {
    /** How long after a sign-in what guards the account may be changed without another one. */
    private static final Duration FRESH = Duration.ofMinutes(10);

    /** What the file of recovery codes may hold: them, and nothing that somebody else wrote. */
    private static final Pattern CODES = Pattern.compile("([2-9A-HJ-NP-Z]{5}-[2-9A-HJ-NP-Z]{5} ?){1,10}");

    private static final Set<String> SECOND_STEP =
            Set.of("/account/factor", "/account/factor/remove", "/account/recovery-codes");

    private final Frame frame;
    private final AccountChanges changes;
    private final PasskeyPages passkeys;

    AccountPages(Frame frame, PasskeyPages passkeys) {
        this.frame = frame;
        this.changes = new AccountChanges(frame);
        this.passkeys = passkeys;
    }

    private SecondFactors factors() {
        return frame.identity().secondFactors();
    }

    Answer get(Request request, String page) {
        SignedIn who = frame.state().who(request);
        if (who == null) {
            String account = frame.page(request, page.substring(1));
            return Renderer.quiet(Answer.seeOther(frame.signInFor(request.contextPath(), account)));
        }
        if (page.equals("/account")) {
            return frame.render(request, 200, "account", account(request, who));
        }
        boolean passkey = page.startsWith("/account/passkeys");
        boolean change = changes.serves(page);
        boolean factors = SECOND_STEP.contains(page) && frame.offers().secondFactor();
        if (!passkey && !change && !factors) {
            return frame.error(request, 404, "not_found");
        }
        if (who.impersonator() != null) {
            return frame.error(request, 403, "impersonating");
        }
        if (passkey) {
            return passkeys(request, who, page);
        }
        String factor = request.query().one("factor_id").orElse("");
        if (!fresh(who)) {
            String query = factor.isEmpty() ? "" : "?factor_id=" + URLEncoder.encode(factor, StandardCharsets.UTF_8);
            return again(request, page + query);
        }
        if (change) {
            return changes.get(request, who, page);
        }
        if (!page.equals("/account/factor")) {
            return confirmation(request, who, page, factor);
        }
        var offer = factors().offer(who.user().email(), null);
        String secret = offer.secret().text(RevealSecret.access());
        return frame.render(
                request, 200, "factor", account(request, who).with(new View.Enrollment(offer.qrCode(), secret)));
    }

    /** Asks before an app is removed or codes are replaced: neither can be taken back. */
    private Answer confirmation(Request request, SignedIn who, String page, String factorId) {
        View account = account(request, who);
        List<Factor> mine = factors().ofUser(frame.env(), who.user().id());
        if (page.equals("/account/recovery-codes")) {
            return mine.isEmpty() ? back(request) : frame.render(request, 200, "recovery-codes-new", account);
        }
        return mine.stream()
                .filter(factor -> factor.id().equals(factorId))
                .findFirst()
                .map(factor -> frame.render(
                        request,
                        200,
                        "factor-remove",
                        account.leadingTo(factorId).wrong("", account.texts().date(factor.createdAt()))))
                .orElseGet(() -> back(request));
    }

    private Answer passkeys(Request request, SignedIn who, String page) {
        boolean script = page.endsWith("/options");
        if (!frame.offers().passkey()) {
            return frame.error(request, 404, "not_found");
        }
        if (!fresh(who)) {
            return script ? PasskeyPages.refused(403) : again(request, page);
        }
        return script ? passkeys.enrollmentOptions(who) : passkeys.page(request, account(request, who));
    }

    private View account(Request request, SignedIn who) {
        String id = who.user().id();
        View.Account shown = new View.Account(
                who,
                frame.identity().browserSessions().active(frame.env(), id),
                factors().ofUser(frame.env(), id),
                factors().recoveryCodesLeft(frame.env(), id),
                frame.identity().ownAccount().hasPassword(frame.env(), who),
                frame.state().csrf(who));
        return frame.view(request, who)
                .with(shown)
                .withPasskeys(passkeys.passkeys().list(id));
    }

    /** Whether the person signed in a moment ago: a stolen session must not change what guards the account. */
    private boolean fresh(SignedIn who) {
        return frame.identity()
                .browserSessions()
                .since(frame.env(), who)
                .map(begun -> begun.plus(FRESH).isAfter(frame.state().now()))
                .orElse(false);
    }

    /** To a sign-in that does not use the running session, and back. */
    private Answer again(Request request, String page) {
        return frame.state()
                .begin(
                        request,
                        frame.page(request, "sign-in"),
                        PageFlow.begin(
                                frame.page(request, page.substring(1)),
                                null,
                                "",
                                frame.state().end()));
    }

    Answer post(Request request, String page, Parameters form) {
        SignedIn who = frame.state().who(request);
        if (who == null
                || !Digest.equal(form.one("csrf").orElse(""), frame.state().csrf(who))) {
            return frame.error(request, "ended");
        }
        if (who.impersonator() != null) {
            return frame.error(request, 403, "impersonating");
        }
        if (changes.serves(page)) {
            return fresh(who) ? changes.post(request, who, page, form) : Renderer.quiet(again(request, "/account"));
        }
        String id = who.user().id();
        switch (page) {
            case "/account/profile" -> profile(who, form);
            case "/account/sessions" ->
                frame.identity()
                        .users(frame.env())
                        .endSession(id, form.one("session_id").orElse(""));
            // one that is added was begun by a fresh session, and is bound to it
            case "/account/passkeys", "/account/passkeys/rename" -> {
                return changed(request, who, page, form);
            }
            case "/account/passkeys/remove" -> {
                return fresh(who) ? changed(request, who, page, form) : Renderer.quiet(again(request, "/account"));
            }
            case "/account/recovery-codes/file" -> {
                return file(request, who, form);
            }
            case "/account/factor", "/account/factor/remove", "/account/recovery-codes" -> {
                return fresh(who) ? secondFactor(request, who, page, form) : Renderer.quiet(again(request, "/account"));
            }
            default -> {
                return frame.error(request, 404, "not_found");
            }
        }
        return back(request);
    }

    private void profile(SignedIn who, Parameters form) {
        frame.identity()
                .users(frame.env())
                .rename(who.user().id(), SignInPages.name(form, "first_name"), SignInPages.name(form, "last_name"));
        form.one("locale")
                .ifPresent(locale -> frame.identity()
                        .ownAccount()
                        .changeLocale(frame.env(), who, Strings.tags().contains(locale) ? locale : null));
    }

    private Answer changed(Request request, SignedIn who, String page, Parameters form) {
        String problem = passkeys.change(who, page, form);
        return problem.isEmpty()
                ? back(request)
                : frame.render(request, 422, "account", account(request, who).wrong(problem, ""));
    }

    private Answer secondFactor(Request request, SignedIn who, String page, Parameters form) {
        String id = who.user().id();
        if (page.equals("/account/factor/remove")) {
            factors().remove(frame.env(), id, form.one("factor_id").orElse(""));
            return back(request);
        }
        if (page.equals("/account/recovery-codes")) {
            return codes(request, who, factors().newRecoveryCodes(frame.env(), id));
        }
        String secret = form.one("secret").orElse("");
        try {
            List<String> codes = factors()
                    .add(frame.env(), id, secret, form.one("code").orElse("").replaceAll("[ -]", ""));
            return codes.isEmpty() ? back(request) : codes(request, who, codes);
        } catch (ApiException e) {
            if (e.status() == 422) {
                return frame.error(request, "ended");
            }
            var offer = factors().offer(who.user().email(), secret);
            View again = account(request, who)
                    .with(new View.Enrollment(offer.qrCode(), secret))
                    .wrong(e.status() == 429 ? "too_many" : "app_code_wrong", "");
            return frame.render(request, 422, "factor", again);
        }
    }

    private Answer codes(Request request, SignedIn who, List<String> codes) {
        return frame.render(
                request,
                200,
                "recovery-codes",
                frame.view(request, who)
                        .with(View.Account.of(who, false, frame.state().csrf(who)))
                        .with(codes));
    }

    /** The codes that the page before showed, as a file: they are stored nowhere, so the page brings them. */
    private Answer file(Request request, SignedIn who, Parameters form) {
        String codes = form.one("codes").orElse("");
        if (!CODES.matcher(codes).matches()) {
            return frame.error(request, 400, "ended");
        }
        return Renderer.file(
                "recovery-codes.txt",
                frame.app() + "\n" + who.user().email() + "\n\n" + codes.strip().replace(" ", "\n") + "\n");
    }

    private Answer back(Request request) {
        return Renderer.quiet(Answer.seeOther(frame.page(request, "account")));
    }

    /** Any form of the application may: a Lax cookie and the check of the origin keep other sites from asking. */
    Answer signOut(Request request) {
        SignedIn who = frame.state().who(request);
        if (who != null) {
            frame.identity().browserSessions().end(frame.env(), who.sessionId());
        }
        return frame.state().signedOut(Renderer.quiet(Answer.seeOther(frame.page(request, "signed-out"))), request);
    }
}
