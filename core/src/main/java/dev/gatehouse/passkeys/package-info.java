/**
 * Passkeys: the relying party's half of WebAuthn Level 3. Knows users by their identifiers only. What a browser sends meets
 * strict readers of our own first, which refuse whatever could be read in two ways; webauthn4j verifies it then, and shows
 * nowhere outside.
 */
@NullMarked
package dev.gatehouse.passkeys;

import org.jspecify.annotations.NullMarked;
