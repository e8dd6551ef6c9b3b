package dev.gatehouse.sso.saml;

import static dev.gatehouse.sso.saml.Attack.bySigner;
import static dev.gatehouse.sso.saml.Attack.misbehaves;
import static dev.gatehouse.sso.saml.Attack.onText;
import static dev.gatehouse.sso.saml.Dom.after;
import static dev.gatehouse.sso.saml.Dom.assertion;
import static dev.gatehouse.sso.saml.Dom.attribute;
import static dev.gatehouse.sso.saml.Dom.copy;
import static dev.gatehouse.sso.saml.Dom.drop;
import static dev.gatehouse.sso.saml.Dom.first;
import static dev.gatehouse.sso.saml.Dom.make;
import static dev.gatehouse.sso.saml.Dom.root;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.testkit.SamlIdp.Misbehaviour;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Element;

/** What a provider may sign and is refused all the same (ATTACKS S52 to S61, S65 to S78, S87, S88, S96). */
class SamlContentTest {
    private static final String DATA = "SubjectConfirmationData";
    private static final String BEARER = "urn:oasis:names:tc:SAML:2.0:cm:";

    static Stream<Attack> attacks() {
        return Stream.of(addresses(), answers(), subjects(), attributes(), messages())
                .flatMap(List::stream);
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void isRefused(Attack attack) {
        try (SamlStage stage = new SamlStage()) {
            attack.run(stage);
        }
    }

    private static List<Attack> addresses() {
        List<Attack> rows = new ArrayList<>(List.of(
                misbehaves("S52", Step.AUDIENCE, Misbehaviour.WRONG_AUDIENCE),
                bySigner(
                        "S53",
                        "no restriction of the audience",
                        Step.AUDIENCE,
                        d -> Dom.remove(d, "AudienceRestriction")),
                bySigner("S53", "no conditions", Step.STRUCTURE, d -> Dom.remove(d, "Conditions")),
                bySigner("S53", "no audience", Step.STRUCTURE, d -> Dom.remove(d, "Audience")),
                bySigner("S53", "an empty audience", Step.AUDIENCE, d -> Dom.text(d, "Audience", "")),
                bySigner("S53", "a second restriction, without us", Step.AUDIENCE, d -> {
                    Element second = copy(first(d, "AudienceRestriction"));
                    Dom.in(second, "Audience").setTextContent("https://other.example");
                    after(second, first(d, "AudienceRestriction"));
                }),
                bySigner(
                        "S53",
                        "a restriction of an unknown kind",
                        Step.STRUCTURE,
                        d -> first(d, "Conditions").appendChild(make(d, Xml.SAML, "saml:Condition"))),
                misbehaves("S54", Step.RECIPIENT, Misbehaviour.WRONG_RECIPIENT),
                bySigner("S54", "no recipient", Step.RECIPIENT, d -> drop(d, DATA, "Recipient")),
                misbehaves("S55", Step.DESTINATION, Misbehaviour.WRONG_DESTINATION),
                bySigner(
                        "S55",
                        "no destination of a signed response",
                        Step.DESTINATION,
                        d -> root(d).removeAttribute("Destination")),
                misbehaves("S67", Step.ISSUER, Misbehaviour.WRONG_ISSUER),
                bySigner(
                        "S67",
                        "another issuer of the response",
                        Step.ISSUER,
                        d -> Dom.text(d, "Issuer", "https://other.example")),
                bySigner(
                        "S67",
                        "another issuer of the assertion",
                        Step.ISSUER,
                        d -> Dom.in(assertion(d), "Issuer").setTextContent("https://other.example")),
                bySigner("S67", "no issuer of the response", Step.STRUCTURE, d -> Dom.remove(d, "Issuer")),
                bySigner(
                        "S67",
                        "no issuer of the assertion",
                        Step.STRUCTURE,
                        d -> assertion(d).removeChild(Dom.in(assertion(d), "Issuer"))),
                bySigner(
                        "S67",
                        "an issuer that is a person",
                        Step.ISSUER,
                        d -> attribute(
                                d, "Issuer", "Format", "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"))));
        for (String other : List.of(
                SamlStage.ACS + "/",
                SamlStage.ACS.toUpperCase(java.util.Locale.ROOT),
                SamlStage.ACS + "?",
                " " + SamlStage.ACS,
                "")) {
            rows.add(bySigner(
                    "S54",
                    "the recipient '" + other + "'",
                    Step.RECIPIENT,
                    d -> attribute(d, DATA, "Recipient", other)));
            rows.add(bySigner(
                    "S55",
                    "the destination '" + other + "'",
                    Step.DESTINATION,
                    d -> root(d).setAttribute("Destination", other)));
        }
        for (String other : List.of(SamlStage.SP + "/", "HTTPS://SP.EXAMPLE.COM", " " + SamlStage.SP)) {
            rows.add(bySigner(
                    "S52", "the audience '" + other + "'", Step.AUDIENCE, d -> Dom.text(d, "Audience", other)));
        }
        return rows;
    }

    private static List<Attack> answers() {
        return List.of(
                misbehaves("S56", Step.IN_RESPONSE_TO, Misbehaviour.WRONG_REQUEST),
                bySigner("S57", "an answer to nothing", Step.IN_RESPONSE_TO, d -> {
                    root(d).removeAttribute("InResponseTo");
                    drop(d, DATA, "InResponseTo");
                }),
                bySigner(
                        "S58",
                        "the response answers another",
                        Step.IN_RESPONSE_TO,
                        d -> root(d).setAttribute("InResponseTo", "_other")),
                bySigner(
                        "S58",
                        "the response answers nothing",
                        Step.IN_RESPONSE_TO,
                        d -> root(d).removeAttribute("InResponseTo")),
                bySigner(
                        "S58",
                        "the confirmation answers another",
                        Step.IN_RESPONSE_TO,
                        d -> attribute(d, DATA, "InResponseTo", "_other")),
                bySigner(
                        "S58",
                        "the confirmation answers nothing",
                        Step.IN_RESPONSE_TO,
                        d -> drop(d, DATA, "InResponseTo")));
    }

    private static List<Attack> subjects() {
        return List.of(
                bySigner(
                        "S65",
                        "holder-of-key",
                        Step.SUBJECT_CONFIRMATION,
                        d -> attribute(d, "SubjectConfirmation", "Method", BEARER + "holder-of-key")),
                bySigner(
                        "S65",
                        "sender-vouches",
                        Step.SUBJECT_CONFIRMATION,
                        d -> attribute(d, "SubjectConfirmation", "Method", BEARER + "sender-vouches")),
                bySigner(
                        "S65",
                        "BEARER",
                        Step.SUBJECT_CONFIRMATION,
                        d -> attribute(d, "SubjectConfirmation", "Method", BEARER + "BEARER")),
                bySigner("S65", "no confirmation", Step.STRUCTURE, d -> Dom.remove(d, "SubjectConfirmation")),
                bySigner("S65", "no data of the confirmation", Step.SUBJECT_CONFIRMATION, d -> Dom.remove(d, DATA)),
                bySigner("S66", "two confirmations, each half right", Step.RECIPIENT, d -> {
                    Element second = copy(first(d, "SubjectConfirmation"));
                    attribute(d, DATA, "Recipient", "https://other.example");
                    Dom.in(second, DATA).setAttribute("InResponseTo", "_other");
                    after(second, first(d, "SubjectConfirmation"));
                }),
                bySigner("S72", "an empty name", Step.SUBJECT, d -> Dom.text(d, "NameID", "")),
                bySigner("S72", "a blank name", Step.SUBJECT, d -> Dom.text(d, "NameID", " \n")),
                bySigner("S72", "no name", Step.STRUCTURE, d -> Dom.remove(d, "NameID")),
                bySigner(
                        "S72",
                        "a name for another service provider",
                        Step.SUBJECT,
                        d -> attribute(d, "NameID", "SPNameQualifier", "https://other.example")),
                bySigner(
                        "S72",
                        "an encrypted name",
                        Step.STRUCTURE,
                        d -> d.renameNode(first(d, "NameID"), Xml.SAML, "saml:EncryptedID")),
                new Attack(
                        "S96",
                        "a weaker authentication",
                        Step.AUTHN_CONTEXT,
                        s -> {
                            s.options = new SamlOptions(false, false, false, Duration.ZERO, null, false, "urn:mfa");
                            s.idp.authnContext("urn:mfa");
                        },
                        s -> s.idp.authnContext("urn:oasis:names:tc:SAML:2.0:ac:classes:Password")));
    }

    private static List<Attack> attributes() {
        return List.of(
                bySigner("S74", "a second one of another name format", Step.ATTRIBUTES, d -> {
                    Element second = copy(first(d, "Attribute"));
                    second.setAttribute("NameFormat", "urn:oasis:names:tc:SAML:2.0:attrname-format:uri");
                    after(second, first(d, "Attribute"));
                }),
                bySigner(
                        "S75",
                        "a second statement",
                        Step.STRUCTURE,
                        d -> after(copy(first(d, "AttributeStatement")), first(d, "AttributeStatement"))),
                bySigner(
                        "S75",
                        "a second statement of authentication",
                        Step.STRUCTURE,
                        d -> after(copy(first(d, "AuthnStatement")), first(d, "AttributeStatement"))),
                bySigner("S75", "an attribute in the advice", Step.STRUCTURE, d -> {
                    Element advice = make(d, Xml.SAML, "saml:Advice");
                    advice.appendChild(copy(first(d, "Attribute")));
                    after(advice, first(d, "Conditions"));
                }),
                bySigner("S75", "an attribute in the extensions", Step.STRUCTURE, d -> {
                    Element extensions = make(d, Xml.PROTOCOL, "samlp:Extensions");
                    extensions.appendChild(copy(first(d, "Attribute")));
                    after(extensions, first(d, "Issuer"));
                }),
                bySigner(
                        "S75",
                        "an attribute outside of a statement",
                        Step.STRUCTURE,
                        d -> assertion(d).appendChild(copy(first(d, "Attribute")))),
                bySigner(
                        "S75",
                        "an encrypted attribute",
                        Step.STRUCTURE,
                        d -> first(d, "AttributeStatement").appendChild(make(d, Xml.SAML, "saml:EncryptedAttribute"))),
                bySigner(
                        "S75",
                        "an unknown attribute of an element",
                        Step.STRUCTURE,
                        d -> attribute(d, "AttributeValue", "role", "admin")),
                bySigner(
                        "S75", "no statement of authentication", Step.STRUCTURE, d -> Dom.remove(d, "AuthnStatement")));
    }

    private static List<Attack> messages() {
        String success = "urn:oasis:names:tc:SAML:2.0:status:Success";
        return List.of(
                misbehaves("S77", Step.STATUS, Misbehaviour.DENIED),
                bySigner(
                        "S77",
                        "a failure with a signed assertion",
                        Step.STATUS,
                        d -> attribute(d, "StatusCode", "Value", success.replace("Success", "Responder"))),
                bySigner("S77", "Success inside of Responder", Step.STATUS, d -> {
                    Element inner = copy(first(d, "StatusCode"));
                    attribute(d, "StatusCode", "Value", success.replace("Success", "Responder"));
                    first(d, "StatusCode").appendChild(inner);
                }),
                bySigner(
                        "S77",
                        "a status of another spelling",
                        Step.STATUS,
                        d -> attribute(d, "StatusCode", "Value", success + " ")),
                bySigner("S77", "no status", Step.STRUCTURE, d -> Dom.remove(d, "Status")),
                bySigner("S77", "no assertion", Step.STRUCTURE, d -> Dom.remove(d, "Assertion")),
                bySigner("S78", "another version", Step.STRUCTURE, d -> root(d).setAttribute("Version", "1.1")),
                bySigner(
                        "S78",
                        "another version of the assertion",
                        Step.STRUCTURE,
                        d -> assertion(d).setAttribute("Version", "1.1")),
                Attack.onAssertionText(
                        "S78",
                        "no identifier",
                        Step.STRUCTURE,
                        x -> x.replaceFirst("(<saml:Assertion.*?) ID=\"[^\"]*\"", "$1")),
                onText(
                        "S78",
                        "an assertion alone",
                        Step.STRUCTURE,
                        x -> "<saml:Assertion xmlns:saml=\"" + Xml.SAML + "\" "
                                + x.substring(x.indexOf("<saml:Assertion ") + 16, x.indexOf("</samlp:Response>"))),
                new Attack(
                        "S78",
                        "a signed logout response",
                        Step.STRUCTURE,
                        s -> {},
                        s -> s.idp.wire(
                                x -> decoded(s.idp.posted(s.idp.logoutResponseXml(SamlStage.ACS, SamlStage.REQUEST))))),
                new Attack(
                        "S78",
                        "a signed logout request around the assertion",
                        Step.STRUCTURE,
                        s -> {},
                        s -> s.idp.wire(x -> decoded(s.idp.posted(s.idp.logoutRequestXml(SamlStage.ACS, null))))),
                new Attack("S78", "metadata", Step.STRUCTURE, s -> {}, s -> s.idp.wire(x -> s.idp.metadata())));
    }

    private static String decoded(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    @Test
    @DisplayName("S57 an answer to a request is no unsolicited response")
    void unsolicitedMeansUnsolicited() {
        try (SamlStage stage = new SamlStage()) {
            String unasked = stage.idp.unsolicited(SamlStage.SP, SamlStage.ACS);
            assertThat(stage.saml.response(stage.connection(), unasked, Expected.unsolicited(), stage.now()))
                    .isNotNull();
            stage.refused(Step.IN_RESPONSE_TO, unasked);
            String asked = stage.idp.answer(SamlStage.REQUEST, SamlStage.SP, SamlStage.ACS);
            assertThat(stage.read(asked)).isNotNull();
            org.assertj.core.api.Assertions.assertThatThrownBy(
                            () -> stage.saml.response(stage.connection(), asked, Expected.unsolicited(), stage.now()))
                    .isInstanceOfSatisfying(
                            SamlRefusal.class, e -> assertThat(e.step()).isEqualTo(Step.IN_RESPONSE_TO));
        }
    }

    @Test
    @DisplayName("S66 one bearer that fits is enough, and what it says counts")
    void oneConfirmationIsEnough() {
        try (SamlStage stage = new SamlStage()) {
            stage.idp.unsigned(d -> {
                Element good = first(d, "SubjectConfirmation");
                Element bad = copy(good);
                Dom.in(bad, DATA).setAttribute("Recipient", "https://other.example");
                Dom.in(bad, DATA).setAttribute("NotOnOrAfter", "2026-06-02T10:00:00Z");
                Dom.before(bad, good);
            });
            assertThat(stage.signIn().replayUntil()).isEqualTo(stage.now().plusSeconds(360));
        }
    }

    @Test
    @DisplayName("S87 what is huge ends before it is parsed, or soon after")
    void hugeMessages() {
        try (SamlStage stage = new SamlStage()) {
            assertThat(stage.signIn()).isNotNull();
            stage.refused(Step.ENCODING, "A".repeat(100 * 1024 * 1024));
            stage.idp.wire(x -> "<a>".repeat(10_000) + "</a>".repeat(10_000));
            stage.refused(Step.XML);
            stage.idp.wire(x -> {
                StringBuilder many = new StringBuilder("<a");
                for (int i = 0; i < 50_000; i++) {
                    many.append(" a").append(i).append("=\"\"");
                }
                return many.append("/>").toString();
            });
            stage.refused(Step.XML);
        }
    }

    @ParameterizedTest
    @DisplayName("S88 Base64 has one spelling, but for line breaks")
    @CsvSource({"!!!", "-_", "====", "'\u00a0'"})
    void base64IsStrict(String garbage) {
        try (SamlStage stage = new SamlStage()) {
            String honest = stage.idp.answer(SamlStage.REQUEST, SamlStage.SP, SamlStage.ACS);
            assertThat(stage.read(honest)).isNotNull();
            assertThat(stage.read(honest.replaceAll("(.{76})", "$1\r\n"))).isNotNull();
            stage.refused(Step.ENCODING, honest.substring(0, 40) + garbage + honest.substring(40));
            stage.refused(Step.ENCODING, honest + "A");
            stage.refused(Step.ENCODING, "");
            // bits behind the end that decode to the same
            stage.refused(Step.ENCODING, "PGEvPh==");
        }
    }
}
