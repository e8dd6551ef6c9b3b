/** Permissions, roles, resources, and who may do what (contract/behaviour/07 §7.5 to §7.7). */
@NullMarked
package dev.gatehouse.access;

import org.jspecify.annotations.NullMarked;
