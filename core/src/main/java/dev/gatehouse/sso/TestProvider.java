package dev.gatehouse.sso;

import dev.gatehouse.api.Parameters;
import dev.gatehouse.api.Request;
import dev.gatehouse.crypto.Digest;
import dev.gatehouse.identity.Email;
import dev.gatehouse.identity.Federation.Arrival;
import dev.gatehouse.identity.Redirects;
import dev.gatehouse.identity.Source;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An identity provider for development: a page that asks whom it should vouch for. It exists where an organization has a
 * connection of its type, which production refuses.
 */
final class TestProvider implements Protocol {
    private final String pages;

    /** @param pages address of the hosted pages */
    TestProvider(String pages) {
        this.pages = pages;
    }

    private static String path(Connection connection) {
        return "sso/test/idp/" + connection.key();
    }

    @Override
    public Leaving leave(Connection connection, String token, Ask ask) {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("request", token);
        if (ask.loginHint() != null) {
            query.put("login_hint", ask.loginHint());
        }
        return new Leaving(Redirects.location(pages + "/" + path(connection), query, null), null, "", null, false);
    }

    @Override
    public Optional<String> signedOutAt(Connection connection, Profile profile) {
        return Optional.of(pages + "/signed-out");
    }

    @Override
    public List<Check> checks() {
        return List.of();
    }

    Arrival answer(SsoFlow flow, Request request, Connection connection) {
        boolean answered = request.method().equals("POST");
        Parameters from = answered ? SsoFlow.form(request) : request.query();
        String token = from.one("request").orElse("");
        if (flow.find(connection, token).isEmpty()) {
            return Arrivals.refused("ended");
        }
        if (!answered) {
            return form(connection, token, from.one("login_hint").orElse(""), false);
        }
        boolean denied = from.one("decision").filter("deny"::equals).isPresent();
        String email = from.one("email").orElse("").strip();
        if (!denied && !Email.valid(email)) {
            return form(connection, token, email, true);
        }
        Optional<SsoSignIn> begun = flow.take(request, connection, token);
        if (begun.isEmpty()) {
            return Arrivals.refused("ended");
        }
        Source source = Source.of(request);
        return denied
                ? flow.completion()
                        .refuse(
                                begun.get(),
                                new Refusal("access_denied", "Access was denied at the provider"),
                                email,
                                source)
                : flow.completion().finish(begun.get(), said(email, from), source);
    }

    private static Arrival form(Connection connection, String token, String hint, boolean problem) {
        return new Arrival.TestForm(path(connection), token, connection.name(), hint, problem);
    }

    private static Asserted said(String email, Parameters form) {
        String first = name(form, "first_name");
        String last = name(form, "last_name");
        List<String> groups = Arrays.stream(form.one("groups").orElse("").split(","))
                .map(String::strip)
                .filter(group -> !group.isEmpty())
                .limit(100)
                .toList();
        Map<String, Object> raw = new LinkedHashMap<>();
        raw.put("email", email);
        raw.put("first_name", String.valueOf(first));
        raw.put("last_name", String.valueOf(last));
        raw.put("groups", groups);
        String whole = first == null ? last : last == null ? first : first + " " + last;
        return new Asserted(
                // one person for each address, as at a real provider
                Digest.of("test provider", Email.fold(email)),
                Digest.of("test provider", Email.fold(email)),
                email,
                false,
                first,
                last,
                whole,
                groups,
                raw,
                Map.of(),
                null,
                null,
                null);
    }

    private static @Nullable String name(Parameters form, String field) {
        return form.one(field)
                .map(String::strip)
                .filter(text -> !text.isEmpty() && text.length() <= 200)
                .orElse(null);
    }
}
