/** Calling out over HTTP to addresses that somebody else chose. */
@NullMarked
package dev.gatehouse.net;

import org.jspecify.annotations.NullMarked;
