/** All that an adapter may see: the neutral request and answer, and the errors. */
@NullMarked
package dev.gatehouse.api;

import org.jspecify.annotations.NullMarked;
