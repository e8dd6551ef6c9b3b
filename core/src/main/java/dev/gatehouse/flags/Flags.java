package dev.gatehouse.flags;

import dev.gatehouse.engine.Actor;
import dev.gatehouse.engine.Area;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.engine.EntityType;
import dev.gatehouse.engine.Routes;
import dev.gatehouse.identity.FeatureFlags;
import dev.gatehouse.identity.SignedIn;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Feature flags of one environment. Emits the same events as over REST. */
public final class Flags implements Area {
    private final Engine engine;
    private final String env;

    private Flags(Engine engine, String env) {
        this.engine = engine;
        this.env = env;
    }

    /** Puts the area together; it works in an environment once {@link #in} names one. */
    public static Flags of(Engine engine) {
        return new Flags(engine, "");
    }

    /** The same operations in another environment. */
    public Flags in(String other) {
        return new Flags(engine, other);
    }

    @Override
    public List<EntityType<?>> types() {
        return List.of(Flag.TYPE, Target.TYPE);
    }

    @Override
    public void routes(Routes r) {
        FlagOperations.routes(r);
    }

    /** What tokens must know of flags. */
    public static FeatureFlags features() {
        return new FeatureFlags() {
            @Override
            public List<String> on(Call call, String userId, @Nullable String organizationId) {
                return Evaluation.on(call, userId, organizationId).stream()
                        .map(Flag::slug)
                        .toList();
            }

            @Override
            public void forget(Call call, String subjectId) {
                FlagOperations.forget(call, subjectId);
            }
        };
    }

    /**
     * Makes a flag.
     *
     * @throws dev.gatehouse.api.ApiException 409 {@code feature_flag_slug_conflict}; 422 for a slug or name that is none
     */
    public Flag create(NewFlag flag) {
        var input = engine.checked(new FlagOperations.Create(
                flag.slug(),
                flag.name(),
                flag.description(),
                null,
                flag.tags(),
                flag.enabled(),
                flag.defaultValue(),
                null));
        return run(call -> FlagOperations.create(input, call));
    }

    /** The flag of this slug. */
    public Optional<Flag> find(String slug) {
        return run(call -> call.findBy(Flag.TYPE, "slug", slug));
    }

    /**
     * Switches a flag on or off for everybody; targets and roll-out stay.
     *
     * @throws dev.gatehouse.api.ApiException 404
     */
    public Flag enable(String slug, boolean on) {
        return run(call -> FlagOperations.enable(call, held(call, slug), on));
    }

    /**
     * Switches a flag on for some of a hundred first; null ends the roll-out.
     *
     * @throws dev.gatehouse.api.ApiException 404
     */
    public Flag rollOut(String slug, @Nullable Rollout rollout) {
        return run(call -> FlagOperations.rollOut(call, held(call, slug), rollout));
    }

    /**
     * Says what a flag is for one user or organization, whatever the roll-out and the default say.
     *
     * @throws dev.gatehouse.api.ApiException 404 if one of them is unknown; 400 {@code invalid_resource_id_format}
     */
    public void target(String slug, String userOrOrganizationId, boolean on) {
        run(call -> {
            FlagOperations.target(call, held(call, slug), userOrOrganizationId, on);
            return true;
        });
    }

    /**
     * Takes back what {@link #target} said.
     *
     * @throws dev.gatehouse.api.ApiException as the other
     */
    public void untarget(String slug, String userOrOrganizationId) {
        run(call -> {
            FlagOperations.untarget(call, held(call, slug), userOrOrganizationId);
            return true;
        });
    }

    /**
     * Deletes a flag with its targets; it is off for everybody then.
     *
     * @throws dev.gatehouse.api.ApiException 404
     */
    public void delete(String slug) {
        run(call -> {
            FlagOperations.delete(held(call, slug), call);
            return true;
        });
    }

    /** Whether a flag is on for who is signed in; false if there is no such flag. */
    public boolean isOn(String slug, SignedIn who) {
        return isOn(slug, who.user().id(), who.organizationId());
    }

    /** Whether a flag is on for a user, in an organization or without one; false if there is no such flag. */
    public boolean isOn(String slug, @Nullable String userId, @Nullable String organizationId) {
        return run(call -> call.findBy(Flag.TYPE, "slug", slug)
                .filter(flag -> Evaluation.isOn(call, flag, userId, organizationId))
                .isPresent());
    }

    /** Slugs of the flags that are on for a user, in an organization or without one. */
    public List<String> on(@Nullable String userId, @Nullable String organizationId) {
        return run(call -> Evaluation.on(call, userId, organizationId).stream()
                .map(Flag::slug)
                .toList());
    }

    private static Flag held(Call call, String slug) {
        return call.need(Flag.TYPE, FlagOperations.get(call, slug).id());
    }

    private <T> T run(Function<Call, T> step) {
        return engine.run(env, Actor.SYSTEM, step);
    }
}
