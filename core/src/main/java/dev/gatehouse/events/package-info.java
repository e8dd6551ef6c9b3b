/** The outbox and the events that readers see. */
@NullMarked
package dev.gatehouse.events;

import org.jspecify.annotations.NullMarked;
