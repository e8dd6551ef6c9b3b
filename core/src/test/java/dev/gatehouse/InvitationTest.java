package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.Rest.Reply;
import dev.gatehouse.api.Answer;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.organizations.Invitation;
import dev.gatehouse.organizations.NewInvitation;
import dev.gatehouse.spi.Mailer.Mail;
import dev.gatehouse.store.MemoryStorage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Invitations: every state over REST, and on the page. */
class InvitationTest {
    private static final String PATH = "/user_management/invitations";
    private static final String ADA = "ada@acme.example";
    private static final Pattern LINK =
            Pattern.compile("http://localhost:8080(/auth/invitation\\?invitation_token=[A-Za-z0-9]+)");

    private final List<Mail> mails = new CopyOnWriteArrayList<>();
    private final Rest rest = new Rest(
            new MemoryStorage(),
            LocalKeyring.random(),
            new SteerableClock(),
            builder -> builder.mailer(mails::add).executor(Runnable::run).set(Setting.SIGN_UP, "false"));

    @AfterEach
    void close() {
        rest.close();
    }

    private Reply invite(String email, String organization) {
        return rest.made(
                PATH,
                "{\"email\":\"%s\",\"organization_id\":\"%s\",\"role_slug\":\"admin\"}".formatted(email, organization));
    }

    private void verified(String email) {
        rest.made(
                "/user_management/users",
                "{\"email\":\"%s\",\"password\":\"%s\",\"email_verified\":true}".formatted(email, Rest.PASSWORD));
    }

    private Reply password(String email, String token) {
        return rest.post(
                "/user_management/authenticate", """
                {"grant_type":"password","client_id":"%s","client_secret":"%s","email":"%s","password":"%s",
                "invitation_token":"%s"}""".formatted(Rest.CLIENT, Rest.KEY, email, Rest.PASSWORD, token));
    }

