/** Hosted pages: sign-up, sign-in, account. */
@NullMarked
package dev.gatehouse.pages;

import org.jspecify.annotations.NullMarked;
