/** Sealing, tokens, password hashes. Nothing here knows a request. */
@NullMarked
package dev.gatehouse.crypto;

import org.jspecify.annotations.NullMarked;
