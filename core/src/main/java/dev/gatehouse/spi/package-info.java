/** What a host may replace: storage, configuration, mail, keys, outbound calls. Interfaces and their records only. */
@NullMarked
package dev.gatehouse.spi;

import org.jspecify.annotations.NullMarked;