    private String link() {
        Matcher matcher = LINK.matcher(mails.get(mails.size() - 1).text());
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    @Test
    @DisplayName("P34 an invitation is accepted once, with a sign-in, and brings membership and role")
    void acceptedWithASignIn() {
        verified(ADA);
        String acme = rest.organization("Acme");
        Reply invited = invite(ADA, acme);
        assertThat(invited.text("/state")).isEqualTo("pending");
        assertThat(invited.text("/accept_invitation_url")).endsWith("?invitation_token=" + invited.text("/token"));
        assertThat(rest.get("/user_management/organization_memberships?statuses=pending&organization_id=" + acme)
                        .text("/data/0/status"))
                .isEqualTo("pending");
        assertThat(rest.signIn(ADA).json().path("organization_id").isNull()
                        || rest.signIn(ADA).json().path("organization_id").isMissingNode())
                .as("a pending membership opens nothing")
                .isTrue();

        Reply in = password(ADA, invited.text("/token"));
        assertThat(in.status()).as(in.json().toString()).isEqualTo(200);
        assertThat(in.text("/organization_id")).isEqualTo(acme);
        Reply after = rest.get(PATH + "/" + invited.text("/id"));
        assertThat(after.text("/state")).isEqualTo("accepted");
        assertThat(after.text("/accepted_user_id")).isEqualTo(in.text("/user/id"));
        assertThat(rest.get("/user_management/organization_memberships?organization_id=" + acme)
                        .text("/data/0/role/slug"))
                .isEqualTo("admin");
        Reply again = password(ADA, invited.text("/token"));
        assertThat(again.status()).isEqualTo(400);
        assertThat(again.text("/error")).isEqualTo("invitation_invalid");
        assertThat(rest.events("invitation.created,invitation.accepted")).isEqualTo(2);
        assertThat(rest.get("/events?events=invitation.created").json().toString())
                .doesNotContain(invited.text("/token"));
    }

    @ParameterizedTest
    @CsvSource({
        "ada@acme.example, ada@acme.example, true",
        "ada@acme.example, ADA@Acme.Example, true",
        "ada@acme.example, bob@acme.example, true",
        "ada@acme.example, bob@evil.example, false",
        "ada@gmail.com, bob@gmail.com, false",
        "ada@acme.example, ada@sub.acme.example, false"
    })
    @DisplayName("P34 who may accept: the address, or a colleague at the same company")
    void whoMayAccept(String invited, String other, boolean fits) {
        verified(other);
        String token = invite(invited, rest.organization("Acme")).text("/token");
        Reply in = password(other, token);
        assertThat(in.status()).as(in.json().toString()).isEqualTo(fits ? 200 : 400);
        if (!fits) {
            assertThat(in.text("/error")).isEqualTo("invitation_cannot_be_used_for_email");
            assertThat(rest.get(PATH).text("/data/0/state")).isEqualTo("pending");
        }
    }

    @Test
    @DisplayName("P34 revoked, expired, of a deleted organization: no token opens anything")
    void ended() {
        verified(ADA);
        String acme = rest.organization("Acme");
        Reply revoked = invite(ADA, acme);
        assertThat(rest.made(PATH + "/" + revoked.text("/id") + "/revoke", "").text("/state"))
                .isEqualTo("revoked");
        assertThat(rest.get("/user_management/organization_memberships?statuses=pending&organization_id=" + acme)
                        .json()
                        .at("/data"))
                .as("the reserved place is gone")
                .isEmpty();
        assertThat(password(ADA, revoked.text("/token")).text("/error")).isEqualTo("invitation_invalid");
        assertThat(rest.post(PATH + "/" + revoked.text("/id") + "/revoke", "").text("/code"))
                .isEqualTo("invite_not_pending");
        assertThat(rest.post(PATH + "/" + revoked.text("/id") + "/resend", "").text("/code"))
                .isEqualTo("invite_revoked");

        Reply late = invite(ADA, acme);
        assertThat(rest.post(PATH, "{\"email\":\"%s\",\"organization_id\":\"%s\"}".formatted(ADA, acme))
                        .text("/code"))
                .isEqualTo("email_already_invited_to_organization");
        rest.clock.pass(Duration.ofDays(7));
        assertThat(rest.get(PATH + "/" + late.text("/id")).text("/state")).isEqualTo("expired");
        assertThat(password(ADA, late.text("/token")).text("/error")).isEqualTo("invitation_invalid");
        assertThat(rest.post(PATH + "/" + late.text("/id") + "/accept", "").text("/code"))
                .isEqualTo("invite_not_pending");
        assertThat(rest.post(PATH + "/" + late.text("/id") + "/resend", "").text("/code"))
                .isEqualTo("invite_expired");

        Reply last = invite(ADA, acme);
        assertThat(rest.call("DELETE", "/organizations/" + acme, "").status()).isEqualTo(202);
        assertThat(password(ADA, last.text("/token")).text("/error")).isEqualTo("invitation_invalid");
        assertThat(rest.get(PATH + "/" + last.text("/id")).text("/state")).isEqualTo("revoked");
    }

    @Test
    void theApplicationAcceptsForTheUser() {
        String acme = rest.organization("Acme");
        String id = invite(ADA, acme).text("/id");
        assertThat(rest.post(PATH + "/" + id + "/accept", "").text("/code")).isEqualTo("invalid_invite");
        verified(ADA);
        assertThat(rest.made(PATH + "/" + id + "/accept", "").text("/state")).isEqualTo("accepted");
        assertThat(rest.post(PATH + "/" + id + "/accept", "").text("/code")).isEqualTo("invite_has_accepted_user_id");
        assertThat(rest.signIn(ADA).text("/organization_id")).isEqualTo(acme);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"email\":\"new@acme.example\",\"expires_in_days\":0} | expires_in_days_too_short",
                "{\"email\":\"new@acme.example\",\"expires_in_days\":31} | expires_in_days_too_long",
                "{\"email\":\"new@acme.example\",\"role_slug\":\"admin\"} | invalid_role",
                "{\"email\":\"known@acme.example\"} | user_already_exists",
                "{\"email\":\"invited@acme.example\"} | email_already_invited",
                "{\"email\":\"nobody\"} | invalid_request_parameters",
                "{} | invalid_request_parameters"
            })
    void refusals(String body, String code) {
        verified("known@acme.example");
        assertThat(rest.post(PATH, "{\"email\":\"invited@acme.example\"}").status())
                .isEqualTo(201);
        int before = rest.events("invitation.created");
        assertThat(rest.post(PATH, body).text("/code")).isEqualTo(code);
        assertThat(rest.events("invitation.created")).isEqualTo(before);
    }

