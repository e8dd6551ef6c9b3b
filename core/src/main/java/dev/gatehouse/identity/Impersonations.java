package dev.gatehouse.identity;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.config.Config;
import dev.gatehouse.config.Setting;
import dev.gatehouse.engine.Actor;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.environments.Environments;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets an operator act as a user, to see what the user sees (contract/behaviour/04 §4.14). Only the operators of the
 * setting {@code impersonation-operators} may, and nobody may act as one of them (ATTACKS C16). It lasts an hour, is said
 * by session, token, events and every hosted page, and on the hosted pages nothing can be changed meanwhile.
 */
public final class Impersonations {
    private static final int MOST_REASON = 500;

    private final Engine engine;
    private final String env;
    private final String clientId;
    private final SignIn signIn;
    private final Affiliations affiliations;
    private final Environments environments;
    private final List<String> operators;
    private final String page;

    Impersonations(
            Engine engine,
            String env,
            String clientId,
            SignIn signIn,
            Affiliations affiliations,
            Environments environments,
            Config config) {
        this.engine = engine;
        this.env = env;
        this.clientId = clientId;
        this.signIn = signIn;
        this.affiliations = affiliations;
        this.environments = environments;
        this.operators = config.get(Setting.IMPERSONATION_OPERATORS).stream()
                .map(Email::fold)
                .toList();
        this.page = config.get(Setting.ORIGIN) + config.get(Setting.PAGES_PATH) + "/impersonate";
    }

    /**
     * A link to the hosted page that makes its bearer act as the user in this application: once, within ten minutes. Give
     * it to nobody but the operator.
     *
     * @param by who, and why
     * @param organizationId organization to act in; null if the user has one at most
     * @throws ApiException 403 {@code impersonation_not_allowed}; 404 if there is no such user; 422 without a reason, or
     *     without an organization where the user has several
     */
    public String link(String userId, Impersonator by, @Nullable String organizationId) {
        String code = code(userId, by, new Authorization(clientId, page, null, null, organizationId, null));
        return Redirects.location(page, Map.of("code", code), null);
    }

    /**
     * A link to an application that signs in by authorization code: its {@code authenticate} then answers with the {@code
     * impersonator}. Once, within ten minutes.
     *
     * @param redirectUri one that the environment allows
     * @throws ApiException as {@link #link}; 422 for a redirect URI that is not allowed
     */
    public String redirect(String userId, Impersonator by, @Nullable String organizationId, String redirectUri) {
        if (!engine.run(env, Actor.SYSTEM, call -> environments.allowsRedirect(call, redirectUri))) {
            throw ApiException.invalid(
                    "redirect_uri", "invalid_redirect_uri", "The redirect URI is not one of the environment's.");
        }
        String code = code(userId, by, new Authorization(clientId, redirectUri, null, null, organizationId, null));
        return Redirects.location(redirectUri, Map.of("code", code), null);
    }

    private String code(String userId, Impersonator by, Authorization request) {
        String reason = by.reason().strip();
        if (reason.isEmpty() || reason.length() > MOST_REASON) {
            throw ApiException.invalid(
                    "reason", "reason_required", "A reason of at most " + MOST_REASON + " characters is required.");
        }
        if (!operators.contains(Email.fold(by.email()))) {
            throw notAllowed("'" + by.email() + "' is not one of impersonation-operators.");
        }
        return engine.run(env, Actor.SYSTEM, call -> {
            User user = call.need(User.TYPE, userId);
            if (request.organizationId() == null
                    && affiliations.active(call, userId).size() > 1) {
                throw ApiException.invalid(
                        "organization_id", "organization_id_required", "The user has several organizations: name one.");
            }
            if (operators.contains(Email.fold(user.email()))) {
                throw notAllowed("Nobody may act as an operator.");
            }
            return code(call, user, new Impersonator(by.email(), reason), request);
        });
    }

    private String code(Call call, User user, Impersonator by, Authorization request) {
        Proof proof = new Proof(Sessions.Method.IMPERSONATION, false, by, null, null);
        return signIn.code(call, proof, user, request, request.organizationId(), Source.UNKNOWN);
    }

    private static ApiException notAllowed(String why) {
        return ApiException.of(403, "impersonation_not_allowed", why);
    }
}
