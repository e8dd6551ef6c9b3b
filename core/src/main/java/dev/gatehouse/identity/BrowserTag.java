package dev.gatehouse.identity;

import dev.gatehouse.api.Answer;
import dev.gatehouse.api.Request;
import dev.gatehouse.crypto.RandomTokens;
import dev.gatehouse.crypto.SealedCookie;
import java.util.Optional;

/**
 * A cookie that tells browsers apart, so that what one began no other finishes (login CSRF, ATTACKS F03): 32 letters and
 * digits, forty minutes from the last beginning.
 */
public final class BrowserTag {
    private static final int LENGTH = 32;
    private static final int LIFE_SECONDS = 2_400;

    private final String name;
    private final boolean https;
    private final RandomTokens random;

    /** @param https whether the origin is, so that the cookie may be bound to it */
    public BrowserTag(boolean https, RandomTokens random) {
        this.https = https;
        this.random = random;
        this.name = (https ? "__Host-" : "") + "gatehouse_browser";
    }

    /** The tag that a browser has; empty for none. */
    public Optional<String> of(Request request) {
        return SealedCookie.read(name, request.cookies()).filter(tag -> tag.length() == LENGTH);
    }

    /** The tag that a browser has, or a new one for it. */
    public String ofOrNew(Request request) {
        return of(request).orElseGet(() -> random.base62(LENGTH));
    }

    /** The answer that makes a browser keep a tag. */
    public Answer keep(Answer answer, String tag) {
        return answer.with(
                "Set-Cookie",
                name + "=" + tag + "; Path=/; Max-Age=" + LIFE_SECONDS + "; HttpOnly; SameSite=Lax"
                        + (https ? "; Secure" : ""));
    }
}
