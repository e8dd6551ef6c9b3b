package dev.gatehouse.sso.saml;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;

/**
 * What a message looks like from outside, for the record of an attempt that failed. <strong>Nobody has verified any of it</strong>:
 * it is for people to look at, and nothing may be decided by it. Names and attributes of persons are not in it.
 *
 * @param root the root element's name, or why there is none
 * @param issuer of the message, shortened; null if absent
 * @param destination shortened; null if absent
 * @param inResponseTo shortened; null if absent
 * @param audiences of the assertions, shortened
 * @param times each as {@code element/@attribute value}, of the message, conditions, confirmations and authentication
 * @param status codes, outer first, of those that SAML knows
 * @param algorithms all that are named, in alphabetical order
 * @param assertions how many plain assertions there are, anywhere
 * @param encryptedAssertions how many encrypted ones
 * @param signatures how many signatures
 */
public record SamlOutline(
        String root,
        @Nullable String issuer,
        @Nullable String destination,
        @Nullable String inResponseTo,
        List<String> audiences,
        List<String> times,
        List<String> status,
        Set<String> algorithms,
        int assertions,
        int encryptedAssertions,
        int signatures) {
    private static final int MOST = 20;
    private static final int LONGEST = 200;
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}]");
    private static final Set<String> TIMES =
            Set.of("IssueInstant", "NotBefore", "NotOnOrAfter", "AuthnInstant", "SessionNotOnOrAfter");

    /** Copies. */
    public SamlOutline {
        audiences = List.copyOf(audiences);
        times = List.copyOf(times);
        status = List.copyOf(status);
    }

    static SamlOutline of(Parsers parsers, String base64) {
        try {
            return new Walk().walk(parsers.read(Wire.decode(base64)).getDocumentElement());
        } catch (SamlRefusal refusal) {
            return unreadable("unreadable at step " + refusal.step().number());
        } catch (RuntimeException e) {
            // whatever it is, an outline is no reason to fail
            return unreadable("unreadable");
        }
    }

    private static SamlOutline unreadable(String why) {
        return new SamlOutline(why, null, null, null, List.of(), List.of(), List.of(), Set.of(), 0, 0, 0);
    }

    private static @Nullable String brief(@Nullable String text) {
        return text == null ? null : shortened(text);
    }

    private static String shortened(String text) {
        String start = text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
        return UNPRINTABLE.matcher(start).replaceAll("?");
    }

    private static final class Walk {
        private final List<String> audiences = new ArrayList<>();
        private final List<String> times = new ArrayList<>();
        private final List<String> status = new ArrayList<>();
        private final Set<String> algorithms = new TreeSet<>();
        private int assertions;
        private int encrypted;
        private int signatures;

        SamlOutline walk(Element root) {
            element(root);
            Element issuer = Xml.child(root, Xml.SAML, "Issuer");
            return new SamlOutline(
                    shortened(root.getNodeName()),
                    issuer == null ? null : shortened(issuer.getTextContent()),
                    brief(Xml.attribute(root, "Destination")),
                    brief(Xml.attribute(root, "InResponseTo")),
                    audiences,
                    times,
                    status,
                    algorithms,
                    assertions,
                    encrypted,
                    signatures);
        }

        private void element(Element e) {
            assertions += Xml.is(e, Xml.SAML, "Assertion") ? 1 : 0;
            encrypted += Xml.is(e, Xml.SAML, "EncryptedAssertion") ? 1 : 0;
            signatures += Xml.is(e, Xml.DSIG, "Signature") ? 1 : 0;
            if (Xml.is(e, Xml.SAML, "Audience") && audiences.size() < MOST) {
                audiences.add(shortened(e.getTextContent()));
            }
            if (Xml.is(e, Xml.PROTOCOL, "StatusCode") && status.size() < 3) {
                status.add(ResponseReader.brief(e.getAttribute("Value")));
            }
            String algorithm = Xml.attribute(e, "Algorithm");
            if (algorithm != null && algorithms.size() < MOST) {
                algorithms.add(shortened(algorithm));
            }
            for (String name : TIMES) {
                String time = Xml.attribute(e, name);
                if (time != null && times.size() < MOST) {
                    times.add(shortened(e.getLocalName() + "/@" + name + " " + time));
                }
            }
            Xml.children(e).forEach(this::element);
        }
    }
}
