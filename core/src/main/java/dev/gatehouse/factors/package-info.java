/** Second factors: authenticator apps, their challenges, and recovery codes. Knows users by their identifiers only. */
@NullMarked
package dev.gatehouse.factors;

import org.jspecify.annotations.NullMarked;
