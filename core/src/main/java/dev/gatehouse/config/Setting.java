package dev.gatehouse.config;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A setting, declared once: its kebab-case key, its type, its default, and its line in {@code docs/configuration.md}.
 *
 * @param key kebab-case; {@code GATEHOUSE_<KEY>} in the environment, {@code gatehouse.<key>} as a system property
 * @param fallback default as text; empty for none
 * @param secret whether its value must never be shown
 * @param doc one line for the documentation
 * @param parser turns text into a value, or throws {@link IllegalArgumentException} with what is expected
 */
public record Setting<T>(String key, String fallback, boolean secret, String doc, Function<String, T> parser) {

    /** Public address of the application: scheme, host and port, without a path. */
    public static final Setting<String> ORIGIN = new Setting<>(
            "origin",
            "http://localhost:8080",
            false,
            "Public address of the application: scheme, host and port, no path. Links, redirects and the token issuer come from here, never from a request header. With https, cookies are `Secure` and their names begin with `__Host-`, unless [`cookie-password`](#cookie-password) shares the session's.",
            Setting::origin);

    /** Name of the environment that the filter and the Java API work in. */
    public static final Setting<String> ENVIRONMENT = text(
            "environment",
            "staging",
            "Name of the environment this instance serves with pages, filter and Java; made at the first start. Environments in one database are told apart by what is asked with: the REST API of every instance takes the API keys and client ids of all of them, and a key acts on its own environment alone, whichever instance answers. Give production a database of its own.");

    /** Whether that environment is production. */
    public static final Setting<Boolean> PRODUCTION = bool(
            "production",
            "false",
            "Production answers only over HTTPS, sends HSTS, and makes `sk_live_` keys. An environment is one or the other from its first start on: another value than then is refused, and a production environment beside a staging one needs a name of its own.");

    /** Client id of the environment. */
    public static final Setting<Optional<String>> CLIENT_ID = matching(
            "client-id",
            false,
            "client_[A-Za-z0-9]{1,40}",
            "client_ and up to 40 letters and digits",
            "Client id of the environment, `client_` and up to 40 letters and digits. If absent, the first start makes one, and later starts use it.");

    /** A first API key. */
    public static final Setting<Optional<String>> API_KEY = matching(
            "api-key",
            true,
            "sk_(test|live)_[A-Za-z0-9_]{16,200}",
            "sk_test_ or sk_live_ and 16 to 200 letters, digits and underscores",
            "API key that must work: `sk_test_`, in production `sk_live_`, and 16 to 200 letters, digits and underscores. Keys that worked before go on working. If absent, the first start with an `api-path` makes one and prints it once.");

    /** Name that pages and mails call the application. */
    public static final Setting<String> APP_NAME = new Setting<>(
            "app-name",
            "Gatehouse",
            false,
            "Name of the application on pages and in mails: one line, at most 100 characters.",
            text -> {
                if (text.isEmpty() || text.length() > 100 || text.chars().anyMatch(Character::isISOControl)) {
                    throw new IllegalArgumentException("expected one line of 1 to 100 characters");
                }
                return text;
            });

    /** Colour of the host's. */
    public static final Setting<Optional<String>> BRAND_COLOR = new Setting<>(
            "brand-color",
            "",
            false,
            "Your colour, `#rrggbb`, for buttons and links. Where it would be hard to read it is darkened, and lightened on dark ground, until it passes WCAG AA.",
            text -> {
                if (!text.isEmpty() && !text.matches("#[0-9a-fA-F]{6}")) {
                    throw new IllegalArgumentException("a colour like #2c5a9e");
                }
                return text.isEmpty() ? Optional.empty() : Optional.of(text);
            });

    /** Where a page leads that has nowhere else to go. */
    public static final Setting<String> HOME = path(
            "home-path",
            "/",
            "Path of the application's first page, below its context path: where a sign-in ends that was not on the way somewhere.");

    /** Where the REST API is mounted. */
    public static final Setting<String> API_PATH = new Setting<>(
            "api-path",
            "",
            false,
            "Path under which the REST API answers, `/` for the root. Empty (the default) switches it off: an application opts in, since its own paths may look alike.",
            text -> text.isEmpty() ? "" : path(text));

    /** Where the hosted pages are mounted. */
    public static final Setting<String> PAGES_PATH = new Setting<>(
            "pages-path",
            "/auth",
            false,
            "Path under which sign-in, sign-up and account pages answer; not the root.",
            text -> {
                if (text.equals("/")) {
                    throw new IllegalArgumentException("expected a path like /auth");
                }
                return path(text);
            });