    @Test
    void theMailedLinkMakesAnAccountWhereNobodyElseMay() {
        String acme = rest.organization("Acme");
        Reply invited = invite(ADA, acme);
        Browser browser = new Browser(rest.gatehouse);
        Answer page = browser.get(Browser.location(browser.get(link())));
        assertThat(page.text()).contains("Join Acme on").contains(ADA);
        String flow = Browser.flowOf(page.text().replaceAll("(?s).*(/auth/sign-up\\?flow=[^\"]+).*", "$1"));
        Answer in = browser.post("/auth/sign-up", Map.of("flow", flow, "email", ADA, "password", Rest.PASSWORD));
        assertThat(Browser.location(in))
                .as("the link proved the mailbox: no code is asked for")
                .isEqualTo("/");
        assertThat(rest.get(PATH + "/" + invited.text("/id")).text("/state")).isEqualTo("accepted");
        assertThat(rest.get("/user_management/users?email=" + ADA)
                        .json()
                        .at("/data/0/email_verified")
                        .asBoolean())
                .isTrue();
        assertThat(browser.get(link()).status()).as("used up").isEqualTo(400);
    }

    @Test
    @DisplayName("P34 the token that the inviter reads proves no mailbox: a code is asked for")
    void theInvitersTokenProvesNothing() {
        Reply invited = invite(ADA, rest.organization("Acme"));
        Browser browser = new Browser(rest.gatehouse);
        String begun = Browser.location(browser.get("/auth/invitation?invitation_token=" + invited.text("/token")));
        Answer in = browser.post(
                "/auth/sign-up", Map.of("flow", Browser.flowOf(begun), "email", ADA, "password", Rest.PASSWORD));
        assertThat(Browser.location(in)).startsWith("/auth/verify-email?");
        assertThat(rest.get(PATH + "/" + invited.text("/id")).text("/state")).isEqualTo("pending");
    }

    @Test
    @DisplayName("F05 whoever is signed in joins by a form, not by opening the link")
    void joining() {
        verified(ADA);
        String acme = rest.organization("Acme");
        Browser browser = new Browser(rest.gatehouse);
        browser.signIn(ADA, Rest.PASSWORD);
        Reply invited = invite(ADA, acme);
        Answer page = browser.get(Browser.location(browser.get(link())));
        assertThat(page.text()).contains("Join as " + ADA);
        assertThat(rest.get(PATH + "/" + invited.text("/id")).text("/state")).isEqualTo("pending");
        Map<String, String> form = Map.of("flow", Browser.hidden(page, "flow"), "csrf", Browser.hidden(page, "csrf"));
        Map<String, String> forged = Map.of("flow", Browser.hidden(page, "flow"), "csrf", "x");
        assertThat(browser.post("/auth/invitation", forged).status()).isEqualTo(400);
        assertThat(Browser.location(browser.post("/auth/invitation", form))).isEqualTo("/");
        assertThat(rest.get(PATH + "/" + invited.text("/id")).text("/state")).isEqualTo("accepted");
        assertThat(browser.post("/auth/invitation", form).status()).as("once").isEqualTo(400);
    }

    @Test
    void theJavaApiSaysTheSame() {
        String acme = rest.organization("Acme");
        verified("boss@acme.example");
        String boss = rest.get("/user_management/users?email=boss@acme.example").text("/data/0/id");
        Invitation sent = rest.gatehouse
                .invitations()
                .send(NewInvitation.of(ADA)
                        .to(acme, "admin")
                        .from(boss)
                        .within(2)
                        .in("de"));
        assertThat(mails.get(mails.size() - 1).subject()).contains("lädt Sie");
        assertThat(rest.gatehouse.invitations().ofOrganization(acme)).hasSize(1);
        assertThat(rest.gatehouse.invitations().acceptUrl(sent)).contains("invitation_token=");
        rest.clock.pass(Duration.ofDays(1));
        assertThat(rest.gatehouse.invitations().resend(sent.id()).expiresAt()).isAfter(sent.expiresAt());
        verified(ADA);
        assertThat(rest.gatehouse.invitations().accept(sent.id()).acceptedUserId())
                .isNotNull();
        assertThatThrownBy(() -> rest.gatehouse.invitations().revoke(sent.id())).isInstanceOf(ApiException.class);
    }
}
