/** Puts Gatehouse in front of a Jakarta Servlet application: {@link dev.gatehouse.servlet.GatehouseFilter}. */
@NullMarked
package dev.gatehouse.servlet;

import org.jspecify.annotations.NullMarked;
