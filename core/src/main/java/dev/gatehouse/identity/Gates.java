package dev.gatehouse.identity;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.crypto.Digest;
import dev.gatehouse.crypto.RandomTokens;
import dev.gatehouse.engine.Call;
import dev.gatehouse.factors.Factor;
import dev.gatehouse.factors.Factors;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What still stands between a proved credential and a session, in one order for every way in (contract/behaviour/02
 * §2.4): a proved address, a second factor, an organization.
 */
final class Gates {
    private static final Duration PENDING = Duration.ofMinutes(10);

    private final Sessions sessions;
    private final Affiliations affiliations;
    private final MailCodes codes;
    private final RandomTokens random;
    private final boolean verifiedOnly;
    private final Factors factors;
    private final SecondFactorPolicy policy;

    /** @param verifiedOnly whether an address must be proved before the first session */
    Gates(
            Sessions sessions,
            Affiliations affiliations,
            MailCodes codes,
            Factors factors,
            RandomTokens random,
            boolean verifiedOnly,
            SecondFactorPolicy policy) {
        this.factors = factors;
        this.policy = policy;
        this.sessions = sessions;
        this.affiliations = affiliations;
        this.codes = codes;
        this.random = random;
        this.verifiedOnly = verifiedOnly;
    }

    /**
     * How far a sign-in has come.
     *
     * @param method the credential that was proved first; the session keeps it
     * @param organizationId asked for; null for none in particular
     * @param secondFactor whether one was proved
     */
    record Progress(
            String clientId,
            Sessions.Method method,
            @Nullable String organizationId,
            boolean secondFactor) {
        /** A first credential was proved. */
        static Progress first(String clientId, Sessions.Method method, @Nullable String organizationId) {
            return new Progress(clientId, method, organizationId, false);
        }

        Progress in(String organization) {
            return new Progress(clientId, method, organization, secondFactor);
        }

        Progress withSecondFactor() {
            return new Progress(clientId, method, organizationId, true);
        }
    }

    /** The next step for a user who is held by the caller. */
    Step next(Call call, User user, Progress at, Source source) {
        if (verifiedOnly && !user.emailVerified()) {
            return new Step.VerifyEmail(pending(call, user, at), user, verification(call, user));
        }
        List<Factor> proved = factors.ofUser(call, user.id()).stream()
                .filter(Factor::verified)
                .toList();
        switch (policy.decide(proved, at.secondFactor).demand()) {
            case ENROLL -> {
                return new Step.EnrollFactor(pending(call, user, at), user);
            }
            case PROVE -> {
                return new Step.SecondFactor(pending(call, user, at), user, proved);
            }
            case NONE -> {
                // on to the organization
            }
        }
        if (at.organizationId != null) {
            if (affiliations.standing(call, user.id(), at.organizationId).isEmpty()) {
                throw ApiException.oauth(
                        400,
                        "organization_membership_not_found",
                        "The user is not an active member of that organization.");
            }
            return finish(call, user, at, at.organizationId, source);
        }
        List<Affiliations.Choice> choices = affiliations.active(call, user.id());
        if (choices.size() > 1) {
            return new Step.ChooseOrganization(pending(call, user, at), user, choices);
        }
        return finish(call, user, at, choices.isEmpty() ? null : choices.get(0).id(), source);
    }

    private Step finish(Call call, User user, Progress at, @Nullable String organizationId, Source source) {
        return new Step.Finished(sessions.start(call, user, at.clientId, at.method, organizationId, source));
    }

    /** The code that proves the address: a new one, unless a good one was made a moment ago (who retries is no spammer). */
    private String verification(Call call, User user) {
        MailCode last = MailCodes.newest(call, MailCode.Purpose.EMAIL_VERIFICATION, user.id());
        boolean good = last != null
                && last.usable(call.now())
                && last.email().equals(user.email())
                && last.createdAt().plusSeconds(60).isAfter(call.now());
        return good && last != null
                ? last.id()
                : codes.issue(call, MailCode.Purpose.EMAIL_VERIFICATION, user, user.email())
                        .id();
    }

    private String pending(Call call, User user, Progress at) {
        String token = random.base62(43);
        call.create(
                PendingAuthentication.TYPE,
                new PendingAuthentication(
                        call.newId(PendingAuthentication.TYPE),
                        Digest.of("pending_authentication", token),
                        at.clientId,
                        user.id(),
                        at.method.name(),
                        at.organizationId,
                        at.secondFactor,
                        call.now().plus(PENDING),
                        call.now(),
                        call.now()));
        return token;
    }

    /**
     * The sign-in that a token continues.
     *
     * @throws ApiException 400 {@code invalid_pending_authentication_token}
     */
    static PendingAuthentication pending(Call call, String clientId, String token) {
        return call.findBy(PendingAuthentication.TYPE, "digest", Digest.of("pending_authentication", token))
                .filter(p -> p.clientId().equals(clientId) && call.now().isBefore(p.expiresAt()))
                .orElseThrow(Gates::noPending);
    }

    /** Whose sign-in it is, held. */
    static User user(Call call, PendingAuthentication pending) {
        return call.hold(User.TYPE, pending.userId()).orElseThrow(Gates::noPending);
    }

    /** Spends a token; of two that do so at once one is refused. */
    static void take(Call call, PendingAuthentication pending) {
        if (call.take(PendingAuthentication.TYPE, pending.id()).isEmpty()) {
            throw noPending();
        }
    }

    private static ApiException noPending() {
        return ApiException.of(
                        400,
                        "invalid_pending_authentication_token",
                        "The pending authentication token is invalid or has expired.")
                .in(ApiException.Dialect.MANAGEMENT);
    }
}
