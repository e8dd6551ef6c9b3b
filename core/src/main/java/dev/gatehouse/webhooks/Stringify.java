package dev.gatehouse.webhooks;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Writes JSON as {@code JSON.stringify(JSON.parse(text))} does (ECMA-262 §25.5.2): the vendor's Node SDK verifies the
 * signature of a body that the application's framework has read already over that text. Other than Jackson, it puts members
 * that look like array indexes first, escapes in lower case, and writes numbers in their shortest form.
 */
final class Stringify {
    private static final Pattern INDEX = Pattern.compile("0|[1-9][0-9]{0,9}");
    private static final long GREATEST_INDEX = 4_294_967_294L;
    private static final long GREATEST_SAFE = 9_007_199_254_740_991L;

    private final StringBuilder out = new StringBuilder();

    private Stringify() {}

    static String of(JsonNode value) {
        Stringify writer = new Stringify();
        writer.value(value);
        return writer.out.toString();
    }

    private void value(JsonNode value) {
        if (value.isObject()) {
            object(value);
        } else if (value.isArray()) {
            out.append('[');
            String comma = "";
            for (JsonNode element : value) {
                out.append(comma);
                value(element);
                comma = ",";
            }
            out.append(']');
        } else if (value.isTextual()) {
            text(value.textValue());
        } else if (value.isNumber()) {
            out.append(number(value));
        } else {
            out.append(value.asText());
        }
    }

    private void object(JsonNode object) {
        List<Map.Entry<String, JsonNode>> indexes = new ArrayList<>();
        List<Map.Entry<String, JsonNode>> others = new ArrayList<>();
        object.properties().forEach(member -> (isIndex(member.getKey()) ? indexes : others).add(member));
        indexes.sort(Comparator.comparingLong(member -> Long.parseLong(member.getKey())));
        indexes.addAll(others);
        out.append('{');
        String comma = "";
        for (Map.Entry<String, JsonNode> member : indexes) {
            out.append(comma);
            text(member.getKey());
            out.append(':');
            value(member.getValue());
            comma = ",";
        }
        out.append('}');
    }

    private static boolean isIndex(String name) {
        return INDEX.matcher(name).matches() && Long.parseLong(name) <= GREATEST_INDEX;
    }

    private void text(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ' || isLone(text, i)) {
                        out.append("\\u").append(HexFormat.of().toHexDigits(c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private static boolean isLone(String text, int at) {
        char c = text.charAt(at);
        return Character.isHighSurrogate(c)
                ? at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1))
                : Character.isLowSurrogate(c) && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
    }

    private static String number(JsonNode value) {
        if (value.isIntegralNumber() && Math.abs(value.longValue()) <= GREATEST_SAFE && value.canConvertToLong()) {
            return Long.toString(value.longValue());
        }
        return number(value.doubleValue());
    }

    /** ECMA-262 §6.1.6.1.20 Number::toString. */
    private static String number(double number) {
        if (number == 0) {
            return "0";
        }
        BigDecimal exact = new BigDecimal(Math.abs(number));
        BigDecimal shortest = exact;
        for (int digits = 1; digits <= 17; digits++) {
            BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            if (rounded.doubleValue() == Math.abs(number)) {
                shortest = rounded.stripTrailingZeros();
                break;
            }
        }
        String digits = shortest.unscaledValue().toString();
        int point = digits.length() - shortest.scale();
        String sign = number < 0 ? "-" : "";
        if (point > -6 && point <= 21) {
            return sign + shortest.toPlainString();
        }
        String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        return sign + mantissa + "e" + (point > 0 ? "+" : "-") + Math.abs(point - 1);
    }
}
