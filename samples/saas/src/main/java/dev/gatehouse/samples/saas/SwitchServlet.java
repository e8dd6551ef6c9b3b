package dev.gatehouse.samples.saas;

import dev.gatehouse.identity.SignedIn;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;

/** Selects another organization in the running session, for people who are in several. */
final class SwitchServlet extends PageServlet {
    private static final long serialVersionUID = 1L;

    SwitchServlet(Waybill app) {
        super(app);
    }

    @Override
    void show(HttpServletRequest request, HttpServletResponse response, List<String> path) {
        to(response, "/");
    }

    @Override
    void act(HttpServletRequest request, HttpServletResponse response, List<String> path) {
        SignedIn me = (SignedIn) request.getUserPrincipal();
        // Gatehouse looks whether this person is a member, and whether the sign-in is enough for the other's policy
        if (!app.gatehouse().sessions().choose(me.environmentId(), me, field(request, "organization_id"))) {
            throw new Refused(
                    403,
                    "You are no member of that organization, or it asks for another way to sign in: sign out, and sign in that way.");
        }
        to(response, "/");
    }
}
