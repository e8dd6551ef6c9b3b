package dev.gatehouse.sso.saml;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;

/**
 * Times as SAML has them (core 1.3.3): xs:dateTime in UTC, ending in Z. Years have four digits, fractions at most nine; there
 * is neither an hour 24 nor a second 60.
 */
final class XmlTime {
    private static final Pattern UTC =
            Pattern.compile("([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\\.([0-9]{1,9}))?Z");

    private XmlTime() {}

    /** The time in an attribute; null if the attribute is absent. */
    static @Nullable Instant optional(Element e, String attribute) {
        String text = Xml.attribute(e, attribute);
        return text == null ? null : parse(attribute, text);
    }

    /** The time in an attribute that must be there. */
    static Instant required(Step step, Element e, String attribute) {
        Instant time = optional(e, attribute);
        if (time == null) {
            throw SamlRefusal.of(step, attribute + " of " + e.getLocalName(), "none");
        }
        return time;
    }

    private static Instant parse(String attribute, String text) {
        Matcher parts = UTC.matcher(text);
        if (parts.matches()) {
            try {
                String fraction = parts.group(7) == null ? "" : parts.group(7);
                return LocalDateTime.of(
                                number(text, parts, 1),
                                number(text, parts, 2),
                                number(text, parts, 3),
                                number(text, parts, 4),
                                number(text, parts, 5),
                                number(text, parts, 6),
                                Integer.parseInt((fraction + "000000000").substring(0, 9)))
                        .toInstant(ZoneOffset.UTC);
            } catch (DateTimeException e) {
                // no such day or hour
            }
        }
        throw SamlRefusal.of(Step.TIME, attribute + " as 2026-06-01T10:00:00Z, in UTC", text);
    }

    private static int number(String text, Matcher parts, int group) {
        return Integer.parseInt(text, parts.start(group), parts.end(group), 10);
    }
}
