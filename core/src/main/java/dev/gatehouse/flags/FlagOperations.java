package dev.gatehouse.flags;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import dev.gatehouse.engine.Field;
import dev.gatehouse.engine.Limit;
import dev.gatehouse.engine.OneOf;
import dev.gatehouse.engine.Required;
import dev.gatehouse.engine.Routes;
import dev.gatehouse.engine.Routes.Nothing;
import dev.gatehouse.identity.User;
import dev.gatehouse.organizations.Organization;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The operations on feature flags. */
final class FlagOperations {
    private static final Pattern SLUG = Pattern.compile("[a-z0-9][a-z0-9_.-]{0,99}");

    private FlagOperations() {}

    record OwnerIn(
            @Required String email,
            @Nullable String firstName,
            @Nullable String lastName) {}

    record Create(
            @Required @Limit(100) String slug,
            @Required @Limit(100) String name,
            @Limit(500) @Nullable String description,
            @Nullable OwnerIn owner,
            @Nullable List<String> tags,
            @Nullable Boolean enabled,
            @Nullable Boolean defaultValue,
            @Nullable RolloutIn rollout) {}

    record RolloutIn(
            @Required Integer percent,
            @OneOf({"user", "organization"}) @Nullable String by) {}

    record Update(
            @Limit(100) @Nullable String name,
            @Limit(500) Field<String> description,
            Field<OwnerIn> owner,
            @Nullable List<String> tags,
            @Nullable Boolean enabled,
            @Nullable Boolean defaultValue,
            Field<RolloutIn> rollout) {}

    record TargetIn(@Required String resourceId, @Nullable Boolean enabled) {}

    record Subject(String id, boolean enabled) {}

    record Subjects(List<Subject> users, List<Subject> organizations) {}

    record Polled(String slug, boolean enabled, boolean defaultValue, Subjects targets) {}

    static void routes(Routes r) {
        String one = "/feature-flags/{slug}";
        r.list("GET /feature-flags", Flag.TYPE);
        r.get("GET " + one, Flag.TYPE);
        r.create("POST /feature-flags", Flag.TYPE, Create.class, FlagOperations::create);
        r.update("PUT " + one, Flag.TYPE, Update.class, FlagOperations::update);
        r.delete("DELETE " + one, Flag.TYPE, FlagOperations::delete);
        r.transition("PUT " + one + "/enable", Flag.TYPE, (flag, call) -> enable(call, flag, true));
        r.transition("PUT " + one + "/disable", Flag.TYPE, (flag, call) -> enable(call, flag, false));
        targets(r, one);
        r.page("GET /organizations/{organizationId}/feature-flags", Flag.TYPE, (flow, call, window) -> {
            Organization organization = call.get(Organization.TYPE, flow.variable("organizationId"));
            return window.of(Evaluation.on(call, null, organization.id()));
        });
        r.page("GET /user_management/users/{userId}/feature-flags", Flag.TYPE, (flow, call, window) -> {
            User user = call.get(User.TYPE, flow.variable("userId"));
            return window.of(Evaluation.anywhere(call, user));
        });
        r.action("GET /sdk/feature-flags", Nothing.class, null, (in, flow) -> flow.run(FlagOperations::polled))
                .permission("feature_flag:read");
    }

    private static void targets(Routes r, String one) {
        r.edge("POST " + one + "/targets/{resourceId}", Flag.TYPE, "slug", Nothing.class, (flag, in, flow, call) -> {
                    target(call, flag, flow.variable("resourceId"), true);
                    return flag;
                })
                .status(204);
        r.edge("DELETE " + one + "/targets/{resourceId}", Flag.TYPE, "slug", Nothing.class, (flag, in, flow, call) -> {
                    untarget(call, flag, flow.variable("resourceId"));
                    return flag;
                })
                .status(204);
        r.edge("POST /feature_flags/{slug}/targets", Flag.TYPE, "slug", TargetIn.class, (flag, in, flow, call) -> {
                    target(call, flag, in.resourceId, !Boolean.FALSE.equals(in.enabled));
                    return flag;
                })
                .status(204);
    }

    static Flag create(Create in, Call call) {
        if (!SLUG.matcher(in.slug).matches()) {
            throw ApiException.invalid(
                    "slug",
                    "invalid_slug",
                    "A slug has lower-case letters, digits and -_. only, and begins with a letter or digit.");
        }
        Flag flag = call.create(
                Flag.TYPE,
                new Flag(
                        call.newId(Flag.TYPE),
                        in.slug,
                        in.name,
                        in.description,
                        owner(in.owner),
                        in.tags == null ? List.of() : in.tags,
                        Boolean.TRUE.equals(in.enabled),
                        Boolean.TRUE.equals(in.defaultValue),
                        rollout(in.rollout),
                        call.now(),
                        call.now()));
        call.emit("flag.created", flag.told(call.env()));
        return flag;
    }

    private static Flag.@Nullable Owner owner(@Nullable OwnerIn in) {
        return in == null ? null : new Flag.Owner(in.email, in.firstName, in.lastName);
    }

