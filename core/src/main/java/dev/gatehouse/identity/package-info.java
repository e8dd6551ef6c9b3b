/** Users, passwords, sessions, sign-in. */
@NullMarked
package dev.gatehouse.identity;

import org.jspecify.annotations.NullMarked;
