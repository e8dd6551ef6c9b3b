/** Feature flags: who sees what (contract/behaviour/09 §9.4). */
@NullMarked
package dev.gatehouse.flags;

import org.jspecify.annotations.NullMarked;
