package dev.gatehouse.flags;

import dev.gatehouse.engine.Call;
import dev.gatehouse.identity.User;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * For whom a flag is on: for nobody while it is disabled; else as the user's target says, or the organization's, or the
 * roll-out, or the default.
 */
final class Evaluation {
    private static final int MOST_FLAGS = 1_000;

    private Evaluation() {}

    /** Flags that are on for a user in an organization, by slug; either may be null. */
    static List<Flag> on(Call call, @Nullable String userId, @Nullable String organizationId) {
        List<Flag> enabled = enabled(call);
        return enabled.isEmpty() ? enabled : on(call, enabled, userId, targets(call, userId), organizationId);
    }

    /** Flags that are on for a user alone or in any of its organizations: first those that are on for it alone. */
    static List<Flag> anywhere(Call call, User user) {
        List<Flag> enabled = enabled(call);
        if (enabled.isEmpty()) {
            return enabled;
        }
        Map<String, Boolean> ofUser = targets(call, user.id());
        Set<Flag> on = new LinkedHashSet<>(on(call, enabled, user.id(), ofUser, null));
        user.organizationIds().forEach(organization -> on.addAll(on(call, enabled, user.id(), ofUser, organization)));
        return List.copyOf(on);
    }

    private static List<Flag> enabled(Call call) {
        return call.page(
                Flag.TYPE, Map.of("enabled", Set.of("true")), null, new Call.Window(null, null, false, MOST_FLAGS));
    }

    private static List<Flag> on(
            Call call,
            List<Flag> enabled,
            @Nullable String userId,
            Map<String, Boolean> ofUser,
            @Nullable String organizationId) {
        Map<String, Boolean> ofOrganization = targets(call, organizationId);
        List<Flag> on = new ArrayList<>();
        for (Flag flag : enabled) {
            Boolean said = ofUser.getOrDefault(flag.id(), ofOrganization.get(flag.id()));
            if (said == null ? usually(flag, userId, organizationId) : said) {
                on.add(flag);
            }
        }
        on.sort(Comparator.comparing(Flag::slug));
        return on;
    }

    private static Map<String, Boolean> targets(Call call, @Nullable String subjectId) {
        Map<String, Boolean> said = new HashMap<>();
        if (subjectId != null) {
            call.each(Target.TYPE, "subject_id", subjectId, target -> said.put(target.flagId(), target.enabled()));
        }
        return said;
    }

    static boolean isOn(Call call, Flag flag, @Nullable String userId, @Nullable String organizationId) {
        return flag.enabled()
                && Stream.of(userId, organizationId)
                        .filter(Objects::nonNull)
                        .flatMap(subject -> call.findBy(Target.TYPE, "pair", flag.id() + " " + subject).stream())
                        .findFirst()
                        .map(Target::enabled)
                        .orElseGet(() -> usually(flag, userId, organizationId));
    }

    private static boolean usually(Flag flag, @Nullable String userId, @Nullable String organizationId) {
        Rollout rollout = flag.rollout();
        String drawn = rollout == null ? null : rollout.by() == Rollout.By.USER ? userId : organizationId;
        return (rollout != null && drawn != null && rollout.holds(flag.id(), drawn)) || flag.defaultValue();
    }
}
