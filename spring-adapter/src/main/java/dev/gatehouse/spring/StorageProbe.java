package dev.gatehouse.spring;

import dev.gatehouse.Gatehouse;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether an instance can do its work now, and which one it is; for health and info of either Spring Boot. */
final class StorageProbe {
    private final Gatehouse gatehouse;

    StorageProbe(Gatehouse gatehouse) {
        this.gatehouse = gatehouse;
    }

    /** Why nothing can be read; null if it can. */
    @Nullable
    RuntimeException failure() {
        try {
            gatehouse.environments().all();
            return null;
        } catch (RuntimeException e) {
            return e;
        }
    }

    Map<String, Object> details() {
        return Map.of(
                "environment",
                gatehouse.environment().name(),
                "production",
                gatehouse.environment().production());
    }
}
