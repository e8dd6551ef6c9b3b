package dev.gatehouse.identity;

import dev.gatehouse.engine.Call;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What identity must know of feature flags, which build upon it. */
public interface FeatureFlags {
    /** Slugs of the flags that are on for a user in an organization; they go into the access token. */
    List<String> on(Call call, String userId, @Nullable String organizationId);

    /** Forgets what flags are for a user or organization that goes. */
    void forget(Call call, String subjectId);
}