    /** Paths anybody may see. */
    public static final Setting<List<String>> PUBLIC_PATHS = list(
            "public-paths",
            "",
            "Paths that anybody may see: `/about` is exactly that path, `/assets/*` everything below. All other paths need a sign-in.");

    /** Paths that take customers' API keys. */
    public static final Setting<List<String>> API_KEY_PATHS = list(
            "api-key-paths",
            "",
            "Paths where a customer's API key is a credential, too, spelt like `public-paths`: `/api/*`. It comes as `Authorization: Bearer sk_…`; everywhere else it is none. A key has permissions and no roles.");

    /** Paths that need a role. */
    public static final Setting<List<String>> ROLE_PATHS = list(
            "role-paths",
            "",
            "Paths that need a role in the selected organization: `/admin/*=admin`, several separated by commas; the first that fits counts. Such a path is never public.");

    /** Paths that need an organization. */
    public static final Setting<List<String>> ORGANIZATION_PATHS = list(
            "organization-paths",
            "",
            "Paths that need a selected organization, spelt as `public-paths`. Such a path is never public.");

    /** Proxies whose forwarding headers count. */
    public static final Setting<List<String>> TRUSTED_PROXIES = list(
            "trusted-proxies",
            "",
            "Addresses or CIDR ranges of proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` count. Empty: those headers are ignored.");

    /** Rate limits of the REST API. */
    public static final Setting<Boolean> RATE_LIMITS = bool(
            "rate-limits",
            "true",
            "Whether the REST API answers 429 beyond the contract's limits: for an API key 6,000 requests a minute and 50 deletions of organizations, for an environment's `/user_management` 1,000 reads and 500 writes in ten seconds. Limits that keep attackers from guessing hold in any case, and calls of your own code are never limited.");

    /** The role of who joins an organization without another. */
    public static final Setting<String> DEFAULT_ROLE = text(
            "default-role",
            "member",
            "Slug of the role that a membership gets when none is named. It must be a role of the environment on organizations.");

    /** Several roles of a membership. */
    public static final Setting<Boolean> MULTIPLE_ROLES = bool(
            "multiple-roles",
            "true",
            "Whether a membership may have several roles on its organization. If not, one of a directory counts before one of single sign-on, and that before one given by hand.");

    /** Kinds of resources. */
    public static final Setting<String> RESOURCE_TYPES = text(
            "resource-types",
            "",
            "Kinds of resources that roles can be granted on besides the organization, each with the kinds that it lies in: `project: organization; document: project, organization`. They are added at the start and never removed; `access().defineResourceType(…)` does the same.");

    /** Where users may be sent after signing out. */
    public static final Setting<List<String>> SIGN_OUT_REDIRECTS = new Setting<>(
            "sign-out-redirects",
            "",
            false,
            "URLs that `return_to` of a sign-out may name, exactly. The first is where a sign-out without one leads.",
            text -> {
                List<String> all = parts(text);
                all.forEach(Setting::url);
                return all;
            });

    /** Database. */
    public static final Setting<Optional<String>> JDBC_URL = matching(
            "jdbc-url",
            true,
            "jdbc:(h2|postgresql):.+",
            "a URL that begins with jdbc:postgresql: or jdbc:h2:",
            "JDBC URL of PostgreSQL or H2. If absent, an H2 file in `data-directory` is used.");

    /** Database user. */
    public static final Setting<Optional<String>> JDBC_USER =
            optional("jdbc-user", false, "Database user, unless the URL names it.");

    /** Database password. */
    public static final Setting<Optional<String>> JDBC_PASSWORD = optional("jdbc-password", true, "Database password.");

    /** Files. */
    public static final Setting<String> DATA_DIRECTORY = text(
            "data-directory",
            "./data",
            "Directory of the embedded database and of the root key file, when those are used.");

    /** Schema handling. */
    public static final Setting<String> SCHEMA = oneOf(
            "schema",
            List.of("create", "validate", "off"),
            "`create` migrates the tables at start; `validate` only checks them; `off` trusts you.");

    /** Table prefix. */
    public static final Setting<String> TABLE_PREFIX =
            text("table-prefix", "gh_", "What the names of all tables and views begin with: `[a-z][a-z0-9_]{0,15}`.");

