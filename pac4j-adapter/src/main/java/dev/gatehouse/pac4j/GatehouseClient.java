package dev.gatehouse.pac4j;

import dev.gatehouse.identity.Authenticated;
import dev.gatehouse.identity.SignedIn;
import dev.gatehouse.servlet.GatehouseFilter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pac4j.core.client.DirectClient;
import org.pac4j.core.context.CallContext;
import org.pac4j.core.credentials.Credentials;
import org.pac4j.core.profile.CommonProfile;
import org.pac4j.core.profile.UserProfile;
import org.pac4j.core.profile.definition.CommonProfileDefinition;

/**
 * Whoever the {@link GatehouseFilter} found signed in, as a pac4j profile. The filter must be in front of pac4j's. The profile is
 * made anew for each request and kept in no session, so that a session that ended here has ended there.
 *
 * <p>The profile's id is that of the user ({@code user_…}), or of a customer's API key; its roles are those in the selected
 * organization. Besides the usual attributes ({@code email}, {@code first_name}, {@code family_name}, {@code display_name}) it
 * has {@value #ORGANIZATION}, {@value #PERMISSIONS} and {@value #SESSION}.
 */
public final class GatehouseClient extends DirectClient {
    /** Attribute: id of the selected organization; absent without one. */
    public static final String ORGANIZATION = "organization_id";

    /** Attribute: slugs of what may be done there, as a list of texts. */
    public static final String PERMISSIONS = "permissions";

    /** Attribute: id of the session; absent for an API key. */
    public static final String SESSION = "session_id";

    /** A client of the name {@code GatehouseClient}. */
    public GatehouseClient() {
        setSaveProfileInSession(false);
    }

    /** What the filter found, on its way through pac4j; never stored. */
    private static final class Found extends Credentials {
        private static final long serialVersionUID = 1L;

        private final transient Authenticated who;

        Found(Authenticated who) {
            this.who = who;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Found that && who.equals(that.who);
        }

        @Override
        public int hashCode() {
            return who.hashCode();
        }

        @Override
        public String toString() {
            return who.getName();
        }
    }

    @Override
    protected void internalInit(boolean again) {
        setCredentialsExtractorIfUndefined(GatehouseClient::found);
        setAuthenticatorIfUndefined((context, credentials) -> Optional.of(credentials));
        setProfileCreatorIfUndefined((context, credentials) ->
                credentials instanceof Found found ? Optional.of(profile(found.who)) : Optional.empty());
    }

    private static Optional<Credentials> found(CallContext context) {
        Optional<?> who = context.webContext().getRequestAttribute(GatehouseFilter.SIGNED_IN);
        return who.filter(Authenticated.class::isInstance).map(found -> new Found((Authenticated) found));
    }

    private static UserProfile profile(Authenticated who) {
        CommonProfile profile = new CommonProfile();
        profile.setId(who.getName());
        profile.setRoles(new LinkedHashSet<>(who.roles()));
        profile.addAttribute(PERMISSIONS, List.copyOf(who.permissions()));
        add(profile, ORGANIZATION, who.organizationId());
        if (who instanceof SignedIn person) {
            add(profile, CommonProfileDefinition.EMAIL, person.user().email());
            add(profile, CommonProfileDefinition.FIRST_NAME, person.user().firstName());
            add(profile, CommonProfileDefinition.FAMILY_NAME, person.user().lastName());
            add(profile, CommonProfileDefinition.DISPLAY_NAME, person.user().displayName());
            add(profile, SESSION, person.sessionId());
        }
        return profile;
    }

    private static void add(CommonProfile profile, String name, @Nullable String value) {
        if (value != null) {
            profile.addAttribute(name, value);
        }
    }
}
