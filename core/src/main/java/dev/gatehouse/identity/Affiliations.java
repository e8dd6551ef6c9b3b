package dev.gatehouse.identity;

import dev.gatehouse.engine.Call;
import java.util.List;
import java.util.Optional;

/** What identity must know of organizations, which build upon it. */
public interface Affiliations {
    /**
     * An organization that a user may choose.
     *
     * @param id organization
     * @param name its name
     */
    record Choice(String id, String name) {}

    /**
     * What a user is in an organization; goes into the access token.
     *
     * @param roles slugs, highest priority first
     * @param permissions slugs, possibly none
     */
    record Standing(List<String> roles, List<String> permissions) {
        public Standing {
            roles = List.copyOf(roles);
            permissions = List.copyOf(permissions);
        }
    }

    /** The organizations in which the user's membership is active, oldest membership first. */
    List<Choice> active(Call call, String userId);

    /** What the user is in this organization; empty unless the membership is active. */
    Optional<Standing> standing(Call call, String userId, String organizationId);

    /** Removes what ties a user to organizations, before the user goes. */
    void forget(Call call, String userId);
}
