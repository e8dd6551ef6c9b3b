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
            "Public address of the application: scheme, host and port, no path. Links, redirects and the token issuer come from here, never from a request header. With https, cookies are `Secure` and their names begin with `__Host-`.",
            Setting::origin);

    /** Name of the environment that the filter and the Java API work in. */
    public static final Setting<String> ENVIRONMENT =
            text("environment", "staging", "Name of the environment this instance serves; made at the first start.");

    /** Whether that environment is production. */
    public static final Setting<Boolean> PRODUCTION = bool(
            "production",
            "false",
            "Production answers only over HTTPS, sends HSTS, and makes `sk_live_` keys. Decided when the environment is first made.");

    /** Client id of the environment. */
    public static final Setting<Optional<String>> CLIENT_ID = optional(
            "client-id", false, "Client id of the environment, `client_…`; made up at the first start if absent.");

    /** A first API key. */
    public static final Setting<Optional<String>> API_KEY = optional(
            "api-key",
            true,
            "API key that must work, `sk_test_…` or `sk_live_…`, at least 24 characters. If absent, the first start makes one and prints it once.");

    /** Name that pages and mails call the application. */
    public static final Setting<String> APP_NAME =
            text("app-name", "Gatehouse", "Name of the application on pages and in mails.");

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

    /** Where users may be sent after signing out. */
    public static final Setting<List<String>> SIGN_OUT_REDIRECTS = list(
            "sign-out-redirects",
            "",
            "URLs that `return_to` of a sign-out may name, exactly. The first is where a sign-out without one leads.");

    /** Database. */
    public static final Setting<Optional<String>> JDBC_URL = optional(
            "jdbc-url", false, "JDBC URL of H2 or PostgreSQL. If absent, an H2 file in `data-directory` is used.");

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
            "Root keys as `id:base64[,id:base64]`, 32 bytes each; the first is used for new material. If absent, a file `root-keys` in `data-directory` is made and read. Whoever loses them loses every session and sealed value.");

    /** Access token life. */
    public static final Setting<Duration> ACCESS_TOKEN_DURATION =
            duration("access-token-duration", "5m", "Life of an access token, 1 minute to 1 day.");

    /** Session life. */
    public static final Setting<Duration> SESSION_LENGTH = duration(
            "session-length", "365d", "Longest life of a session, counted from the sign-in and never extended.");

    /** Session inactivity. */
    public static final Setting<Duration> SESSION_INACTIVITY =
            duration("session-inactivity", "30d", "A session ends when it was not used for this long.");

    /** Refresh window. */
    public static final Setting<Duration> REFRESH_WINDOW = duration(
            "refresh-window",
            "10s",
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
            "How long another node may still accept a session after it was revoked; on the node that revoked it, it ends at once.");

    /** Cached sessions. */
    public static final Setting<Integer> SESSION_CACHE =
            number("session-cache", "100000", "Verified sessions kept in memory, at most.", 100, 10_000_000);

    /** Sign-up. */
    public static final Setting<Boolean> SIGN_UP =
            bool("sign-up", "true", "Whether people may make an account themselves.");

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

    private static Setting<Boolean> bool(String key, String fallback, String doc) {
        return new Setting<>(key, fallback, false, doc, text -> switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("expected true or false");
        });
    }

    private static Setting<Integer> number(String key, String fallback, String doc, int least, int most) {
        return new Setting<>(key, fallback, false, doc, text -> {
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
        return new Setting<>(
                key,
                fallback,
                false,
                doc,
                text -> Arrays.stream(text.split(","))
                        .map(String::trim)
                        .filter(part -> !part.isEmpty())
                        .toList());
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
        URI uri;
        try {
            uri = URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("expected an address like https://app.example.com", e);
        }
        boolean good = uri.getHost() != null
                && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
                && uri.getRawPath().isEmpty()
                && uri.getRawQuery() == null
                && uri.getRawUserInfo() == null;
        if (!good) {
            throw new IllegalArgumentException("expected an address like https://app.example.com, without a path");
        }
        return text.toLowerCase(Locale.ROOT);
    }

    private static Setting<Duration> duration(String key, String fallback, String doc) {
        return new Setting<>(key, fallback, false, doc, text -> {
            if (!Pattern.matches("[0-9]{1,9}(ms|s|m|h|d)", text)) {
                throw new IllegalArgumentException("expected a duration like 10s, 5m, 12h or 30d");
            }
            String unit = text.replaceFirst("[0-9]+", "");
            long amount = Long.parseLong(text.substring(0, text.length() - unit.length()));
            return switch (unit) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                default -> Duration.ofDays(amount);
            };
        });
    }
}