    /** Root keys. */
    public static final Setting<Optional<String>> ROOT_KEYS = optional(
            "root-keys",
            true,
            "Root keys as `id:base64[,id:base64]`, 32 bytes each; the first is used for new material. If absent, a file `root-keys` in `data-directory` is made and read. They seal what is stored: a start with other ones is refused.");

    /** Access token life. */
    public static final Setting<Duration> ACCESS_TOKEN_DURATION =
            duration("access-token-duration", "5m", "1m", "1d", "Life of an access token.");

    /** Session life. */
    public static final Setting<Duration> SESSION_LENGTH = duration(
            "session-length",
            "365d",
            "1m",
            "3650d",
            "Longest life of a session, counted from the sign-in and never extended.");

    /** Session inactivity. */
    public static final Setting<Duration> SESSION_INACTIVITY =
            duration("session-inactivity", "30d", "1m", "3650d", "A session ends when it was not used for this long.");

    /** Refresh window. */
    public static final Setting<Duration> REFRESH_WINDOW = duration(
            "refresh-window",
            "10s",
            "0s",
            "1h",
            "How long a spent refresh token still gets its successor, the same for everybody who asks. Makes parallel tabs and lost answers harmless.");

    /** What reuse after the window does. */
    public static final Setting<String> REFRESH_REUSE = oneOf(
            "refresh-reuse",
            List.of("revoke", "refuse"),
            "What a refresh token does that comes back after the window: `revoke` ends its session, `refuse` only answers invalid_grant (as the vendor does).");

    /** Revocation bound. */
    public static final Setting<Duration> REVOCATION_BOUND = duration(
            "revocation-bound",
            "5s",
            "0s",
            "10m",
            "How long another node may still accept a session after it was revoked; on the node that revoked it, it ends at once.");

    /** Password of a session cookie that is shared. */
    public static final Setting<Optional<String>> COOKIE_PASSWORD = new Setting<>(
            "cookie-password",
            "",
            true,
            "Shares the session cookie with a Node application that uses the vendor's SDK: its `cookiePassword`, at least 32 characters. The cookie then has the SDK's format and `cookie-name`, and both applications read, write and end the same session ([how](sdk.md#share-the-session-cookie-with-node)). Without it, the cookie is Gatehouse's own.",
            text -> {
                if (!text.isEmpty() && text.length() < 32) {
                    throw new IllegalArgumentException("expected at least 32 characters");
                }
                return text.isEmpty() ? Optional.empty() : Optional.of(text);
            });

    /** Name of a session cookie that is shared. */
    public static final Setting<String> COOKIE_NAME = new Setting<>(
            "cookie-name",
            "wos-session",
            false,
            "Name of the session cookie where `cookie-password` shares it; the SDK's own name for it by default.",
            text -> {
                if (!Pattern.matches("(?!gatehouse_)[A-Za-z0-9_.-]{1,60}", text)) {
                    throw new IllegalArgumentException(
                            "expected letters, digits, and _ . -, and no name of Gatehouse's own");
                }
                return text;
            });

    /** Domain of a session cookie that is shared. */
    public static final Setting<Optional<String>> COOKIE_DOMAIN = matching(
            "cookie-domain",
            false,
            "[a-z0-9-]+(\\.[a-z0-9-]+)+",
            "a domain like example.com",
            "Domain of the session cookie where `cookie-password` shares it between hosts: `example.com` for `app.example.com` and `www.example.com`. Every host below it gets the cookie, and can set another in its place. Without it, only this host.");

    /** Cached sessions. */
    public static final Setting<Integer> SESSION_CACHE =
            number("session-cache", "100000", "Verified sessions kept in memory, at most.", 100, 10_000_000);

    /** Sign-up. */
    public static final Setting<Boolean> SIGN_UP =
            bool("sign-up", "true", "Whether people may make an account themselves.");

    /** Whether people may delete their accounts. */
    public static final Setting<Boolean> ACCOUNT_DELETION = bool(
            "account-deletion",
            "true",
            "Whether people may delete their accounts on the account page; your application hears of it by the event `user.deleted`.");

    /** Ways to sign in. */
    public static final Setting<List<String>> SIGN_IN_METHODS = new Setting<>(
            "sign-in-methods",
            "password, magic-code, passkey",
            false,
            "Ways to sign in: `password`, `magic-code` (a code by mail), `passkey` (where `origin` is https, or on localhost). Another way is refused everywhere.",
            text -> {
                List<String> all = parts(text);
                if (all.isEmpty()
                        || !List.of("password", "magic-code", "passkey").containsAll(all)) {
                    throw new IllegalArgumentException("expected one or more of password, magic-code, passkey");
                }
                return all;
            });

