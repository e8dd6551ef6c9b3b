/**
 * Gatehouse: sign-in, sessions, organizations and the rest of what an enterprise asks for, inside a servlet application.
 *
 * <p>Begin with {@link dev.gatehouse.Gatehouse#builder()}, or let {@code dev.gatehouse.servlet.GatehouseFilter} do it from
 * {@code web.xml}. Application code calls {@link dev.gatehouse.Gatehouse#users()} and
 * {@link dev.gatehouse.Gatehouse#organizations()}; existing WorkOS SDKs call the same engine over HTTP, once the setting
 * {@code api-path} mounts it.
 *
 * <p>Packages: {@code config} settings; {@code spi} what a host may replace; {@code api} what an adapter sees;
 * {@code identity}, {@code organizations}, {@code environments}, {@code events} the areas; {@code pages} the hosted pages.
 * {@code engine}, {@code store} and {@code crypto} are internal.
 */
@NullMarked
package dev.gatehouse;

import org.jspecify.annotations.NullMarked;
