package dev.gatehouse.benchmarks;

import com.eatthepath.otp.TimeBasedOneTimePasswordGenerator;
import dev.gatehouse.Gatehouse;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.PasswordHash;
import dev.gatehouse.crypto.RandomTokens;
import dev.gatehouse.identity.Authorization;
import dev.gatehouse.identity.NewUser;
import dev.gatehouse.identity.SignedIn;
import dev.gatehouse.identity.Source;
import java.security.Signature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.crypto.spec.SecretKeySpec;

/** Whole sign-ins through the engine's route table, on an H2 file. */
final class SignIns {
    static final String PASSWORD = "sign-in: password";
    /** What the real hash hides: there is time for a thousand of these. */
    static final String SMALL_HASH = "sign-in: password, the smallest hash";

    static final String MAGIC = "sign-in: code by mail";
    static final String CODE = "sign-in: authorization code";
    static final String REFRESH = "refresh token";
    static final String TOTP = "authenticator app's code, whole request";
    private static final String BACK = "https://app.example.test/callback";
    private static final String SIGNING = "limit: RSA signature";

    private final Meter meter;
    private final Gatehouse gatehouse;
    private final Api api;
    private final String env;

    private SignIns(Meter meter, Gatehouse gatehouse) {
        this.meter = meter;
        this.gatehouse = gatehouse;
        this.api = new Api(gatehouse);
        this.env = gatehouse.environment().id();
    }

    static void measure(Meter meter, Options options) throws Exception {
        try (Gatehouse gatehouse = Ours.builder(Ours.file()).build()) {
            SignIns all = new SignIns(meter, gatehouse);
            all.refresh(options.shortest() ? 1 : 4_000);
            all.totp();
            all.authorizationCode();
            all.magicCode();
            all.password(PASSWORD, 19_456, 2);
        }
        try (Gatehouse gatehouse = Ours.builder(Ours.file())
                .set(Setting.PASSWORD_HASH_MEMORY, "4096")
                .set(Setting.PASSWORD_HASH_PASSES, "1")
                .build()) {
            new SignIns(meter, gatehouse).password(SMALL_HASH, 4_096, 1);
        }
        Federations.measure(meter);
    }

    /** What a password sign-in needs beside its hash, in a row of its own. */
    static List<Figure> withoutHash(List<Figure> figures) {
        Map<Role, Figure> measured = new EnumMap<>(Role.class);
        figures.stream()
                .filter(figure -> figure.operation().equals(SMALL_HASH))
                .forEach(figure -> measured.put(figure.role(), figure));
        Figure ours = measured.get(Role.OURS);
        Figure limit = measured.get(Role.LIMIT);
        List<Figure> all = new ArrayList<>(figures);
        if (ours != null && limit != null) {
            all.add(new Figure(
                    ours.part(),
                    "sign-in: password, beside hash and signature",
                    "Gatehouse",
                    Role.OURS,
                    List.of(ours.cost() - limit.cost()),
                    List.of(),
                    List.of(),
                    ""));
        }
        return all;
    }

    private static Meter.Step signature() throws Exception {
        Signature signing = Signature.getInstance("SHA256withRSA");
        signing.initSign(Tokens.key().toPrivateKey());
        byte[] claims = Tokens.claims().toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
        return round -> {
            signing.update(claims);
            signing.sign();
        };
    }

    private void password(String operation, int kilobytes, int passes) throws Exception {
        PasswordHash hash = new PasswordHash(kilobytes, passes, 1, 1, new RandomTokens());
        String stored = hash.hash(Ours.PASSWORD);
        Meter.Step signature = signature();
        meter.measure(operation, "limit: hash, RSA signature", Role.LIMIT, round -> {
            if (!hash.verify(Ours.PASSWORD, stored)) {
                throw new IllegalStateException("wrong");
            }
            signature.run(round);
        });
        // one address may be tried ten times a minute, so each has its own
        meter.measure(
                operation,
                "Gatehouse",
                Role.OURS,
                true,
                Meter.Work.using(
                        round -> {
                            String email = "p" + round + "@example.com";
                            gatehouse.users().create(NewUser.of(email).withPassword(Ours.PASSWORD));
                            return email;
                        },
                        this::signIn,
                        20));
    }

