/** Back ends of {@link dev.gatehouse.spi.Storage}: memory, and JDBC for H2 and PostgreSQL. */
@NullMarked
package dev.gatehouse.store;

import org.jspecify.annotations.NullMarked;
