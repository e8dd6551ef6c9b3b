package dev.gatehouse.sso.saml;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What an authentication request asks for, beyond the connection's options.
 *
 * @param binding how it travels
 * @param relayState comes back with the response; an opaque value of at most 80 bytes of UTF-8 (bindings 3.4.3), null for none
 * @param forceAuthn the person has to authenticate anew (core 3.4.1); then look at {@link SamlAssertion#authnInstant()}
 * @param loginHint whom the request is about, as its {@code Subject} (core 3.4.1): identity providers prefill it, or answer for
 *     nobody else; null for none
 */
public record Ask(
        Binding binding,
        @Nullable String relayState,
        boolean forceAuthn,
        @Nullable String loginHint) {
    private static final int LONGEST_RELAY_STATE = 80;

    /** How a message travels through the browser. */
    public enum Binding {
        /** In the query of a redirect (bindings 3.4). */
        REDIRECT("urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"),
        /** In a form that submits itself (bindings 3.5). */
        POST("urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST");

        private final String uri;

        Binding(String uri) {
            this.uri = uri;
        }

        /** Its name in metadata. */
        public String uri() {
            return uri;
        }
    }

    /**
     * Checks the relay state.
     *
     * @throws IllegalArgumentException if it is too long
     */
    public Ask {
        relayState(relayState);
    }

    /** By redirect, with this relay state. */
    public static Ask redirect(@Nullable String relayState) {
        return new Ask(Binding.REDIRECT, relayState, false, null);
    }

    static void relayState(@Nullable String relayState) {
        if (relayState != null && relayState.getBytes(StandardCharsets.UTF_8).length > LONGEST_RELAY_STATE) {
            throw new IllegalArgumentException("a relay state has at most 80 bytes");
        }
    }
}
