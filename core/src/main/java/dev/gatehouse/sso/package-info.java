/** Single sign-on: connections to identity providers, the profiles that they vouch for, and how those become users. */
@NullMarked
package dev.gatehouse.sso;

import org.jspecify.annotations.NullMarked;
