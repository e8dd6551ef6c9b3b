/** Settings: one declaration each, read from layered sources. */
@NullMarked
package dev.gatehouse.config;

import org.jspecify.annotations.NullMarked;
