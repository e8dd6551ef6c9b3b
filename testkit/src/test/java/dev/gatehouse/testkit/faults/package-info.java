/**
 * Two nodes, one database, and what goes wrong between them: {@code bin/faults}. It lies among the tests since it is no part of the
 * test kit, and is compiled with them so that it cannot fall behind.
 */
package dev.gatehouse.testkit.faults;
