package dev.gatehouse.access;

/**
 * Who granted a role. Roles of several sources add up; withdrawing one takes away only what no other grants.
 *
 * @param kind {@code manual}, or what keeps the membership in step: {@code sso}, {@code directory}, or a word of the
 *     application's own; lower-case letters
 * @param id of the connection, directory or the like; empty for manual
 */
public record RoleSource(String kind, String id) {
    /** By hand: over REST, from Java, with an invitation. */
    public static final RoleSource MANUAL = new RoleSource("manual", "");

    /** Nobody, while nobody else grants one: the default role, which goes when another comes. */
    static final RoleSource DEFAULT = new RoleSource("default", "");

    public RoleSource {
        if (!kind.matches("[a-z]{1,20}") || id.length() > 80 || id.indexOf(' ') >= 0) {
            throw new IllegalArgumentException(
                    "kind has 1 to 20 lower-case letters, id no blank and at most 80 characters");
        }
    }

    String text() {
        return id.isEmpty() ? kind : kind + ":" + id;
    }

    static RoleSource of(String text) {
        int colon = text.indexOf(':');
        return colon < 0
                ? new RoleSource(text, "")
                : new RoleSource(text.substring(0, colon), text.substring(colon + 1));
    }

    /** Which source's role counts where a membership can have only one: the least (contract/behaviour/07 §7.3). */
    int rank() {
        return switch (kind) {
            case "directory" -> 0;
            case "sso" -> 1;
            case "default" -> 3;
            default -> 2;
        };
    }
}
