package dev.gatehouse.servlet;

import dev.gatehouse.config.ConfigException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which paths need what. Compared with the decoded path that the container dispatches on, by whole segments:
 * {@code /about} is exactly that path, {@code /assets/*} is {@code /assets} and everything below.
 */
final class PathRules {
    private final List<String> open;
    private final List<String> organization;
    private final List<Role> roles = new ArrayList<>();

    private record Role(String pattern, String role) {}

    PathRules(List<String> open, List<String> organization, List<String> rolePaths) {
        this.open = List.copyOf(open);
        this.organization = List.copyOf(organization);
        for (String rule : rolePaths) {
            int equals = rule.indexOf('=');
            if (equals < 1 || equals == rule.length() - 1) {
                throw new ConfigException("Setting role-paths '" + rule + "' cannot be used: expected /path/*=role.");
            }
            roles.add(new Role(rule.substring(0, equals), rule.substring(equals + 1)));
        }
    }

    boolean open(String path) {
        return any(open, path);
    }

    boolean needsOrganization(String path) {
        return any(organization, path);
    }

    /** The role that a path needs, or null. */
    @Nullable
    String role(String path) {
        for (Role rule : roles) {
            if (matches(rule.pattern, path)) {
                return rule.role;
            }
        }
        return null;
    }

    private static boolean any(List<String> patterns, String path) {
        for (int i = 0; i < patterns.size(); i++) {
            if (matches(patterns.get(i), path)) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(String pattern, String path) {
        if (!pattern.endsWith("/*")) {
            return pattern.equals(path);
        }
        int stem = pattern.length() - 2;
        return path.startsWith(pattern.substring(0, stem)) && (path.length() == stem || path.charAt(stem) == '/');
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
