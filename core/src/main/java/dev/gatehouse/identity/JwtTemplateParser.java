package dev.gatehouse.identity;

import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.gatehouse.identity.JwtTemplate.Malformed;
import dev.gatehouse.identity.JwtTemplate.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a JWT template: JSON (RFC 8259) in which {@code {{…}}} may stand for a value or inside a string. */
final class JwtTemplateParser {
    private static final int DEEPEST = 16;
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]{0,17})(\\.[0-9]{1,18})?");
    private static final Pattern PATH = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*(\\.[A-Za-z0-9_-]+)*");

    private static final Set<String> PROVIDERS = Set.of(
            "AppleOAuth",
            "GitHubOAuth",
            "GoogleOAuth",
            "GrokOAuth",
            "IntuitOAuth",
            "LinkedInOAuth",
            "MicrosoftOAuth",
            "SalesforceOAuth",
            "VercelMarketplaceOAuth",
            "VercelOAuth");

    /** What there is, by its root; the value says which members are objects or lists. */
    private static final Map<String, Map<String, Boolean>> ROOTS = Map.of(
            "user",
            members(
                    "object id email email_verified first_name last_name name profile_picture_url external_id locale"
                            + " created_at updated_at",
                    "metadata identities"),
            "organization",
            members(
                    "object id name external_id stripe_customer_id allow_profiles_outside_organization created_at"
                            + " updated_at",
                    "metadata domains"),
            "organization_membership",
            members("object id created_at updated_at", "role roles custom_attributes"));

    private final String text;
    private int at;

    JwtTemplateParser(String text) {
        this.text = text;
    }

    private static Map<String, Boolean> members(String plain, String nested) {
        Map<String, Boolean> all = new LinkedHashMap<>();
        for (String name : plain.split(" ")) {
            all.put(name, false);
        }
        for (String name : nested.split(" ")) {
            all.put(name, true);
        }
        return all;
    }

    Map<String, Value> template() throws Malformed {
        space();
        if (!text.startsWith("{", at) || text.startsWith("{{", at)) {
            throw new Malformed("Template must render to an object with at least one explicitly defined top-level key");
        }
        Map<String, Value> claims = members(1);
        space();
        if (at < text.length()) {
            throw unexpected();
        }
        return claims;
    }

    private Value value(int depth) throws Malformed {
        if (depth > DEEPEST) {
            throw new Malformed("Template parse error: nested deeper than " + DEEPEST);
        }
        space();
        if (text.startsWith("{{", at)) {
            return expression(false);
        }
        char next = at < text.length() ? text.charAt(at) : 0;
        return switch (next) {
            case '{' -> new JwtTemplate.Members(members(depth + 1));
            case '[' -> new JwtTemplate.Elements(elements(depth + 1));
            case '"' -> string();
            default -> plain();
        };
    }

    private Map<String, Value> members(int depth) throws Malformed {
        Map<String, Value> all = new LinkedHashMap<>();
        expect('{');
        space();
        if (skip('}')) {
            return all;
        }
        do {
            space();
            String name = name();
            space();
            expect(':');
            if (all.put(name, value(depth)) != null) {
                throw new Malformed("Template parse error: '" + name + "' is defined twice");
            }
            space();
        } while (skip(','));
        expect('}');
        return all;
    }

    private List<Value> elements(int depth) throws Malformed {
        List<Value> all = new ArrayList<>();
        expect('[');
        space();
        if (skip(']')) {
            return all;
        }
        do {
            all.add(value(depth));
            space();
        } while (skip(','));
        expect(']');
        return all;
    }

    private String name() throws Malformed {
        JwtTemplate.Text name = string();
        if (name.parts().size() > 1 || name.parts().stream().anyMatch(part -> !(part instanceof JwtTemplate.Literal))) {
            throw new Malformed("Template parse error: a key cannot hold an expression");
        }
        return name.parts().isEmpty() ? "" : ((JwtTemplate.Literal) name.parts().get(0)).text();
    }

    private JwtTemplate.Text string() throws Malformed {
        expect('"');
        List<Value> parts = new ArrayList<>();
        StringBuilder plain = new StringBuilder();
        while (true) {
            if (at >= text.length()) {
                throw new Malformed("Template parse error: missing '\"'");
            }
            if (text.startsWith("{{", at)) {
                flush(plain, parts);
                parts.add(expression(true));
                continue;
            }
            char c = text.charAt(at++);
            if (c == '"') {
                flush(plain, parts);
                return new JwtTemplate.Text(parts);
            }
            if (c < 0x20) {
                throw new Malformed("Template parse error: a string holds a control character");
            }
            plain.append(c == '\\' ? escaped() : c);
        }
    }

    private static void flush(StringBuilder plain, List<Value> parts) {
        if (!plain.isEmpty()) {
            parts.add(new JwtTemplate.Literal(plain.toString()));
            plain.setLength(0);
        }
    }

    private char escaped() throws Malformed {
        char c = at < text.length() ? text.charAt(at++) : 0;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> throw new Malformed("Template parse error: unknown escape in a string");
        };
    }

    private char unicode() throws Malformed {
        String digits = at + 4 <= text.length() ? text.substring(at, at + 4) : "";
        if (!digits.matches("[0-9A-Fa-f]{4}")) {
            throw new Malformed("Template parse error: \\u needs four hexadecimal digits");
        }
        at += 4;
        return (char) Integer.parseInt(digits, 16);
    }

    private Value plain() throws Malformed {
        int from = at;
        while (at < text.length() && "{}[]\",: \t\r\n".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String word = text.substring(from, at);
        if (NUMBER.matcher(word).matches()) {
            return new JwtTemplate.Plain(DecimalNode.valueOf(new BigDecimal(word)));
        }
        return switch (word) {
            case "true", "false" -> new JwtTemplate.Plain(BooleanNode.valueOf(word.equals("true")));
            case "null" -> new JwtTemplate.Plain(NullNode.getInstance());
            default -> {
                at = from;
                throw unexpected();
            }
        };
    }

    private Value expression(boolean inString) throws Malformed {
        int end = text.indexOf("}}", at);
        if (end < 0) {
            throw new Malformed("Template parse error: missing '}}'");
        }
        String inner = text.substring(at + 2, end);
        at = end + 2;
        if (inner.isBlank()) {
            throw new Malformed("Expression cannot be empty");
        }
        List<Value> alternatives = new ArrayList<>();
        for (String alternative : inner.split("\\|\\|", -1)) {
            alternatives.add(alternative(alternative.strip(), inString));
        }
        return new JwtTemplate.Expression(alternatives);
    }

    private static Value alternative(String text, boolean inString) throws Malformed {
        boolean quoted = text.length() >= 2 && text.startsWith("'") && text.indexOf('\'', 1) == text.length() - 1;
        if (quoted) {
            return new JwtTemplate.Literal(text.substring(1, text.length() - 1));
        }
        if (!PATH.matcher(text).matches()) {
            throw new Malformed("Invalid expression segment");
        }
        List<String> names = List.of(text.split("\\."));
        Boolean nested = nested(names);
        if (nested == null) {
            throw new Malformed("Invalid path: \"" + text + "\"");
        }
        if (inString && nested) {
            throw new Malformed("String encapsulated expression cannot contain object reference");
        }
        return new JwtTemplate.Path(names);
    }

    /** Whether a path names an object or a list; null if it names nothing. */
    private static @Nullable Boolean nested(List<String> names) {
        Map<String, Boolean> members = ROOTS.get(names.get(0));
        if (members == null || names.size() == 1) {
            return members == null ? null : Boolean.TRUE;
        }
        Boolean nested = members.get(names.get(1));
        if (names.size() == 2 || nested == null) {
            return nested;
        }
        if (names.get(1).equals("identities")) {
            boolean known = names.size() == 3 && PROVIDERS.contains(names.get(2));
            return known ? Boolean.FALSE : null;
        }
        // what metadata and the like hold is the application's own
        return nested ? Boolean.FALSE : null;
    }

    private Malformed unexpected() {
        return at < text.length()
                ? new Malformed(
                        "Template parse error: '" + text.charAt(at) + "' is not expected at character " + (at + 1))
                : new Malformed("Template parse error: the template ends too early");
    }

    private void expect(char c) throws Malformed {
        if (!skip(c)) {
            throw unexpected();
        }
    }

    private boolean skip(char c) {
        boolean there = at < text.length() && text.charAt(at) == c;
        at += there ? 1 : 0;
        return there;
    }

    private void space() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }
}
