/**
 * Gatehouse within Spring Security: who is signed in is the {@code Authentication} of a {@code SecurityFilterChain} that has
 * {@link dev.gatehouse.spring.security.GatehouseConfigurer#gatehouse()}.
 */
@NullMarked
package dev.gatehouse.spring.security;

import org.jspecify.annotations.NullMarked;
