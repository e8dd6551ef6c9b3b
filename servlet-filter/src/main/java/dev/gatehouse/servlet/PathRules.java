package dev.gatehouse.servlet;

import dev.gatehouse.config.ConfigException;
import dev.gatehouse.identity.Authenticated;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which paths need what. Compared with the decoded path that the container dispatches on, by whole segments:
 * {@code /about} is exactly that path, {@code /assets/*} is {@code /assets} and everything below.
 */
final class PathRules {
    private final List<Pattern> open;
    private final List<Pattern> organization;
    private final List<Role> roles;
    private final List<Pattern> keys;

    PathRules(List<String> open, List<String> organization, List<String> rolePaths, List<String> keyPaths) {
        this.keys =
                keyPaths.stream().map(text -> Pattern.of("api-key-paths", text)).toList();
        this.open = open.stream().map(text -> Pattern.of("public-paths", text)).toList();
        this.organization = organization.stream()
                .map(text -> Pattern.of("organization-paths", text))
                .toList();
        this.roles = rolePaths.stream().map(Role::of).toList();
    }

    /** What stands between a caller and a path. */
    enum Verdict {
        PASS,
        SIGN_IN,
        ROLE,
        ORGANIZATION
    }

    private record Pattern(String stem, boolean below) {
        static Pattern of(String key, String text) {
            boolean below = text.endsWith("/*");
            String stem = below ? text.substring(0, text.length() - 2) : text;
            if (!text.startsWith("/") || stem.indexOf('*') >= 0 || stem.contains("//")) {
                throw new ConfigException(
                        "Setting " + key + " '" + text + "' cannot be used: expected /path or /path/*.");
            }
            return new Pattern(stem, below);
        }

        boolean matches(String path) {
            return path.startsWith(stem)
                    && (path.length() == stem.length() || (below && path.charAt(stem.length()) == '/'));
        }
    }

    private record Role(Pattern pattern, String role) {
        static Role of(String rule) {
            int equals = rule.indexOf('=');
            if (equals < 1 || equals == rule.length() - 1) {
                throw new ConfigException("Setting role-paths '" + rule + "' cannot be used: expected /path/*=role.");
            }
            return new Role(Pattern.of("role-paths", rule.substring(0, equals)), rule.substring(equals + 1));
        }
    }

    /**
     * Judges a path. What needs a role or an organization is never public.
     *
     * @param who null for nobody
     * @param opened whether something else says that nobody need sign in
     */
    Verdict judge(String path, @Nullable Authenticated who, boolean opened) {
        String role = roles.isEmpty() ? null : role(unslashed(path));
        boolean selected = !organization.isEmpty() && any(organization, unslashed(path));
        if (who == null) {
            return role == null && !selected && (opened || any(open, path)) ? Verdict.PASS : Verdict.SIGN_IN;
        }
        if (role != null && !who.hasRole(role)) {
            return Verdict.ROLE;
        }
        return selected && who.organizationId() == null ? Verdict.ORGANIZATION : Verdict.PASS;
    }

    /** Whether a customer's API key is a credential here. */
    boolean takesKeys(String path) {
        return !keys.isEmpty() && any(keys, unslashed(path));
    }

    private @Nullable String role(String path) {
        for (Role rule : roles) {
            if (rule.pattern.matches(path)) {
                return rule.role;
            }
        }
        return null;
    }

    /** Many frameworks serve {@code /admin/} as {@code /admin}, so what restricts the one restricts the other. */
    private static String unslashed(String path) {
        return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    private static boolean any(List<Pattern> patterns, String path) {
        for (Pattern pattern : patterns) {
            if (pattern.matches(path)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether a raw request target is written so that parsers could disagree about it: path parameters, encoded
     * separators or dots, empty or dot segments, backslashes, controls, anything but ASCII (ATTACKS H01, H02). Such a
     * request is refused, whatever it might have meant.
     */
    static boolean ambiguous(String raw) {
        if (raw.isEmpty() || raw.charAt(0) != '/') {
            return true;
        }
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c >= 'a' && c <= 'z') {
                continue;
            }
            if (c <= 0x20 || c >= 0x7f || c == ';' || c == '\\') {
                return true;
            }
            if (c == '/' && i + 1 < raw.length()) {
                char next = raw.charAt(i + 1);
                boolean dots = next == '.' && (end(raw, i + 2) || (raw.charAt(i + 2) == '.' && end(raw, i + 3)));
                if (next == '/' || dots) {
                    return true;
                }
            }
            if (c == '%' && encoded(raw, i)) {
                return true;
            }
        }
        return false;
    }

    private static boolean end(String raw, int at) {
        return at >= raw.length() || raw.charAt(at) == '/';
    }

    /** Whether the escape hides a separator, a dot, a percent sign or a control. */
    private static boolean encoded(String raw, int at) {
        int high = at + 2 < raw.length() ? Character.digit(raw.charAt(at + 1), 16) : -1;
        int low = at + 2 < raw.length() ? Character.digit(raw.charAt(at + 2), 16) : -1;
        int value = high * 16 + low;
        return high < 0 || low < 0 || value <= 0x1f || value == 0x7f || "/\\.;%?#".indexOf(value) >= 0;
    }
}
