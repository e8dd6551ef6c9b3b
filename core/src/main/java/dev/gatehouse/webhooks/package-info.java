/** Events sent to addresses that an application registers. */
@NullMarked
package dev.gatehouse.webhooks;

import org.jspecify.annotations.NullMarked;
