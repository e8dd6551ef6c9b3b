/** Hosted pages: sign-up, sign-in, organization choice, account. Server-rendered, and complete without JavaScript. */
@NullMarked
package dev.gatehouse.pages;

import org.jspecify.annotations.NullMarked;
