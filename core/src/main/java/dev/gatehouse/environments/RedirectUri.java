package dev.gatehouse.environments;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import dev.gatehouse.engine.Required;
import dev.gatehouse.engine.Routes;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An address that a sign-in may lead back to. Compared as text (RFC 9700 §2.1), with two documented exceptions: one
 * {@code *} in the left-most host label, and any port on a loopback address (RFC 8252 §7.3).
 *
 * @param uri as registered
 * @param first whether it is the default; the first one without {@code *} is
 */
public record RedirectUri(String id, String uri, boolean first, Instant createdAt, Instant updatedAt)
        implements Entity {
    static final EntityType<RedirectUri> TYPE = EntityType.of("redirect_uri", "redir", RedirectUri.class)
            .unique("uri", RedirectUri::uri, r -> bad("uri_taken", "This redirect URI is registered already."))
            .lookup("all", r -> "")
            .view(View.class, (r, call) -> new View("redirect_uri", r.id, r.uri, r.first, r.createdAt, r.updatedAt));

    private static final Pattern LOOPBACK = Pattern.compile("http://(127\\.0\\.0\\.1|\\[::1])(:[0-9]{1,5})?(/.*)?");
    private static final Pattern LOCAL_PORT = Pattern.compile("http://(localhost|127\\.0\\.0\\.1|\\[::1]):\\*(/.*)?");
    private static final Pattern WILD_HOST = Pattern.compile(
            "https?://[A-Za-z0-9-]*\\*[A-Za-z0-9-]*\\.[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+(:[0-9]+)?(/.*)?");
    private static final Pattern PRIVATE_USE = Pattern.compile("[a-z][a-z0-9+-]*(\\.[a-z0-9+-]+)+:/[!-~]*");

    record View(
            String object,
            String id,
            String uri,
            @JsonProperty("default") boolean first,
            Instant createdAt,
            Instant updatedAt) {}

    record Create(@Required String uri) {}

    static void routes(Routes r, Environments environments) {
        r.list("GET /user_management/redirect_uris", TYPE);
        r.create("POST /user_management/redirect_uris", TYPE, Create.class, (in, call) -> {
            return register(call, in.uri, environments.production(call));
        });
        r.delete("DELETE /user_management/redirect_uris/{id}", TYPE, (uri, call) -> {
            if (uri.first) {
                throw ApiException.of(409, "The redirect URI is the default and cannot be deleted.");
            }
            call.delete(TYPE, uri);
        });
    }

    static RedirectUri register(Call call, String uri, boolean production) {
        String problem = problem(uri, production);
        if (problem != null) {
            throw bad("uri_invalid", problem);
        }
        // a pattern is no address that anybody could be sent to
        boolean first =
                uri.indexOf('*') < 0 && call.all(TYPE, "all", "").stream().noneMatch(RedirectUri::first);
        return call.create(TYPE, new RedirectUri(call.newId(TYPE), uri, first, call.now(), call.now()));
    }

    private static ApiException bad(String code, String message) {
        return ApiException.invalid("uri", code, message);
    }

    /** Why this text cannot be registered, or null. */
    static @Nullable String problem(String uri, boolean production) {
        if (uri.length() > 2_000 || !uri.chars().allMatch(c -> c > 0x20 && c < 0x7f) || uri.indexOf('\\') >= 0) {
            return "A redirect URI has at most 2000 printable ASCII characters and no backslash.";
        }
        if (PRIVATE_USE.matcher(uri).matches() && !uri.contains("://")) {
            return null;
        }
        boolean wildHost = uri.contains("*") && WILD_HOST.matcher(uri).matches();
        boolean wildPort = uri.contains("*") && LOCAL_PORT.matcher(uri).matches();
        if (uri.contains("*") && !wildHost && !wildPort) {
            return "A * stands once, in the left-most label of a host with at least two more, or as the port of localhost.";
        }
        URI parsed;
        try {
            parsed = new URI(wildPort ? uri.replace(":*", ":1") : uri.replace("*", "x"));
        } catch (URISyntaxException e) {
            return "That is not a URI.";
        }
        String scheme = String.valueOf(parsed.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !scheme.equals("http")) {
            return "A redirect URI is https, http on a loopback address, or a private-use scheme like com.example.app:/cb.";
        }
        if (parsed.getHost() == null || parsed.getRawUserInfo() != null || parsed.getRawFragment() != null) {
            return "A redirect URI has a host and neither user information nor a fragment.";
        }
        boolean loopback =
                parsed.getHost().equals("127.0.0.1") || parsed.getHost().equals("[::1]");
        if (scheme.equals("http") && production && !loopback) {
            return "In production a redirect URI is https, except on 127.0.0.1.";
        }
        return null;
    }

    /** Whether a requested address is this registered one. */
    boolean matches(String requested) {
        if (requested.equals(uri)) {
            return uri.indexOf('*') < 0;
        }
        int star = uri.indexOf('*');
        if (star >= 0) {
            String before = uri.substring(0, star);
            String after = uri.substring(star + 1);
            if (requested.length() <= before.length() + after.length()
                    || !requested.startsWith(before)
                    || !requested.endsWith(after)) {
                return false;
            }
            String label = requested.substring(before.length(), requested.length() - after.length());
            String allowed = before.endsWith(":") ? "[0-9]{1,5}" : "[A-Za-z0-9_-]+";
            return label.matches(allowed);
        }
        Matcher mine = LOOPBACK.matcher(uri);
        Matcher theirs = LOOPBACK.matcher(requested);
        return mine.matches()
                && theirs.matches()
                && mine.group(1).equals(theirs.group(1))
                && String.valueOf(mine.group(3)).equals(String.valueOf(theirs.group(3)));
    }
}
