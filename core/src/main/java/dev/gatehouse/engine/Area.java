package dev.gatehouse.engine;

import java.util.List;

/** A part of the product: what it stores and what it answers. */
public interface Area {
    /** Resources that the database's owner may query. */
    default List<EntityType<?>> types() {
        return List.of();
    }

    /** Adds its operations. */
    default void routes(Routes r) {}

    /** Makes what every environment begins with. */
    default void begin(Call environment) {}
}
