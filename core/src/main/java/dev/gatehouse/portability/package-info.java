/**
 * Taking users and organizations in and out: files of JSON Lines or CSV, with password hashes. Named for what people ask for, data
 * portability (GDPR Art. 20).
 */
@NullMarked
package dev.gatehouse.portability;

import org.jspecify.annotations.NullMarked;
