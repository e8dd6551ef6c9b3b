package dev.gatehouse.flags;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import java.time.Instant;

/**
 * What a flag is for one user or organization.
 *
 * @param subjectId {@code user_…} or {@code org_…}
 * @param enabled whether it is on for it
 */
record Target(String id, String flagId, String subjectId, boolean enabled, Instant createdAt, Instant updatedAt)
        implements Entity {
    static final EntityType<Target> TYPE = EntityType.of("feature_flag_target", "flag_target", Target.class)
            .unique("pair", t -> t.flagId + " " + t.subjectId, t -> ApiException.of(409, "conflict", "It is a target."))
            .lookup("flag_id", Target::flagId)
            .lookup("subject_id", Target::subjectId);
}
