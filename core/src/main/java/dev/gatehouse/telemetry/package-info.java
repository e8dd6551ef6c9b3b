/**
 * Adapters of {@link dev.gatehouse.spi.Telemetry}. Each needs a library that the host brings, and is loaded only when it is
 * used.
 */
@NullMarked
package dev.gatehouse.telemetry;

import org.jspecify.annotations.NullMarked;
