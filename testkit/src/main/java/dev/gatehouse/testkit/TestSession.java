package dev.gatehouse.testkit;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.identity.NewUser;
import dev.gatehouse.identity.SignedIn;
import dev.gatehouse.identity.Source;
import dev.gatehouse.identity.User;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who is signed in, for tests of what comes after a sign-in: a real session of a real user, without the pages.
 *
 * <pre>{@code
 * TestSession ada = TestSession.of(gatehouse, "ada@example.com");
 * HttpRequest request = HttpRequest.newBuilder(page).header("Cookie", ada.header()).build();
 * }</pre>
 *
 * @param who as the application sees the request's principal
 * @param cookieName name of the session cookie
 * @param cookie its value
 */
public record TestSession(SignedIn who, String cookieName, String cookie) {

    /** Signs in a user, who is made if nobody has the address. */
    public static TestSession of(Gatehouse gatehouse, String email) {
        return of(gatehouse, email, null, null);
    }

    /**
     * Signs in a user with an organization selected; one who is no member joins it.
     *
     * @param role slug of the role to join with; null for the default. A membership that is there already keeps its own
     * @throws dev.gatehouse.api.ApiException 404 if there is no such organization; 422 for an unknown role; 403 if the policy
     *     of the organization does not allow {@code external-auth}
     */
    public static TestSession of(
            Gatehouse gatehouse, String email, @Nullable String organizationId, @Nullable String role) {
        User user = gatehouse
                .users()
                .findByEmail(email)
                .orElseGet(() -> gatehouse.users().create(NewUser.of(email).verified()));
        boolean member = organizationId == null
                || gatehouse.organizations().ofUser(user.id()).stream()
                        .anyMatch(each -> each.organizationId().equals(organizationId));
        if (!member) {
            gatehouse.organizations().addMember(Objects.requireNonNull(organizationId), user.id(), role);
        }
        String env = gatehouse.environment().id();
        String name = gatehouse.pages().sessionCookie();
        String session =
                gatehouse.sessions().begin(env, gatehouse.clientId(), user.id(), organizationId, Source.UNKNOWN);
        String cookie = gatehouse.sessions().seal(env, name, session);
        SignedIn who = gatehouse.sessions().byCookie(env, name, cookie);
        return new TestSession(Objects.requireNonNull(who, "the session has just begun"), name, cookie);
    }

    /** The cookie as a request's {@code Cookie} header spells it. */
    public String header() {
        return cookieName + "=" + cookie;
    }

    /** The user's id: a cookie is no text for logs. */
    @Override
    public String toString() {
        return who.toString();
    }
}
