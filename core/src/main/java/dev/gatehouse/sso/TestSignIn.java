package dev.gatehouse.sso;

import java.time.Instant;

/**
 * An address at which somebody tries a connection in a browser: it leads to the provider, and back to a page that shows each
 * numbered step and what the provider said. Nobody is signed in by it, and nobody is made; a connection that waits for its first
 * sign-in becomes active when the test passes.
 *
 * @param url of the test; whoever has it can begin it, any number of times until then
 * @param expiresAt an hour from now
 */
public record TestSignIn(String url, Instant expiresAt) {
    /** Without the token. */
    @Override
    public String toString() {
        return "TestSignIn[" + expiresAt + "]";
    }
}
