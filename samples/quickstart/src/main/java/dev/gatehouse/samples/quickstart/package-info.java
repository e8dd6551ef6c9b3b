/** A team notes page behind Gatehouse, on embedded Jetty. */
@NullMarked
package dev.gatehouse.samples.quickstart;

import org.jspecify.annotations.NullMarked;
