package dev.gatehouse.identity;

import dev.gatehouse.config.Config;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.Envelope;
import dev.gatehouse.crypto.IronSeal;
import dev.gatehouse.crypto.Jwt;
import dev.gatehouse.crypto.PasswordHash;
import dev.gatehouse.crypto.PasswordPolicy;
import dev.gatehouse.crypto.RandomTokens;
import dev.gatehouse.engine.Area;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.engine.EntityType;
import dev.gatehouse.engine.Routes;
import dev.gatehouse.environments.Environments;
import dev.gatehouse.factors.Factors;
import dev.gatehouse.mail.Mails;
import dev.gatehouse.passkeys.Passkeys;
import dev.gatehouse.spi.Keyring;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The area of users, passwords and sessions: puts its parts together. */
public final class Identity implements Area {
    private final Engine engine;
    private final Passwords passwords;
    private final Sessions sessions;
    private final SignIn signIn;
    private final AccessTokens accessTokens;
    private final TokenClaims tokenClaims;
    private final Environments environments;
    private final Config config;
    private final Affiliations affiliations;
    private final UserOperations users;
    private final UserFactors userFactors;
    private final PortableUsers portableUsers;
    private final Authenticate authenticate;
    private final Authorize authorize;
    private final Redirects redirects;
    private final BrowserSessions browserSessions;
    private final CodeOperations codeOperations;
    private final PasswordResets passwordResets;
    private final Devices devices;
    private final SecondFactors secondFactors;
    private final Factors factors;
    private final OwnAccount ownAccount;
    private final TakenAddress takenAddress;
    private final Passkeys passkeys;
    private final Gates gates;
    private final UserPasskeys.WaysIn waysIn;
    private final Notices notices;

    public Identity(
            Engine engine,
            Clock clock,
            Config config,
            Keyring keyring,
            Envelope envelope,
            RandomTokens random,
            Environments environments,
            Factors factors,
            Passkeys passkeys,
            Affiliations affiliations,
            Profiles profiles,
            FeatureFlags features,
            Mails mails) {
        this.engine = engine;
        this.environments = environments;
        this.config = config;
        this.factors = factors;
        this.affiliations = affiliations;
        int cores = Runtime.getRuntime().availableProcessors();
        passwords = new Passwords(
                new PasswordHash(
                        config.get(Setting.PASSWORD_HASH_MEMORY),
                        config.get(Setting.PASSWORD_HASH_PASSES),
                        cores,
                        32 * cores,
                        random),
                new PasswordPolicy(config.get(Setting.PASSWORD_MIN_LENGTH), config.get(Setting.PASSWORD_MIN_STRENGTH)));
        SessionCache cache = new SessionCache(
                config.get(Setting.SESSION_CACHE),
                config.get(Setting.REVOCATION_BOUND).toMillis(),
                clock);
        RefreshTokens refreshTokens = new RefreshTokens(keyring);
        sessions = new Sessions(refreshTokens, affiliations, cache, config);
        MailCodes codes = new MailCodes(envelope, random, mails);
        MailboxProof proof = new MailboxProof(sessions, passkeys);
        boolean verifiedOnly = config.get(Setting.EMAIL_VERIFICATION).equals("required")
                || (config.get(Setting.EMAIL_VERIFICATION).equals("auto") && mails.enabled());
        gates = new Gates(
                sessions,
                affiliations,
                profiles,
                codes,
                factors,
                proof,
                random,
                verifiedOnly,
                new SecondFactorPolicy(config.get(Setting.MFA)));
        notices = new Notices(mails, config);
        String issuer = UserFactors.issuer(config.get(Setting.APP_NAME));
        secondFactors = new SecondFactors(engine, factors, gates, notices, issuer);
        tokenClaims = new TokenClaims(engine, affiliations, features);
        signIn = new SignIn(
                engine,
                passwords,
                sessions,
                affiliations,
                gates,
                new Policies(gates, tokenClaims),
                codes,
                proof,
                random,
                config);
        this.passkeys = passkeys;
        boolean password = signIn.allows("password");
        // where Gatehouse sends none, the application does, unless there is no way to send any
        boolean mail = mails.enabled() || config.get(Setting.MAILS).equals("off");
        waysIn = new UserPasskeys.WaysIn(password, mail && (password || signIn.allows("magic-code")));
        codeOperations = new CodeOperations(signIn, codes, proof, sessions, notices);
        passwordResets =
                new PasswordResets(engine, envelope, random, mails, notices, passwords, sessions, proof, config);
        accessTokens = new AccessTokens(
                engine,
                new Jwt(engine.json()),
                new SigningKeys(engine, envelope, config.get(Setting.ACCESS_TOKEN_DURATION)),
                config.get(Setting.ORIGIN),
                config.get(Setting.ACCESS_TOKEN_DURATION),
                tokenClaims);
        users = new UserOperations(passwords, sessions, factors, passkeys, affiliations, profiles, features);
        takenAddress = new TakenAddress(engine, passwords, notices, random, verifiedOnly && mails.enabled());
        ownAccount = new OwnAccount(engine, passwords, sessions, codeOperations, users, notices);
        userFactors = new UserFactors(factors, issuer);
        portableUsers = new PortableUsers(engine, users, factors, passkeys.portable(), issuer);
        RefreshCookie cookie = new RefreshCookie(environments, config.get(Setting.ORIGIN));
        devices = new Devices(engine, environments, sessions, random, config);
        authenticate = new Authenticate(
                environments, signIn, sessions, accessTokens, cookie, devices, secondFactors, profiles);
        redirects = new Redirects(engine, environments);
        authorize = new Authorize(engine, environments, redirects, sessions, accessTokens, cookie, config);
        SessionCookie sessionCookie = config.get(Setting.COOKIE_PASSWORD)
                .<SessionCookie>map(secret ->
                        new SharedCookie(engine, new IronSeal(secret, random), sessions, accessTokens, refreshTokens))
                .orElseGet(() -> new SessionCookie.Sealed(envelope));
        browserSessions =
                new BrowserSessions(engine, sessionCookie, cache, sessions, signIn, gates, accessTokens, refreshTokens);
    }

