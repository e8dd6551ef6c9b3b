package dev.gatehouse.identity;

import dev.gatehouse.crypto.Envelope;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the session cookie holds, and what it proves. */
interface SessionCookie {

    /** The value for a session, to be believed in this environment only. */
    String seal(String env, String cookieName, String sessionId);

    /** What a value claims; null if it is none of ours. */
    SessionCache.@Nullable Claim open(String env, String cookieName, String value);

    /** Gatehouse's own: the session's identifier, sealed. It holds no claims and no tokens. */
    record Sealed(Envelope envelope) implements SessionCookie {
        private static final String PURPOSE = "session cookie";
        private static final Pattern ID = Pattern.compile("session_[0-9A-HJKMNP-TV-Z]{26}");

        @Override
        public String seal(String env, String cookieName, String sessionId) {
            return envelope.sealText(PURPOSE, cookieName + " " + env, sessionId);
        }

        @Override
        public SessionCache.@Nullable Claim open(String env, String cookieName, String value) {
            return envelope.openText(PURPOSE, cookieName + " " + env, value)
                    .filter(id -> ID.matcher(id).matches())
                    .map(id -> new SessionCache.Claim(id, Long.MAX_VALUE))
                    .orElse(null);
        }
    }
}