    /** Domain of passkeys. */
    public static final Setting<Optional<String>> PASSKEY_RP_ID = matching(
            "passkey-rp-id",
            false,
            "localhost|([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?",
            "a domain like example.com, in lower case",
            "Domain that passkeys are bound to: the host of `origin`, which is the default, or a parent domain of it, so that subdomains share passkeys. Choose it before the first passkey: under another domain none of them works.");

    /** Further origins of passkeys. */
    public static final Setting<List<String>> PASSKEY_ORIGINS = new Setting<>(
            "passkey-origins",
            "",
            false,
            "Origins beside `origin` at which the same passkeys may be made and used, exactly, like `https://shop.example.org`, or `android:apk-key-hash:…` for an app. For those outside of the domain `passkey-rp-id`, browsers ask that domain for `/.well-known/webauthn`, which the filter answers.",
            text -> {
                List<String> all = parts(text);
                all.forEach(Setting::passkeyOrigin);
                return all;
            });

    /** Whether addresses must be proved. */
    public static final Setting<String> EMAIL_VERIFICATION = oneOf(
            "email-verification",
            List.of("auto", "required", "off"),
            "Whether somebody must prove to read the mailbox of the address before the first session: `required`, `off`, or `auto`, which is `required` where Gatehouse can send mail.");

    /** Second factors. */
    public static final Setting<String> MFA = oneOf(
            "mfa",
            List.of("optional", "required", "off"),
            "Second factor after the first credential: `optional` asks whoever has set one up, `required` has everybody set one up, `off` asks nobody.");

    /** Page that accepts an invitation. */
    public static final Setting<Optional<String>> INVITATION_URL = optionalUrl(
            "invitation-url",
            "Page that a mailed invitation leads to; `invitation_token` is added to its query, to be handed on to `/user_management/authorize`. If absent, the hosted page below `origin` and `pages-path`.");

    /** Who may act as users. */
    public static final Setting<List<String>> IMPERSONATION_OPERATORS = list(
            "impersonation-operators",
            "",
            "E-mail addresses of those who may act as a user, with a reason and for an hour; nobody may act as one of them. Empty: nobody may.");

    /** Page that sets another password. */
    public static final Setting<Optional<String>> PASSWORD_RESET_URL = optionalUrl(
            "password-reset-url",
            "Page that a mailed link to set another password leads to; `token` is added to its query. If absent, the hosted page below `origin` and `pages-path`.");

    /** Shortest password. */
    public static final Setting<Integer> PASSWORD_MIN_LENGTH =
            number("password-min-length", "10", "Fewest characters of a password.", 8, 64);

    /** Weakest password. */
    public static final Setting<Integer> PASSWORD_MIN_STRENGTH = number(
            "password-min-strength",
            "2",
            "Lowest zxcvbn score of a password, 0 to 4; 2 resists online guessing.",
            0,
            4);

    /** Hash memory. */
    public static final Setting<Integer> PASSWORD_HASH_MEMORY = number(
            "password-hash-memory",
            "19456",
            "Argon2id memory in KiB; raising it rehashes at the next sign-in.",
            4_096,
            1_048_576);

    /** Hash passes. */
    public static final Setting<Integer> PASSWORD_HASH_PASSES =
            number("password-hash-passes", "2", "Argon2id passes over the memory.", 1, 20);

    /** Whether Gatehouse sends mails. */
    public static final Setting<String> MAILS = oneOf(
            "mails",
            List.of("on", "off"),
            "Whether Gatehouse sends mails, through `smtp-host` or a mailer of yours. `off`: your application does, see [mail.md](mail.md#send-codes-yourself).");

    /** Sender of mails. */
    public static final Setting<Optional<String>> MAIL_FROM = matching(
            "mail-from",
            false,
            "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?",
            "one bare address like no-reply@example.com",
            "Address that mails come from, bare, like `no-reply@example.com`; `app-name` is put before it. Needed with `smtp-host`.");

    /** SMTP server. */
    public static final Setting<Optional<String>> SMTP_HOST = matching(
            "smtp-host",
            false,
            "[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?|[0-9A-Fa-f:.]{2,45}",
            "a host name or an IP address",
            "Name or address of the SMTP server that takes the mails. If absent, no mail is sent unless your code gives a mailer, which wins over it.");

    /** SMTP port. */
    public static final Setting<Integer> SMTP_PORT =
            number("smtp-port", "587", "Port of the SMTP server; 465 is usual with `smtp-security=tls`.", 1, 65_535);

