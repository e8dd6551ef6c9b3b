package dev.gatehouse.organizations;

import dev.gatehouse.engine.Actor;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.engine.Field;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Groups of the organizations of one environment. Emits the same events as over REST. */
public final class Groups {
    private final Engine engine;
    private final String env;
    private final GroupOperations operations;

    Groups(Engine engine, String env, GroupOperations operations) {
        this.engine = engine;
        this.env = env;
        this.operations = operations;
    }

    /**
     * Makes a group.
     *
     * @param description may be null
     * @throws dev.gatehouse.api.ApiException 404 if there is no such organization; 422 for a name that is blank or longer than
     *     256 characters, or a description longer than 150
     */
    public Group create(String organizationId, String name, @Nullable String description) {
        GroupOperations.Create input = engine.checked(new GroupOperations.Create(name, description));
        return run(call -> operations.create(new GroupOperations.InOrganization(input, organizationId), call));
    }

    /**
     * Gives a group another name and description.
     *
     * @throws dev.gatehouse.api.ApiException 404 if there is no such group; 422 as {@link #create}
     */
    public Group rename(String groupId, String name, @Nullable String description) {
        GroupOperations.Update input = engine.checked(new GroupOperations.Update(name, Field.of(description)));
        return run(call -> operations.update(call.need(Group.TYPE, groupId), input, call));
    }

    /** Groups of an organization, oldest first. */
    public List<Group> list(String organizationId) {
        return run(call -> call.all(Group.TYPE, "organization_id", organizationId));
    }

    /** Groups that a membership is in, oldest first. */
    public List<Group> ofMember(String membershipId) {
        return run(call -> GroupOperations.ofMembership(call, membershipId));
    }

    /**
     * Adds a member of the group's organization; harmless if it is in the group.
     *
     * @throws dev.gatehouse.api.ApiException 404 if either is unknown; 400 {@code group_membership_limit_exceeded} if the
     *     membership is in a hundred groups
     */
    public void add(String groupId, String membershipId) {
        run(call -> {
            operations.add(call, call.need(Group.TYPE, groupId), membershipId);
            return true;
        });
    }

    /**
     * Removes a member from the group; harmless if it is not in it.
     *
     * @throws dev.gatehouse.api.ApiException 404 if either is unknown
     */
    public void remove(String groupId, String membershipId) {
        run(call -> {
            operations.remove(call, call.need(Group.TYPE, groupId), membershipId);
            return true;
        });
    }

    /**
     * Deletes a group with what was granted to it.
     *
     * @throws dev.gatehouse.api.ApiException 404 if there is no such group
     */
    public void delete(String groupId) {
        run(call -> {
            operations.delete(call.need(Group.TYPE, groupId), call);
            return true;
        });
    }

    private <T> T run(Function<Call, T> step) {
        return engine.run(env, Actor.SYSTEM, step);
    }
}