    private String signIn(String email) {
        return api.post(
                Api.AUTHENTICATE,
                api.grant("password", "\"email\":\"%s\",\"password\":\"%s\"".formatted(email, Ours.PASSWORD)));
    }

    private void magicCode() throws Exception {
        meter.measure(MAGIC, SIGNING, Role.LIMIT, signature());
        meter.measure(
                MAGIC,
                "Gatehouse",
                Role.OURS,
                true,
                Meter.Work.using(
                        round -> {
                            String email = "m" + round + "@example.com";
                            gatehouse.users().create(NewUser.of(email));
                            String code = Api.text(
                                    api.post("/user_management/magic_auth", "{\"email\":\"" + email + "\"}"), "code");
                            return api.grant(
                                    "urn:workos:oauth:grant-type:magic-auth:code",
                                    "\"email\":\"%s\",\"code\":\"%s\"".formatted(email, code));
                        },
                        body -> api.post(Api.AUTHENTICATE, body),
                        300));
    }

    private void authorizationCode() throws Exception {
        gatehouse.environments().ensureRedirectUri(env, BACK);
        SignedIn who = signedIn();
        meter.measure(CODE, SIGNING, Role.LIMIT, signature());
        meter.measure(
                CODE,
                "Gatehouse",
                Role.OURS,
                true,
                Meter.Work.using(
                        round -> {
                            String back = gatehouse
                                    .sessions()
                                    .answer(
                                            env,
                                            who,
                                            new Authorization(Ours.CLIENT, BACK, null, null, null, null),
                                            new Source("127.0.0.1", "bench"))
                                    .orElseThrow();
                            String code = back.substring(back.indexOf("code=") + 5);
                            return api.grant("authorization_code", "\"code\":\"" + code + "\"");
                        },
                        body -> api.post(Api.AUTHENTICATE, body),
                        300));
    }

    private SignedIn signedIn() {
        String user = gatehouse.users().create(NewUser.of("code@example.com")).id();
        String session = gatehouse.sessions().begin(env, Ours.CLIENT, user, null, new Source("127.0.0.1", "bench"));
        String name = gatehouse.pages().sessionCookie();
        return Objects.requireNonNull(
                gatehouse.sessions().byCookie(env, name, gatehouse.sessions().seal(env, name, session)));
    }

    private void refresh(int compiling) throws Exception {
        gatehouse.users().create(NewUser.of(Ours.EMAIL).withPassword(Ours.PASSWORD));
        String[] token = {Api.text(signIn(Ours.EMAIL), "refresh_token")};
        Meter.Step refreshing = round -> token[0] = Api.text(
                api.post(Api.AUTHENTICATE, api.grant("refresh_token", "\"refresh_token\":\"" + token[0] + "\"")),
                "refresh_token");
        // quick enough to compile what all sign-ins have in common
        for (int i = 0; i < compiling; i++) {
            refreshing.run(i);
        }
        meter.measure(REFRESH, SIGNING, Role.LIMIT, signature());
        meter.measure(REFRESH, "Gatehouse", Role.OURS, refreshing);
    }

    private void totp() throws Exception {
        TimeBasedOneTimePasswordGenerator codes = new TimeBasedOneTimePasswordGenerator();
        record Verification(String path, String body) {}
        meter.measure(
                TOTP,
                "Gatehouse",
                Role.OURS,
                true,
                Meter.Work.using(
                        round -> {
                            String made = api.post(
                                    "/auth/factors/enroll",
                                    "{\"type\":\"totp\",\"totp_issuer\":\"app\",\"totp_user\":\"ada\"}");
                            byte[] key = new org.apache.commons.codec.binary.Base32().decode(Api.text(made, "secret"));
                            String asked = api.post("/auth/factors/" + Api.text(made, "id") + "/challenge", "{}");
                            return new Verification(
                                    "/auth/challenges/" + Api.text(asked, "id") + "/verify",
                                    "{\"code\":\"%s\"}"
                                            .formatted(codes.generateOneTimePasswordString(
                                                    new SecretKeySpec(key, "HmacSHA1"), Instant.now())));
                        },
                        verification -> {
                            String answer = api.post(verification.path, verification.body);
                            if (!answer.contains("\"valid\":true")) {
                                throw new IllegalStateException(answer);
                            }
                        },
                        300));
    }
}
