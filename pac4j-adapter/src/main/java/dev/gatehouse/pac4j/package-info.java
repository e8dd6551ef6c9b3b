/** For applications that have pac4j: {@link dev.gatehouse.pac4j.GatehouseClient} makes a profile of a Gatehouse session. */
@NullMarked
package dev.gatehouse.pac4j;

import org.jspecify.annotations.NullMarked;