    private static @Nullable Rollout rollout(@Nullable RolloutIn in) {
        if (in == null) {
            return null;
        }
        String by = in.by == null ? "user" : in.by;
        if (in.percent < 0
                || in.percent > 100
                || !Set.of("user", "organization").contains(by)) {
            throw ApiException.invalid(
                    "rollout", "invalid_rollout", "percent is 0 to 100, and by is user or organization.");
        }
        return new Rollout(in.percent, Rollout.By.of(by));
    }

    static Flag update(Flag flag, Update in, Call call) {
        Flag changed = call.update(
                Flag.TYPE,
                flag.id(),
                f -> new Flag(
                        f.id(),
                        f.slug(),
                        in.name == null || in.name.isBlank() ? f.name() : in.name,
                        in.description.or(f.description()),
                        in.owner.present() ? owner(in.owner.value()) : f.owner(),
                        in.tags == null ? f.tags() : in.tags,
                        in.enabled == null ? f.enabled() : in.enabled,
                        in.defaultValue == null ? f.defaultValue() : in.defaultValue,
                        in.rollout.present() ? rollout(in.rollout.value()) : f.rollout(),
                        f.createdAt(),
                        f.updatedAt()));
        return told(call, flag, changed);
    }

    static Flag enable(Call call, Flag flag, boolean on) {
        return told(call, flag, call.update(Flag.TYPE, flag.id(), f -> f.with(on, f.rollout(), f.updatedAt())));
    }

    static Flag rollOut(Call call, Flag flag, @Nullable Rollout rollout) {
        return told(call, flag, call.update(Flag.TYPE, flag.id(), f -> f.with(f.enabled(), rollout, f.updatedAt())));
    }

    /** One event for a change: of the rules, if they are all that changed. */
    private static Flag told(Call call, Flag before, Flag after) {
        if (!after.equals(before)) {
            boolean rules = after.equals(before.with(before.enabled(), after.rollout(), after.updatedAt()));
            call.emit(rules ? "flag.rule_updated" : "flag.updated", after.told(call.env()));
        }
        return after;
    }

    static void delete(Flag flag, Call call) {
        call.each(Target.TYPE, "flag_id", flag.id(), target -> call.delete(Target.TYPE, target));
        call.delete(Flag.TYPE, flag);
        call.emit("flag.deleted", flag.told(call.env()));
    }

    /** Says what a flag is for a user or organization. */
    static void target(Call call, Flag flag, String subjectId, boolean enabled) {
        exists(call, subjectId);
        Optional<Target> known = call.findBy(Target.TYPE, "pair", flag.id() + " " + subjectId);
        if (known.isPresent() && known.get().enabled() == enabled) {
            return;
        }
        if (known.isPresent()) {
            call.update(
                    Target.TYPE,
                    known.get().id(),
                    t -> new Target(t.id(), t.flagId(), t.subjectId(), enabled, t.createdAt(), t.updatedAt()));
        } else {
            call.create(
                    Target.TYPE,
                    new Target(call.newId(Target.TYPE), flag.id(), subjectId, enabled, call.now(), call.now()));
        }
        call.emit("flag.rule_updated", flag.told(call.env()));
    }

    static void untarget(Call call, Flag flag, String subjectId) {
        exists(call, subjectId);
        call.findBy(Target.TYPE, "pair", flag.id() + " " + subjectId).ifPresent(target -> {
            call.delete(Target.TYPE, target);
            call.emit("flag.rule_updated", flag.told(call.env()));
        });
    }

    private static void exists(Call call, String subjectId) {
        EntityType<? extends Entity> type =
                subjectId.startsWith("user_") ? User.TYPE : subjectId.startsWith("org_") ? Organization.TYPE : null;
        if (type == null) {
            throw ApiException.of(
                    400, "invalid_resource_id_format", "A target is a user (user_…) or an organization (org_…).");
        }
        call.need(type, subjectId);
    }

    /** Everything that the vendor's Node SDK needs to evaluate by itself; roll-outs it does not know. */
    private static Map<String, Polled> polled(Call call) {
        Map<String, Polled> all = new LinkedHashMap<>();
        List<Flag> flags = call.page(Flag.TYPE, Map.of(), null, new Call.Window(null, null, false, 1_000));
        call.prefetchAll(Target.TYPE, "flag_id", flags.stream().map(Flag::id).toList(), Target::flagId);
        for (Flag flag : flags) {
            Subjects subjects = new Subjects(new ArrayList<>(), new ArrayList<>());
            for (Target target : call.all(Target.TYPE, "flag_id", flag.id())) {
                boolean user = target.subjectId().startsWith("user_");
                (user ? subjects.users : subjects.organizations).add(new Subject(target.subjectId(), target.enabled()));
            }
            all.put(flag.slug(), new Polled(flag.slug(), flag.enabled(), flag.defaultValue(), subjects));
        }
        return all;
    }

    /** Forgets what flags are for a user or organization that goes. */
    static void forget(Call call, String subjectId) {
        call.all(Target.TYPE, "subject_id", subjectId).forEach(target -> call.delete(Target.TYPE, target));
    }

    static Flag get(Call call, String slug) {
        return call.findBy(Flag.TYPE, "slug", slug).orElseThrow(() -> ApiException.notFound(Flag.TYPE.title(), slug));
    }
}