    /** SMTP encryption. */
    public static final Setting<String> SMTP_SECURITY = oneOf(
            "smtp-security",
            List.of("starttls", "tls", "none"),
            "`starttls` begins in the clear and sends nothing unless the server then encrypts; `tls` is encrypted from the first byte; `none` is for a relay on the same machine. The certificate must be valid for `smtp-host`.");

    /** SMTP user. */
    public static final Setting<Optional<String>> SMTP_USER = optional(
            "smtp-user",
            false,
            "User at the SMTP server, with `smtp-password`. If absent, it is asked to take mails without. Refused with `smtp-security=none`.");

    /** SMTP password. */
    public static final Setting<Optional<String>> SMTP_PASSWORD =
            optional("smtp-password", true, "Password at the SMTP server.");

    /** How long events are kept. */
    public static final Setting<Duration> EVENT_RETENTION = duration(
            "event-retention",
            "30d",
            "1d",
            "3650d",
            "How long events, and what became of their deliveries, are kept. Holds for events from then on.");

    /** Pauses between the attempts of a webhook. */
    public static final Setting<List<Duration>> WEBHOOK_RETRIES = new Setting<>(
            "webhook-retries",
            "",
            false,
            "Pauses after the first, second, … failed attempt to deliver a webhook, like `1m, 10m, 1h, 12h, 58h`, which is the default in production: six attempts over three days. Elsewhere the default is `5s, 15s, 30s, 1m, 2m`. From 1 to 20 pauses, each from 1s to 7d; each is lengthened at random by up to a fifth.",
            text -> {
                List<Duration> pauses = new ArrayList<>();
                for (String part : parts(text)) {
                    if (!Pattern.matches("[0-9]{1,6}[smhd]", part)
                            || duration(part).isZero()
                            || duration(part).compareTo(Duration.ofDays(7)) > 0) {
                        throw new IllegalArgumentException("expected durations like 1m, 10m, 1h");
                    }
                    pauses.add(duration(part));
                }
                if (pauses.size() > 20) {
                    throw new IllegalArgumentException("expected at most 20 durations");
                }
                return List.copyOf(pauses);
            });

    /** Which addresses may be called. */
    public static final Setting<String> OUTBOUND_ADDRESSES = oneOf(
            "outbound-addresses",
            List.of("auto", "public", "loopback", "any"),
            "Which addresses Gatehouse calls when somebody else names them (webhooks): `public`, those of the Internet; `loopback`, this machine, too, where it is named `localhost`, `127.0.0.1` or `[::1]`; `any`, private ones, too, for a closed network; `auto`, which is `public` in production and `loopback` elsewhere. See [events.md](events.md#addresses-that-are-refused).");

    /** Name servers for domain verification. */
    public static final Setting<List<String>> DNS_SERVERS = new Setting<>(
            "dns-servers",
            "",
            false,
            "Recursive name servers that are asked for the TXT records of [domains](organizations.md#domains), by IP address, like `192.0.2.53` or `192.0.2.53:5353`, at most three, separated by commas. Without it, those of the operating system.",
            text -> {
                List<String> servers = parts(text);
                if (servers.size() > 3 || !servers.stream().allMatch(Setting::nameServer)) {
                    throw new IllegalArgumentException(
                            "expected up to three addresses like 192.0.2.53:5353 or [2001:db8::1]:53");
                }
                return servers;
            });

    /** How long a verified domain may lack its record. */
    public static final Setting<Duration> DOMAIN_RECHECK = duration(
            "domain-recheck",
            "7d",
            "0s",
            "365d",
            "How long a [domain](organizations.md#domains) that DNS verified may lack its record: it is looked for daily, and the domain fails when no look found it for this long, and four looks at least. While DNS does not answer, nothing is counted. `0s`: nobody looks again.");

