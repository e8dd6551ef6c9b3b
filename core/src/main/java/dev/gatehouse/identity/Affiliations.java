package dev.gatehouse.identity;

import dev.gatehouse.engine.Call;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

    /** What an organization demands of a sign-in; nothing if there is no such organization. */
    SignInPolicy policy(Call call, String organizationId);

    /**
     * An invitation that somebody holds the token of.
     *
     * @param email whom it was sent to
     * @param organizationId what it leads into; null for the application alone
     * @param organizationName its name; null without one
     * @param inviter who invites, as people call him; null if it is not told
     * @param mailed whether the token is the one that only the mailbox got, which proves to read it
     */
    record Invited(
            String id,
            String email,
            @Nullable String organizationId,
            @Nullable String organizationName,
            @Nullable String inviter,
            boolean mailed) {}

    /**
     * The invitation of a token, if it can be accepted now.
     *
     * @throws dev.gatehouse.api.ApiException 400 {@code invitation_invalid}, whose message says why
     */
    Invited invited(Call call, String token);

    /** Whether somebody with this address may accept it (contract/behaviour/04 §4.11). */
    boolean fits(Invited invited, String email);

    /**
     * Accepts an invitation for a user, whom the caller holds: once.
     *
     * @throws dev.gatehouse.api.ApiException 400 {@code invitation_invalid}
     */
    void accept(Call call, String invitationId, User user);

    /**
     * What a JWT template may say of a user's place in an organization, by its roots and as the REST API shows them; empty
     * without a membership (contract/behaviour/03 §3.9).
     */
    Map<String, Object> described(Call call, String userId, String organizationId);

    /** Removes what ties a user to organizations, before the user goes. */
    void forget(Call call, String userId);
}
