package dev.gatehouse.organizations;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.config.Config;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.Envelope;
import dev.gatehouse.crypto.RandomTokens;
import dev.gatehouse.engine.Actor;
import dev.gatehouse.engine.Area;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.engine.EntityType;
import dev.gatehouse.engine.Required;
import dev.gatehouse.engine.Routes;
import dev.gatehouse.engine.Routes.Nothing;
import dev.gatehouse.identity.Email;
import dev.gatehouse.identity.User;
import dev.gatehouse.mail.Mails;
import dev.gatehouse.mail.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Invitations of one environment: what the REST API does and what the host application may do itself. */
public final class Invitations implements Area {
    private static final int DAYS = 7;
    private static final int MOST_DAYS = 30;
    private static final int SENDS = 3;
    private static final Duration SENDS_WINDOW = Duration.ofSeconds(60);
    private static final int PROOF = 22;

    private final Engine engine;
    private final String env;
    private final Envelope envelope;
    private final RandomTokens random;
    private final Mails mails;
    private final String page;
    private final Joining joining;
    private final Acceptance acceptance;
    private final EntityType<Invitation> shown =
            Invitation.declare().view(Invitation.View.class, (i, call) -> view(i, call));

    private Invitations(
            Engine engine,
            String env,
            Envelope envelope,
            RandomTokens random,
            Mails mails,
            String page,
            Joining joining) {
        this.engine = engine;
        this.env = env;
        this.envelope = envelope;
        this.random = random;
        this.mails = mails;
        this.page = page;
        this.joining = joining;
        this.acceptance = new Acceptance(joining);
    }

    /** Puts the area together; it works in an environment once {@link #in} names one. */
    public static Invitations of(
            Engine engine, Envelope envelope, RandomTokens random, Mails mails, Config config, RoleBook roles) {
        String page = config.get(Setting.INVITATION_URL)
                .orElse(config.get(Setting.ORIGIN) + config.get(Setting.PAGES_PATH) + "/invitation");
        return new Invitations(engine, "", envelope, random, mails, page, new Joining(roles));
    }

    /** The same operations in another environment. */
    public Invitations in(String other) {
        return new Invitations(engine, other, envelope, random, mails, page, joining);
    }

    record Create(
            @Required String email,
            @Nullable String organizationId,
            @Nullable Integer expiresInDays,
            @Nullable String inviterUserId,
            @Nullable String roleSlug,
            @Nullable String locale) {}

    record Resend(@Nullable String locale) {}

    @Override
    public void routes(Routes r) {
        String path = "/user_management/invitations";
        r.list("GET " + path, shown, "organization_id", "email").alias("GET /invitations");
        r.create("POST " + path, shown, Create.class, this::create).alias("POST /invitations");
        r.get("GET " + path + "/{id}", shown).alias("GET /invitations/{id}");
        r.action(
                        "GET " + path + "/by_token/{token}",
                        Nothing.class,
                        Invitation.View.class,
                        (in, flow) -> flow.run(call -> {
                            String token = flow.variable("token");
                            Invitation found = Acceptance.find(call, token)
                                    .orElseThrow(() -> ApiException.notFound("Invitation", token));
                            return view(found, call);
                        }))
                .permission("invitation:read");
        r.transition("POST " + path + "/{id}/accept", shown, this::accept).alias("POST /invitations/{id}/accept");
        r.transition("POST " + path + "/{id}/revoke", shown, this::revoke).alias("POST /invitations/{id}/revoke");
        r.update(
                "POST " + path + "/{id}/resend",
                shown,
                Resend.class,
                (invitation, in, call) -> resend(invitation, in.locale, call));
    }

    private Invitation create(Create in, Call call) {
        if (!Email.valid(in.email)) {
            throw ApiException.invalid("email", "invalid_email", "Email is not a valid e-mail address.");
        }
        int days = in.expiresInDays == null ? DAYS : in.expiresInDays;
        if (days < 1) {
            throw ApiException.of(400, "expires_in_days_too_short", "An invitation lasts a day at least.");
        }
        if (days > MOST_DAYS) {
            throw ApiException.of(
                    400, "expires_in_days_too_long", "An invitation lasts " + MOST_DAYS + " days at most.");
        }
        User inviter = in.inviterUserId == null ? null : call.get(User.TYPE, in.inviterUserId);
        User known = call.holdBy(User.TYPE, "email", in.email).orElse(null);
        List<String> roles = place(call, in, known);
        release(call, in.email, in.organizationId);
        String id = call.newId(Invitation.TYPE);
        String token = random.base62(Invitation.TOKEN);
        String proof = random.base62(PROOF);
        Invitation made = call.create(
                Invitation.TYPE,
                new Invitation(
                        id,
                        in.email,
                        "pending",
                        in.organizationId,
                        roles.isEmpty() ? null : roles.get(0),
                        inviter == null ? null : inviter.id(),
                        null,
                        language(in.locale),
                        Invitation.digestOf(token),
                        envelope.sealText(Invitation.KIND, id, token),
                        mails.enabled() ? Invitation.digestOfMailed(proof) : null,
                        call.now().plus(Duration.ofDays(days)),
                        null,
                        null,
                        call.now(),
                        call.now()));
        call.emit("invitation.created", made.told(call.now()));
        mail(call, made, token + proof, made.locale());
        return made;
    }

