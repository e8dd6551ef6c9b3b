package dev.gatehouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.gatehouse.Gatehouse;
import dev.gatehouse.api.Answer;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.spi.Storage;
import dev.gatehouse.store.MemoryStorage;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.logging.Level;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.commons.codec.binary.Base32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** With every logger of the process at its loudest, nothing is written that opens anything. */
@Timeout(300)
class NoSecretLoggedTest {
    private static final Pattern CODE = Pattern.compile("\\b([0-9]{3})[ \\u00a0]?([0-9]{3})\\b");

    private final LogCapture capture = new LogCapture();
    /** What must not be found, by what it is. */
    private final Map<String, String> secrets = new LinkedHashMap<>();

    private final GreenMail mail =
            new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP).setVerbose(false));

    @BeforeEach
    void start() {
        mail.start();
        secret("API key", Calls.KEY);
        secret("password", Calls.PASSWORD);
    }

    @AfterEach
    void stop() {
        mail.stop();
        capture.close();
    }

    private String secret(String what, String value) {
        assertThat(value).as(what).hasSizeGreaterThanOrEqualTo(6);
        secrets.put(what, value);
        return value;
    }

    private String secret(String what, JsonNode found) {
        return secret(what, found.asText());
    }

    private static List<String> holding(List<String> lines, String secret) {
        // six digits are a code only where no other digit stands beside them
        Pattern whole = secret.matches("[0-9]{6}")
                ? Pattern.compile("(?<![0-9A-Za-z.])" + secret + "(?![0-9A-Za-z])")
                : Pattern.compile(Pattern.quote(secret));
        return lines.stream()
                .filter(line -> whole.matcher(line).find())
                .map(line -> line.substring(0, Math.min(line.length(), 600)))
                .limit(3)
                .toList();
    }

    private void nothingWasLogged() {
        // but for the mail server's own, which plays the other side
        List<String> lines = capture.lines().stream()
                .filter(line -> !line.contains(" com.icegreen."))
                .toList();
        assertThat(lines).as("there was something to look at").hasSizeGreaterThan(200);
        Map<String, List<String>> found = new LinkedHashMap<>();
        secrets.forEach((what, value) -> {
            for (String spelling : List.of(
                    value,
                    Base64.getEncoder().encodeToString(value.getBytes(java.nio.charset.StandardCharsets.UTF_8)))) {
                List<String> where = holding(lines, spelling);
                if (!where.isEmpty()) {
                    found.put(what, where);
                }
            }
        });
        assertThat(found)
                .as(secrets.keySet() + " in " + lines.size() + " lines")
                .isEmpty();
    }

    @Test
    void whatIsPlantedIsFoundWhereverItStands() {
        List<String> planted = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            planted.add("planted-" + UUID.randomUUID());
        }
        org.slf4j.Logger log = LoggerFactory.getLogger("some.library");
        log.trace("a message with {}", planted.get(0));
        log.atDebug().addKeyValue("token", planted.get(1)).log("a pair");
        log.error("a failure", new IllegalStateException("outer", new IllegalArgumentException(planted.get(2))));
        java.util.logging.Logger other = java.util.logging.Logger.getLogger("another.library");
        other.log(Level.FINEST, "with {0}", planted.get(3));
        other.log(Level.FINE, "thrown", new IllegalStateException(planted.get(4)));
        log.info("unused argument", (Object) planted.get(5));
        org.slf4j.MDC.put("k", planted.get(6));
        log.debug("in a context");
        org.slf4j.MDC.remove("k");
        assertThat(planted)
                .allSatisfy(value -> assertThat(holding(capture.lines(), value)).hasSize(1));
        log.info("code 417920.");
        log.info("not codes: 14179205 x417920 0.417920");
        assertThat(holding(capture.lines(), "417920")).hasSize(1);
    }

    @Test
    @DisplayName(
            "sign-ups, sign-ins, codes, factors, keys and webhooks on PostgreSQL, then everything again while it is gone")
    void broadFlows() throws Exception {
        String schema = Postgres.schema();
        String rootKey = Base64.getEncoder()
                .encodeToString(UUID.randomUUID()
                        .toString()
                        .substring(0, 32)
                        .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        secret("root key", rootKey);
        try (Gatehouse gatehouse = Gatehouse.builder()
                        .set(Setting.API_KEY, Calls.KEY)
                        .set(Setting.CLIENT_ID, Calls.CLIENT)
                        .set(Setting.PASSWORD_HASH_MEMORY, "4096")
                        .set(Setting.PASSWORD_HASH_PASSES, "1")
                        .set(Setting.ROOT_KEYS, "k1:" + rootKey)
                        .set(Setting.JDBC_URL, Postgres.url(schema))
                        .set(Setting.JDBC_PASSWORD, secret("database password", "db-password-" + UUID.randomUUID()))
                        .set(Setting.SMTP_HOST, "127.0.0.1")
                        .set(Setting.SMTP_PORT, Integer.toString(mail.getSmtp().getPort()))
                        .set(Setting.SMTP_SECURITY, "none")
                        .set(Setting.MAIL_FROM, "no-reply@example.com")
                        .build();
                Loopback hook = new Loopback()) {
            String id = users(gatehouse);
            factors(gatehouse, id);
            keys(gatehouse, hook);
            pages(gatehouse);
            mail.stop();
            // and once more with nobody to take the mail
            Calls.post(gatehouse, "/user_management/magic_auth", "{\"email\":\"ada@example.com\"}");
            await().until(() -> capture.lines().stream().anyMatch(line -> line.contains("was not accepted")));
            Postgres.execute("drop schema " + schema + " cascade");
            assertThat(Calls.signIn(gatehouse, "ada@example.com").path("code").asText())
                    .isEqualTo("unavailable");
            for (Map.Entry<String, String> each : Map.copyOf(secrets).entrySet()) {
                String value = each.getValue();
                Calls.refresh(gatehouse, value);
                Calls.authenticate(gatehouse, "authorization_code", "\"code\":\"" + value + "\"");
                Calls.post(
                        gatehouse,
                        "/user_management/password_reset/confirm",
                        "{\"token\":\"%s\",\"new_password\":\"%s\"}".formatted(value, Calls.PASSWORD));
                Calls.post(gatehouse, "/api_keys/validations", "{\"value\":\"%s\"}".formatted(value));
                Calls.get(gatehouse, "/user_management/invitations/by_token/" + value, "");
                try {
                    gatehouse.sessions().byToken(gatehouse.environment().id(), Calls.CLIENT, value);
                } catch (Storage.StorageException e) {
                    // as the filter does
                    LoggerFactory.getLogger("host").error("failed", e);
                }
                PageBrowser browser = new PageBrowser(gatehouse);
                browser.get("/auth/reset-password?token=" + value);
                browser.get("/auth/invitation?token=" + value);
                browser.cookies.put("gatehouse_session", value);
                browser.get("/auth/account");
            }
            assertThat(capture.lines()).as("failures were logged").anyMatch(line -> line.contains("failed in storage"));
        }
        nothingWasLogged();
        assertThat(secrets).hasSizeGreaterThanOrEqualTo(20);
    }

    private static String verified(Gatehouse gatehouse, String email) {
        String body = "{\"email\":\"%s\",\"password\":\"%s\",\"email_verified\":true}";
        return Calls.post(gatehouse, "/user_management/users", body.formatted(email, Calls.PASSWORD))
                .path("id")
                .asText();
    }

    private String users(Gatehouse gatehouse) throws Exception {
        String id = verified(gatehouse, "ada@example.com");
        Calls.authenticate(
                gatehouse,
                "password",
                "\"email\":\"ada@example.com\",\"password\":\"" + secret("wrong password", "wrong-" + UUID.randomUUID())
                        + "\"");
        JsonNode in = Calls.signIn(gatehouse, "ada@example.com");
        secret("access token", in.path("access_token"));
        JsonNode next = Calls.refresh(gatehouse, secret("refresh token", in.path("refresh_token")));
        secret("next refresh token", next.path("refresh_token"));
        secret("next access token", next.path("access_token"));
        JsonNode magic = Calls.post(gatehouse, "/user_management/magic_auth", "{\"email\":\"ada@example.com\"}");
        secret("magic code", magic.path("code"));
        assertThat(mail.waitForIncomingEmail(20_000, 1)).isTrue();
        JsonNode byCode = Calls.authenticate(
                gatehouse,
                "urn:workos:oauth:grant-type:magic-auth:code",
                "\"email\":\"ada@example.com\",\"code\":\"" + magic.path("code").asText() + "\"");
        secret("token by code", byCode.path("refresh_token"));
        JsonNode reset = Calls.post(gatehouse, "/user_management/password_reset", "{\"email\":\"ada@example.com\"}");
        String token = secret("reset token", reset.path("password_reset_token"));
        assertThat(mail.waitForIncomingEmail(20_000, 2)).isTrue();
        Calls.post(
                gatehouse,
                "/user_management/password_reset/confirm",
                "{\"token\":\"%s\",\"new_password\":\"%s\"}"
                        .formatted(token, secret("new password", "violet-lamp-paperclip-42")));
        Calls.post(
                gatehouse,
                "/user_management/password_reset/confirm",
                "{\"token\":\"%s\",\"new_password\":\"%s\"}".formatted(token, "violet-lamp-paperclip-42"));
        secrets.put("new password", "violet-lamp-paperclip-42");
        JsonNode invitation =
                Calls.post(gatehouse, "/user_management/invitations", "{\"email\":\"grace@example.com\"}");
        secret("invitation token", invitation.path("token"));
        return id;
    }

    private void factors(Gatehouse gatehouse, String id) throws GeneralSecurityException {
        JsonNode made = Calls.post(gatehouse, "/user_management/users/" + id + "/auth_factors", "{\"type\":\"totp\"}");
        String totp = secret("TOTP secret", made.at("/authentication_factor/totp/secret"));
        String code = secret("TOTP code", totp(totp, Instant.now()));
        Calls.post(
                gatehouse,
                "/auth/challenges/" + made.at("/authentication_challenge/id").asText() + "/verify",
                "{\"code\":\"" + code + "\"}");
        JsonNode asked = Calls.authenticate(
                gatehouse, "password", "\"email\":\"ada@example.com\",\"password\":\"violet-lamp-paperclip-42\"");
        String pending = secret("pending token", asked.path("pending_authentication_token"));
        String challenge = Calls.post(
                        gatehouse,
                        "/auth/factors/" + made.at("/authentication_factor/id").asText() + "/challenge",
                        "{}")
                .path("id")
                .asText();
        for (String typed : List.of("000000", totp(totp, Instant.now().plusSeconds(30)))) {
            Calls.authenticate(
                    gatehouse,
                    "urn:workos:oauth:grant-type:mfa-totp",
                    "\"pending_authentication_token\":\"%s\",\"authentication_challenge_id\":\"%s\",\"code\":\"%s\""
                            .formatted(pending, challenge, typed));
        }
        Calls.post(
                gatehouse,
                "/user_management/users/" + id + "/auth_factors",
                "{\"type\":\"totp\",\"totp_secret\":\""
                        + secret("imported TOTP secret", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP") + "\"}");
    }

    private void keys(Gatehouse gatehouse, Loopback hook) {
        String acme = gatehouse.organizations().create("Acme").id();
        gatehouse.access().createPermission("invoice:read", "Read");
        String value = secret(
                "customer's key",
                gatehouse
                        .customerKeys()
                        .createForOrganization(acme, "CI", List.of("invoice:read"), null)
                        .value());
        Calls.post(gatehouse, "/api_keys/validations", "{\"value\":\"" + value + "\"}");
        gatehouse.customerKeys().holder(value);
        gatehouse.customerKeys().holder(value + "x");
        hook.at("/hook", exchange -> Loopback.send(exchange, 500, "text/plain", "no"));
        JsonNode endpoint = Calls.post(
                gatehouse,
                "/webhook_endpoints",
                "{\"endpoint_url\":\"" + hook.url() + "/hook\",\"events\":[\"user.created\"]}");
        secret("webhook secret", endpoint.path("secret"));
        Calls.user(gatehouse, "hooked@example.com");
        await().until(() -> capture.lines().stream()
                .anyMatch(line -> line.contains("webhook webhook_delivery") || line.contains("failed (500)")));
    }

    private void pages(Gatehouse gatehouse) {
        PageBrowser browser = new PageBrowser(gatehouse);
        Answer begun = browser.get("/auth/sign-up");
        String flow = PageBrowser.location(begun).replaceFirst(".*flow=", "");
        int before = mail.getReceivedMessages().length;
        Answer made = browser.post(
                "/auth/sign-up", Map.of("flow", flow, "email", "hugo@example.com", "password", Calls.PASSWORD));
        secret("sealed state of a page", flow);
        await().until(() -> mail.getReceivedMessages().length > before);
        String code = secret("code by mail", code(mail.getReceivedMessages()[mail.getReceivedMessages().length - 1]));
        Answer in = browser.post(
                "/auth/verify-email",
                Map.of("flow", PageBrowser.location(made).replaceFirst(".*flow=", ""), "code", code));
        assertThat(PageBrowser.location(in)).isEqualTo("/");
        secret("session cookie", browser.cookies.get("gatehouse_session"));
        assertThat(browser.get("/auth/account").status()).isEqualTo(200);
        browser.get("/auth/account/factor");
    }

    /** The code of an authenticator app (RFC 6238). */
    private static String totp(String secret, Instant now) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec(new Base32().decode(secret), "HmacSHA1"));
        byte[] hash = mac.doFinal(
                ByteBuffer.allocate(8).putLong(now.getEpochSecond() / 30).array());
        int at = hash[hash.length - 1] & 15;
        int number = ByteBuffer.wrap(hash, at, 4).getInt() & Integer.MAX_VALUE;
        return "%06d".formatted(number % 1_000_000);
    }

    private static String code(jakarta.mail.internet.MimeMessage message) {
        String text = com.icegreen.greenmail.util.GreenMailUtil.getBody(message);
        Matcher matcher = CODE.matcher(text);
        assertThat(matcher.find()).as(text).isTrue();
        return matcher.group(1) + matcher.group(2);
    }

    @Test
    void signInsThroughAProviderAndASmtpPasswordThatIsOfNoUse() throws Exception {
        try (OidcStage stage = new OidcStage();
                Gatehouse saml = SamlTenant.house(new MemoryStorage(), LocalKeyring.random(), new SteerableClock());
                Gatehouse mailing = Calls.builder(LocalKeyring.random())
                        .storage(new MemoryStorage())
                        .set(Setting.SMTP_HOST, "127.0.0.1")
                        .set(Setting.SMTP_PORT, Integer.toString(mail.getSmtp().getPort()))
                        .set(Setting.SMTP_SECURITY, "starttls")
                        .set(Setting.SMTP_USER, "mailer")
                        .set(Setting.SMTP_PASSWORD, secret("SMTP password", "smtp-" + UUID.randomUUID()))
                        .set(Setting.MAIL_FROM, "no-reply@example.com")
                        .build()) {
            secret("client secret", stage.idp.clientSecret());
            String end = stage.signIn();
            secret("code for the application", end.replaceFirst(".*code=", "").replaceFirst("&.*", ""));
            stage.idp.close();
            stage.leave(new PageBrowser(stage.gatehouse));
            stage.gatehouse.maintain();
            SteerableClock clock = new SteerableClock();
            try (SamlTenant acme = new SamlTenant(saml, clock, "acme.com")) {
                acme.letsIn();
                acme.idp.misbehave(SamlIdp.Misbehaviour.WRONG_REQUEST);
                acme.asked(new PageBrowser(saml));
            }
            Calls.user(mailing, "ada@example.com");
            JsonNode magic = Calls.post(mailing, "/user_management/magic_auth", "{\"email\":\"ada@example.com\"}");
            secret("code that could not be sent", magic.path("code"));
            await().until(() -> capture.lines().stream().anyMatch(line -> line.contains("was not accepted")));
        }
        nothingWasLogged();
    }
}
