package dev.gatehouse.sso;

import dev.gatehouse.identity.Email;
import dev.gatehouse.sso.saml.SamlAssertion;
import dev.gatehouse.sso.saml.SamlRefusal;
import dev.gatehouse.sso.saml.Step;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What attributes of an assertion say of a person: by the connection's mapping, else by the names that providers use. */
final class SamlAttributes {
    private static final String CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/";
    private static final String EMAIL_FORMAT = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";
    static final String TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";
    private static final Set<String> OPAQUE = Set.of("urn:oasis:names:tc:SAML:2.0:nameid-format:persistent", TRANSIENT);
    private static final int MOST_NAME = 200;
    private static final int MOST_GROUPS = 1_000;

    /** Member of a profile to attributes, the first that is there counts. */
    private static final Map<String, List<String>> USUAL = Map.of(
            "email",
            List.of(
                    "email",
                    "mail",
                    "emailAddress",
                    "Email",
                    "User.email",
                    CLAIMS + "emailaddress",
                    "urn:oid:0.9.2342.19200300.100.1.3"),
            "first_name",
            List.of(
                    "firstName",
                    "givenName",
                    "first_name",
                    "FirstName",
                    "User.FirstName",
                    CLAIMS + "givenname",
                    "urn:oid:2.5.4.42"),
            "last_name",
            List.of(
                    "lastName",
                    "surname",
                    "sn",
                    "last_name",
                    "LastName",
                    "User.LastName",
                    CLAIMS + "surname",
                    "urn:oid:2.5.4.4"),
            "name",
            List.of(
                    "displayName",
                    "name",
                    "http://schemas.microsoft.com/identity/claims/displayname",
                    "urn:oid:2.16.840.1.113730.3.1.241"),
            "groups",
            List.of(
                    "groups",
                    "memberOf",
                    "Role",
                    "http://schemas.xmlsoap.org/claims/Group",
                    "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups"));

    private final Connection connection;
    private final SamlAssertion assertion;

    SamlAttributes(Connection connection, SamlAssertion assertion) {
        this.connection = connection;
        this.assertion = assertion;
    }

    private List<String> values(String member) {
        String mapped = connection.attributes().get(member);
        List<String> names = mapped == null ? USUAL.getOrDefault(member, List.of()) : List.of(mapped);
        return names.stream()
                .map(name -> assertion.attributes().getOrDefault(name, List.of()))
                .filter(found -> !found.isEmpty())
                .findFirst()
                .orElse(List.of());
    }

    private List<String> distinct(String member) {
        return values(member).stream()
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .distinct()
                .toList();
    }

    /** By this value somebody is known: several are no one's to choose from (ATTACKS S74). */
    private @Nullable String needed(String member) {
        List<String> values = distinct(member);
        if (values.size() > 1) {
            throw SamlRefusal.of(Step.ATTRIBUTES, "one value for " + member, values.size() + " different ones");
        }
        return values.isEmpty() ? null : values.get(0);
    }

    /** An attribute that identifies the person in place of the name identifier; null for none. */
    @Nullable
    String id() {
        return connection.attributes().containsKey("id") ? needed("id") : null;
    }

    @Nullable
    String email() {
        String email = needed("email");
        if (email != null || connection.attributes().containsKey("email")) {
            return email;
        }
        String name = assertion.nameId();
        String format = assertion.nameIdFormat();
        // what a provider calls opaque is no address though it looks like one (ATTACKS S72)
        boolean opaque = format != null && OPAQUE.contains(format);
        return EMAIL_FORMAT.equals(format) || (!opaque && Email.valid(name)) ? name : null;
    }

    @Nullable
    String name(String member) {
        List<String> names = distinct(member);
        return names.size() != 1 || names.get(0).length() > MOST_NAME ? null : names.get(0);
    }

    List<String> groups() {
        return values("groups").stream().limit(MOST_GROUPS).toList();
    }

    /** Every attribute; a text where there is one value. */
    Map<String, Object> raw() {
        Map<String, Object> all = new LinkedHashMap<>();
        assertion.attributes().forEach((name, values) -> all.put(name, plain(values)));
        return all;
    }

    /** Custom attributes of the connection that are there. */
    Map<String, Object> custom() {
        Map<String, Object> all = new LinkedHashMap<>();
        connection.customAttributes().forEach((name, attribute) -> {
            List<String> values = assertion.attributes().get(attribute);
            all.put(name, values == null || values.isEmpty() ? null : plain(values));
        });
        return all;
    }

    private static Object plain(List<String> values) {
        return values.size() == 1 ? values.get(0) : values;
    }
}
