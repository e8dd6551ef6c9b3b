package dev.gatehouse.spring;

import dev.gatehouse.Gatehouse;

/**
 * A bean of this type has the last word on how the {@link Gatehouse} of the application is built. What it sets wins over
 * properties and over what was found in the application context. Several are called in their {@code @Order}.
 */
@FunctionalInterface
public interface GatehouseBuilderCustomizer {
    /** Called once, before the instance is built. */
    void customize(Gatehouse.Builder builder);
}
