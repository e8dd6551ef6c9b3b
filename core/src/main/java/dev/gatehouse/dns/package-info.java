/** Reads DNS TXT records with the system's name servers or those of a setting. */
@NullMarked
package dev.gatehouse.dns;

import org.jspecify.annotations.NullMarked;