    /** Checks where the invitation leads, and reserves the place of somebody who has an account; the role there. */
    private List<String> place(Call call, Create in, @Nullable User known) {
        if (in.organizationId == null) {
            if (in.roleSlug != null) {
                throw ApiException.of(400, "invalid_role", "A role needs an organization_id.");
            }
            if (known != null) {
                throw ApiException.of(400, "user_already_exists", "A user with this email exists already.");
            }
            return List.of();
        }
        Organization organization = call.need(Organization.TYPE, in.organizationId);
        List<String> roles = role(call, organization, in.roleSlug);
        Membership membership = known == null
                ? null
                : Membership.find(call, known.id(), organization.id()).orElse(null);
        if (membership != null && membership.status().equals("active")) {
            throw ApiException.of(
                    400, "user_already_organization_member", "The user is a member of this organization already.");
        }
        if (known != null && membership == null) {
            joining.join(call, known, organization, roles, "pending");
        }
        return roles;
    }

    private List<String> role(Call call, Organization organization, @Nullable String slug) {
        try {
            return joining.chosen(call, organization.id(), slug, null);
        } catch (ApiException e) {
            throw ApiException.of(400, "invalid_role", e.text());
        }
    }

    /** An expired invitation keeps nobody from being invited again. */
    private static void release(Call call, String email, @Nullable String organizationId) {
        call.holdBy(Invitation.TYPE, "open", Invitation.pair(email, organizationId))
                .ifPresent(open -> {
                    if (open.state(call.now()).equals("pending")) {
                        throw Invitation.taken(open);
                    }
                    call.updateSilently(Invitation.TYPE, open.id(), Invitation::expired);
                });
    }

    private static @Nullable String language(@Nullable String locale) {
        return locale == null || !locale.matches("[A-Za-z]{2,3}([_-][A-Za-z0-9]{2,8}){0,3}") ? null : locale;
    }

    private void mail(Call call, Invitation invitation, String mailed, @Nullable String locale) {
        Map<String, String> values = new HashMap<>();
        values.put("url", url(mailed));
        values.put(
                "minutes",
                Long.toString(Math.max(
                        1, Duration.between(call.now(), invitation.expiresAt()).toMinutes())));
        if (invitation.inviterUserId() != null) {
            call.find(User.TYPE, invitation.inviterUserId())
                    .ifPresent(inviter -> values.put("inviter", inviter.displayName()));
        }
        if (invitation.organizationId() != null) {
            values.put(
                    "organization",
                    call.get(Organization.TYPE, invitation.organizationId()).name());
        }
        mails.queue(
                call, new Message(Message.Kind.INVITATION, invitation.email(), locale, values, invitation.expiresAt()));
    }

    /** The application vouches that the invited person accepts: the account with that address joins. */
    private Invitation accept(Invitation invitation, Call call) {
        if (invitation.acceptedUserId() != null) {
            throw ApiException.of(400, "invite_has_accepted_user_id", "Invite has been accepted by a user.");
        }
        if (!invitation.state(call.now()).equals("pending")) {
            throw ApiException.of(400, "invite_not_pending", "Invite is not pending.");
        }
        User user = call.holdBy(User.TYPE, "email", invitation.email())
                .orElseThrow(() -> ApiException.of(400, "invalid_invite", "Nobody has the address of this invite."));
        return acceptance.accept(call, invitation.id(), user);
    }

    private Invitation revoke(Invitation invitation, Call call) {
        if (!invitation.state(call.now()).equals("pending")) {
            throw ApiException.of(400, "invite_not_pending", "Invite is not pending.");
        }
        String organizationId = invitation.organizationId();
        if (organizationId != null) {
            call.holdBy(User.TYPE, "email", invitation.email())
                    .flatMap(user -> Membership.find(call, user.id(), organizationId))
                    .filter(membership -> membership.status().equals("pending"))
                    .ifPresent(membership -> joining.leave(call, membership));
        }
        return Acceptance.revoke(call, invitation);
    }

