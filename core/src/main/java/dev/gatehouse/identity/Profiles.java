package dev.gatehouse.identity;

import dev.gatehouse.engine.Call;
import java.util.List;
import java.util.Optional;

/** What identity must know of profiles at identity providers, which build upon it. */
public interface Profiles {
    /**
     * A provider that people may choose, as a button.
     *
     * @param connectionId what it leads to
     * @param title name of the provider, which is not translated
     * @param icon word for its sign: {@code google}, {@code key}
     */
    record Button(String connectionId, String title, String icon) {}

    /** Connections of an organization through which somebody can sign in now, oldest first. */
    List<Button> ofOrganization(Call call, String organizationId);

    /**
     * Ties a profile to the user whom it proved, with the membership that comes with it; harmless to repeat.
     *
     * @param user held by the caller
     * @throws dev.gatehouse.api.ApiException 403 {@code profile_not_allowed_outside_organization}
     */
    void link(Call call, String profileId, User user);

    /** Tokens of the provider that the latest sign-in with a profile brought, once; empty for none. */
    Optional<OauthTokens> takeTokens(Call call, String profileId);

    /** The organization goes; so do its connections. */
    void forgetOrganization(Call call, String organizationId);

    /** The user goes; so does what providers said of the person. */
    void forget(Call call, String userId);
}
