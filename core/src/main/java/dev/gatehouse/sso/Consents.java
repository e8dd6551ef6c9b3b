package dev.gatehouse.sso;

import dev.gatehouse.api.Request;
import dev.gatehouse.crypto.Digest;
import dev.gatehouse.crypto.Envelope;
import dev.gatehouse.crypto.SealedCookie;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Whom a browser has allowed a provider to send, so that it is asked once for each person and not again
 * (contract/behaviour/05 §5.7): a sealed cookie of the browser's, half a year. Whoever else is sent, is asked about (login CSRF,
 * ATTACKS S85).
 */
final class Consents {
    private static final String PURPOSE = "sso consents";
    private static final Duration LIFE = Duration.ofDays(180);
    private static final int MOST = 20;

    private final Envelope envelope;
    private final String env;
    private final boolean https;
    private final String name;

    /** @param https whether the origin is, so that the cookie may be bound to it */
    Consents(Envelope envelope, String env, boolean https) {
        this.envelope = envelope;
        this.env = env;
        this.https = https;
        this.name = (https ? "__Host-" : "") + "gatehouse_consents";
    }

    private static String entry(SsoSignIn begun, Asserted said) {
        return Digest.of("sso consent", begun.connectionId() + " " + said.subject());
    }

    private List<String> of(Request request) {
        return SealedCookie.read(name, request.cookies())
                .flatMap(value -> envelope.openText(PURPOSE, env, value))
                .map(text -> Arrays.asList(text.split(" ")))
                .orElse(List.of());
    }

    /** Whether this browser allowed this person before. */
    boolean given(Request request, SsoSignIn begun, Asserted said) {
        return of(request).contains(entry(begun, said));
    }

    /** The cookie by which the browser remembers that it allowed this person; of many, the latest. */
    String give(Request request, SsoSignIn begun, Asserted said) {
        List<String> all = new ArrayList<>(of(request));
        all.remove(entry(begun, said));
        all.add(0, entry(begun, said));
        String text = String.join(" ", all.subList(0, Math.min(MOST, all.size())));
        return name + "=" + envelope.sealText(PURPOSE, env, text) + "; Path=/; Max-Age=" + LIFE.toSeconds()
                + "; HttpOnly; SameSite=Lax" + (https ? "; Secure" : "");
    }
}
