/**
 * Will put Gatehouse into Spring Boot and Spring Security. There is nothing here yet: until then a Spring application
 * registers {@link dev.gatehouse.servlet.GatehouseFilter} as a filter bean, as {@code docs/servlet.md} shows without
 * {@code web.xml}.
 */
@NullMarked
package dev.gatehouse.spring;

import org.jspecify.annotations.NullMarked;
