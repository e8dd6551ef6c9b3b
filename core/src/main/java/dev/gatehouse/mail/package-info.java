@org.jspecify.annotations.NullMarked
package dev.gatehouse.mail;
