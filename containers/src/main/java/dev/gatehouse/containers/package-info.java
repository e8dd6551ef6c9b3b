/** One application in every servlet container that Gatehouse is said to work in; all of it is tests. */
package dev.gatehouse.containers;