    /** Every setting there is, in the order of the documentation. */
    public static List<Setting<?>> all() {
        List<Setting<?>> all = new ArrayList<>();
        for (var field : Setting.class.getDeclaredFields()) {
            if (field.getType() == Setting.class) {
                try {
                    all.add((Setting<?>) Objects.requireNonNull(field.get(null)));
                } catch (IllegalAccessException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
        return all;
    }

    private static Setting<String> text(String key, String fallback, String doc) {
        return new Setting<>(key, fallback, false, doc, text -> text);
    }

    private static Setting<Optional<String>> optional(String key, boolean secret, String doc) {
        return new Setting<>(key, "", secret, doc, text -> text.isEmpty() ? Optional.empty() : Optional.of(text));
    }

    private static Setting<Optional<String>> optionalUrl(String key, String doc) {
        return new Setting<>(key, "", false, doc, text -> {
            if (text.isEmpty()) {
                return Optional.empty();
            }
            url(text);
            return Optional.of(text);
        });
    }

    private static Setting<Boolean> bool(String key, String fallback, String doc) {
        return new Setting<>(key, fallback, false, doc, text -> switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("expected true or false");
        });
    }

    private static Setting<Integer> number(String key, String fallback, String doc, int least, int most) {
        return new Setting<>(key, fallback, false, doc + " From " + least + " to " + most + ".", text -> {
            if (Pattern.matches("[0-9]{1,9}", text)) {
                int value = Integer.parseInt(text);
                if (value >= least && value <= most) {
                    return value;
                }
            }
            throw new IllegalArgumentException("expected a number from " + least + " to " + most);
        });
    }

    private static Setting<String> oneOf(String key, List<String> words, String doc) {
        return new Setting<>(key, words.get(0), false, doc, text -> {
            if (!words.contains(text)) {
                throw new IllegalArgumentException("expected one of " + String.join(", ", words));
            }
            return text;
        });
    }

    private static Setting<List<String>> list(String key, String fallback, String doc) {
        return new Setting<>(key, fallback, false, doc, Setting::parts);
    }

    private static List<String> parts(String text) {
        return Arrays.stream(text.split(","))
                .map(String::trim)
                .filter(part -> !part.isEmpty())
                .toList();
    }

    private static boolean nameServer(String text) {
        String octet = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
        return Pattern.matches(
                "(" + octet + "(\\." + octet
                        + "){3}|\\[[0-9a-fA-F]{0,4}(:[0-9a-fA-F]{0,4}){2,7}])(:[0-9]{1,4}|:[1-5][0-9]{4})?",
                text);
    }

    private static Setting<Optional<String>> matching(
            String key, boolean secret, String pattern, String expected, String doc) {
        return new Setting<>(key, "", secret, doc, text -> {
            if (!text.isEmpty() && !Pattern.matches(pattern, text)) {
                throw new IllegalArgumentException("expected " + expected);
            }
            return text.isEmpty() ? Optional.empty() : Optional.of(text);
        });
    }

    private static Setting<String> path(String key, String fallback, String doc) {
        return new Setting<>(key, fallback, false, doc, Setting::path);
    }

    private static String path(String text) {
        if (!Pattern.matches("/|(/[A-Za-z0-9._~-]+)+", text)) {
            throw new IllegalArgumentException("expected a path like /auth");
        }
        return text;
    }

    private static String origin(String text) {
        URI uri = url(text);
        if (!uri.getRawPath().isEmpty() || uri.getRawQuery() != null || uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException("expected an address like https://app.example.com, without a path");
        }
        return text.toLowerCase(Locale.ROOT);
    }

    private static void passkeyOrigin(String text) {
        if (!Pattern.matches(
                "https://[a-z0-9.-]+(:[0-9]{1,5})?|http://localhost(:[0-9]{1,5})?|android:apk-key-hash:[A-Za-z0-9_-]{43}",
                text)) {
            throw new IllegalArgumentException("expected origins like https://shop.example.org, in lower case");
        }
    }

    private static URI url(String text) {
        try {
            URI uri = URI.create(text);
            if (uri.getHost() != null && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // as any other text that is no address
        }
        throw new IllegalArgumentException("expected an address like https://app.example.com");
    }

    private static Setting<Duration> duration(String key, String fallback, String least, String most, String doc) {
        String range = "from " + least + " to " + most;
        return new Setting<>(
                key, fallback, false, doc + " A duration like `90s`, `5m`, `12h` or `30d`, " + range + ".", text -> {
                    if (Pattern.matches("[0-9]{1,9}(ms|s|m|h|d)", text)) {
                        Duration value = duration(text);
                        if (value.compareTo(duration(least)) >= 0 && value.compareTo(duration(most)) <= 0) {
                            return value;
                        }
                    }
                    throw new IllegalArgumentException("expected a duration like 90s, 5m, 12h or 30d, " + range);
                });
    }

    private static Duration duration(String text) {
        String unit = text.replaceFirst("[0-9]+", "");
        long amount = Long.parseLong(text.substring(0, text.length() - unit.length()));
        return switch (unit) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }
}