    private record Policies(Gates gates, TokenClaims claims) implements Sessions.Policies {
        @Override
        public Optional<Step> lacking(Call call, User user, Session session, @Nullable String organizationId) {
            return gates.lacking(call, user, session, organizationId);
        }

        @Override
        public TokenClaims.Added claims(Call call, User user, @Nullable String organizationId) {
            return claims.of(call, user, organizationId);
        }
    }

    @Override
    public List<EntityType<?>> types() {
        return List.of(User.TYPE, Session.TYPE);
    }

    @Override
    public void routes(Routes r) {
        users.routes(r);
        codeOperations.routes(r);
        passwordResets.routes(r);
        devices.routes(r);
        userFactors.routes(r);
        Sessions.routes(r, sessions);
        authenticate.routes(r);
        authorize.routes(r);
        tokenClaims.routes(r);
    }

    /** Gives the authorization endpoint its pages. */
    public void pages(HostedPages hosted) {
        authorize.pages(hosted);
    }

    /**
     * The hosted pages.
     *
     * @throws dev.gatehouse.api.ApiException 404 while there are none
     */
    public HostedPages pages() {
        return authorize.pages();
    }

    /** Where browsers are led back to. */
    public Redirects redirects() {
        return redirects;
    }

    /** Users of an environment. */
    public Users users(String env) {
        return new Users(engine, env, users, passwords, sessions, factors);
    }

    /** Users with their secrets, for import and export. */
    public PortableUsers portableUsers() {
        return portableUsers;
    }

    /** Sessions, for areas that end them. */
    public Sessions sessions() {
        return sessions;
    }

    /** Proving people, for the hosted pages. */
    public SignIn signIn() {
        return signIn;
    }

    /** Setting another password, for the hosted pages. */
    public PasswordResets passwordResets() {
        return passwordResets;
    }

    /** Second factors in a sign-in, for the hosted pages. */
    public SecondFactors secondFactors() {
        return secondFactors;
    }

    /** Signing up with an address that somebody has, for the hosted pages. */
    public TakenAddress takenAddress() {
        return takenAddress;
    }

    /** What people change of their accounts, for the hosted pages. */
    public OwnAccount ownAccount() {
        return ownAccount;
    }

    /** Passkeys of an environment, which sign in to this client. */
    public UserPasskeys passkeys(String env, String clientId) {
        return new UserPasskeys(engine, passkeys, gates, waysIn, notices, env, clientId);
    }

    /** Signing in devices, for the hosted pages. */
    public Devices devices() {
        return devices;
    }

    /** Sessions of browsers, for the filter and the hosted pages. */
    public BrowserSessions browserSessions() {
        return browserSessions;
    }

    /** Claims that applications add to access tokens. */
    public TokenClaims tokenClaims() {
        return tokenClaims;
    }

    /** Acting as users of an environment. */
    public Impersonations impersonations(String env, String clientId) {
        return new Impersonations(engine, env, clientId, signIn, affiliations, environments, config);
    }

    /** Access tokens, for the operator. */
    public AccessTokens accessTokens() {
        return accessTokens;
    }

    /** Which passwords may be set. */
    public PasswordPolicy passwordPolicy() {
        return passwords.policy();
    }
}
