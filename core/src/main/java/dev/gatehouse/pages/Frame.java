package dev.gatehouse.pages;

import dev.gatehouse.api.Answer;
import dev.gatehouse.api.Request;
import dev.gatehouse.identity.Affiliations;
import dev.gatehouse.identity.Federation;
import dev.gatehouse.identity.Identity;
import dev.gatehouse.identity.SignedIn;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What all pages share: whose they are, where they lie, and how an answer is made.
 *
 * @param env environment of the people
 * @param clientId client that they sign in to
 * @param base path of the pages, below the context path
 * @param home path of the application's first page, below the context path
 * @param offers what the pages may offer
 * @param federation ways in through somebody else
 */
record Frame(
        Identity identity,
        Renderer renderer,
        PageState state,
        String env,
        String clientId,
        String base,
        String home,
        String app,
        View.Offers offers,
        Federation federation) {

    String base(Request request) {
        return request.contextPath() + base;
    }

    String home(Request request) {
        return request.contextPath() + home;
    }

    /** Path of a page of ours. */
    String page(Request request, String name) {
        return base(request) + "/" + name;
    }

    String signInFor(String contextPath, String target) {
        String safe = PageFlow.safe(target, contextPath + home);
        return contextPath + base + "/sign-in?return_to=" + URLEncoder.encode(safe, StandardCharsets.UTF_8);
    }

    /** A page about nobody: it asks no storage, so that it can tell of a failed one. */
    View view(Request request) {
        return new View(Texts.of(request), new View.Site(app, base(request), home(request), offers));
    }

    private List<Affiliations.Choice> choices(@Nullable String pending) {
        if (pending == null) {
            return List.of();
        }
        if (identity.takenAddress().is(pending)) {
            identity.takenAddress().check(env, pending);
            return List.of();
        }
        return identity.signIn().choices(env, clientId, pending);
    }

    /** A page of somebody who is signed in. */
    View view(Request request, SignedIn who) {
        return new View(
                Texts.of(request, who.user().locale()), new View.Site(app, base(request), home(request), offers));
    }

    View view(Request request, String sealed, PageFlow flow) {
        return view(request).at(sealed, flow, choices(flow.pending()));
    }

    Answer render(Request request, int status, String template, View view) {
        // no other page offers providers, so no other asks storage for them
        View shown = template.equals("sign-in") ? view.offering(federation.buttons()) : view;
        return renderer.page(request, status, template, shown);
    }

    Answer error(Request request, String code) {
        return error(request, 400, code);
    }

    Answer error(Request request, int status, String code) {
        return render(request, status, "error", view(request).wrong(code, ""));
    }
}