    private Invitation resend(Invitation invitation, @Nullable String locale, Call call) {
        switch (invitation.state(call.now())) {
            case "expired" -> throw ApiException.of(400, "invite_expired", "Invite has expired.");
            case "revoked" -> throw ApiException.of(400, "invite_revoked", "Invite has been revoked.");
            case "accepted" -> throw ApiException.of(400, "invite_accepted", "Invite has already been accepted.");
            default -> {
                // pending
            }
        }
        call.limit("invitation:" + invitation.id(), SENDS, SENDS_WINDOW);
        String proof = random.base62(PROOF);
        Duration life = Duration.between(invitation.createdAt(), invitation.expiresAt());
        Invitation again = call.update(
                Invitation.TYPE,
                invitation.id(),
                i -> i.mailed(
                        mails.enabled() ? Invitation.digestOfMailed(proof) : null,
                        later(i.expiresAt(), call.now().plus(shortest(life)))));
        call.emit("invitation.resent", again.told(call.now()));
        String language = language(locale);
        mail(call, again, token(again) + proof, language == null ? again.locale() : language);
        return again;
    }

    private static Duration shortest(Duration life) {
        return life.compareTo(Duration.ofDays(MOST_DAYS)) > 0 ? Duration.ofDays(MOST_DAYS) : life;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private String token(Invitation invitation) {
        return envelope.openText(Invitation.KIND, invitation.id(), invitation.sealed())
                .orElseThrow(() -> ApiException.of(404, "not_found", "The token cannot be read any more."));
    }

    private String url(String token) {
        return page + (page.indexOf('?') < 0 ? "?" : "&") + "invitation_token=" + token;
    }

    private Invitation.View view(Invitation invitation, Call call) {
        String token = token(invitation);
        return invitation.view(call.now(), token, url(token));
    }

    /**
     * Invites somebody: emits {@code invitation.created} and sends the mail, unless mails are off.
     *
     * @throws ApiException 400 {@code email_already_invited}, {@code email_already_invited_to_organization}, {@code
     *     user_already_organization_member}, {@code user_already_exists}, {@code invalid_role}, {@code
     *     expires_in_days_too_short} or {@code expires_in_days_too_long}; 404 for an unknown organization or inviter; 422
     *     if it is no address
     */
    public Invitation send(NewInvitation invitation) {
        Create input = engine.checked(new Create(
                invitation.email(),
                invitation.organizationId(),
                invitation.days(),
                invitation.inviterUserId(),
                invitation.role(),
                invitation.locale()));
        return run(call -> create(input, call));
    }

    /** The invitation with this id. */
    public Optional<Invitation> find(String id) {
        return run(call -> call.find(Invitation.TYPE, id));
    }

    /** Invitations to an organization in any state, oldest first. */
    public List<Invitation> ofOrganization(String organizationId) {
        return run(call -> call.all(Invitation.TYPE, "organization_id", organizationId));
    }

    /**
     * Sends the mail of an open invitation again, which then lasts as long as it did at first; the link of the earlier
     * mail still works, but does not prove the mailbox any more.
     *
     * @throws ApiException 404; 400 {@code invite_expired}, {@code invite_revoked} or {@code invite_accepted}; 429
     */
    public Invitation resend(String id) {
        return run(call -> resend(call.need(Invitation.TYPE, id), null, call));
    }

    /**
     * Withdraws an open invitation.
     *
     * @throws ApiException 404; 400 {@code invite_not_pending}
     */
    public Invitation revoke(String id) {
        return run(call -> revoke(call.need(Invitation.TYPE, id), call));
    }

    /**
     * Accepts on behalf of the user who has the invitation's address: your application vouches for that.
     *
     * @throws ApiException 404; 400 {@code invite_not_pending}, {@code invalid_invite} if nobody has the address, {@code
     *     invite_has_accepted_user_id}
     */
    public Invitation accept(String id) {
        return run(call -> accept(call.need(Invitation.TYPE, id), call));
    }

    /** Where the invited person accepts, for an application that sends its mails itself. */
    public String acceptUrl(Invitation invitation) {
        return url(token(invitation));
    }

    private <T> T run(Function<Call, T> step) {
        return engine.run(env, Actor.SYSTEM, step);
    }
}
