/** What pages and mails have in common: the host's colour and the languages. */
@NullMarked
package dev.gatehouse.ui;

import org.jspecify.annotations.NullMarked;
