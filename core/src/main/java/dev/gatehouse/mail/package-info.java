/** Mails to people: queued in the transaction of what they tell of, delivered afterwards. */
@NullMarked
package dev.gatehouse.mail;

import org.jspecify.annotations.NullMarked;
