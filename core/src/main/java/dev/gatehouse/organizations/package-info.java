/** Organizations, their domains and memberships. */
@NullMarked
package dev.gatehouse.organizations;

import org.jspecify.annotations.NullMarked;
