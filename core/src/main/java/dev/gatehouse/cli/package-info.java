/** Commands that an operator runs on a machine: {@code bin/import} and {@code bin/export}. */
@NullMarked
package dev.gatehouse.cli;

import org.jspecify.annotations.NullMarked;
