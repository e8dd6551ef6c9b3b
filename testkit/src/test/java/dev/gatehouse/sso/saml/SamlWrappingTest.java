package dev.gatehouse.sso.saml;

import static dev.gatehouse.sso.saml.Attack.onAssertion;
import static dev.gatehouse.sso.saml.Attack.onAssertionText;
import static dev.gatehouse.sso.saml.Attack.onResponse;
import static dev.gatehouse.sso.saml.Attack.onText;
import static dev.gatehouse.sso.saml.Dom.after;
import static dev.gatehouse.sso.saml.Dom.assertion;
import static dev.gatehouse.sso.saml.Dom.before;
import static dev.gatehouse.sso.saml.Dom.copy;
import static dev.gatehouse.sso.saml.Dom.evil;
import static dev.gatehouse.sso.saml.Dom.first;
import static dev.gatehouse.sso.saml.Dom.forged;
import static dev.gatehouse.sso.saml.Dom.make;
import static dev.gatehouse.sso.saml.Dom.root;
import static dev.gatehouse.sso.saml.Dom.signature;
import static dev.gatehouse.sso.saml.Dom.unsigned;

import dev.gatehouse.testkit.SamlIdp.Misbehaviour;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** Signatures wrapped, moved, doubled and left out (ATTACKS S01 to S23), and documents read in two ways (S26 to S38). */
class SamlWrappingTest {
    private static final String NAME = "ada@example.com</saml:NameID>";

    static Stream<Attack> attacks() {
        return Stream.of(wrapping(), signatures(), names(), documents()).flatMap(List::stream);
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void isRefused(Attack attack) {
        try (SamlStage stage = new SamlStage()) {
            attack.run(stage);
        }
    }

    private static List<Attack> wrapping() {
        return List.of(
                onResponse("S01", "XSW1: the signed response inside of its signature", Step.STRUCTURE, d -> {
                    Element original = unsigned(copy(root(d)));
                    signature(evil(root(d))).appendChild(original);
                }),
                onResponse("S02", "XSW2: the signed response before its signature", Step.STRUCTURE, d -> {
                    Element original = unsigned(copy(root(d)));
                    before(original, signature(evil(root(d))));
                }),
                onAssertion(
                        "S03", "XSW3: an evil assertion before", Step.STRUCTURE, d -> before(forged(d), assertion(d))),
                onAssertion("S04", "XSW4: an evil assertion around", Step.STRUCTURE, SamlWrappingTest::around),
                new Attack(
                        "S04",
                        "the same by the provider's own words",
                        Step.STRUCTURE,
                        s -> {},
                        s -> s.idp.misbehave(Misbehaviour.WRAPPED)),
                onAssertion("S05", "XSW5: the signed one changed, its original after it", Step.STRUCTURE, d -> {
                    Element original = unsigned(copy(assertion(d)));
                    evil(assertion(d));
                    root(d).appendChild(original);
                }),
                onAssertion("S06", "XSW6: the same, the original in the signature", Step.STRUCTURE, d -> {
                    Element original = unsigned(copy(assertion(d)));
                    signature(evil(assertion(d))).appendChild(original);
                }),
                onAssertion("S07", "XSW7: an evil assertion in Extensions", Step.STRUCTURE, d -> {
                    Element extensions = make(d, Xml.PROTOCOL, "samlp:Extensions");
                    Element evil = forged(d);
                    evil.setAttribute("ID", assertion(d).getAttribute("ID"));
                    extensions.appendChild(evil);
                    before(extensions, first(d, "Status"));
                }),
                onAssertion("S08", "XSW8: the signed one in ds:Object", Step.STRUCTURE, d -> {
                    Element original = unsigned(copy(assertion(d)));
                    Element object = make(d, Xml.DSIG, "ds:Object");
                    object.appendChild(original);
                    signature(evil(assertion(d))).appendChild(object);
                }),
                onAssertion(
                        "S08",
                        "an empty ds:Object",
                        Step.STRUCTURE,
                        d -> signature(assertion(d)).appendChild(make(d, Xml.DSIG, "ds:Object"))),
                onAssertion("S09", "the signed one in StatusDetail, an evil one in its place", Step.STRUCTURE, d -> {
                    Element signed = assertion(d);
                    Element evil = forged(d);
                    root(d).replaceChild(evil, signed);
                    Element detail = make(d, Xml.PROTOCOL, "samlp:StatusDetail");
                    detail.appendChild(signed);
                    first(d, "Status").appendChild(detail);
                }),
                onAssertion("S10", "the signed one in the advice of an evil one", Step.STRUCTURE, d -> {
                    Element signed = assertion(d);
                    Element evil = forged(d);
                    root(d).replaceChild(evil, signed);
                    Element advice = make(d, Xml.SAML, "saml:Advice");
                    advice.appendChild(signed);
                    after(advice, Dom.in(evil, "Conditions"));
                }),
                new Attack(
                        "S11",
                        "a second assertion, unsigned",
                        Step.STRUCTURE,
                        s -> s.idp.signs(false, true),
                        s -> s.idp.misbehave(Misbehaviour.TWO_ASSERTIONS)),
                new Attack(
                        "S12",
                        "two assertions, both signed",
                        Step.STRUCTURE,
                        s -> s.idp.signs(false, true),
                        s -> s.idp.signed(d -> {
                            String second = s.idp.posted(text(forged(d)));
                            Document signed =
                                    new Parsers().read(Base64.getDecoder().decode(second));
                            root(d).appendChild(d.importNode(signed.getDocumentElement(), true));
                        })));
    }

    private static void around(Document d) {
        Element signed = assertion(d);
        Element evil = forged(d);
        root(d).replaceChild(evil, signed);
        evil.appendChild(signed);
    }

    private static String text(Element e) {
        try {
            var out = new java.io.StringWriter();
            var writer =
                    javax.xml.transform.TransformerFactory.newDefaultInstance().newTransformer();
            writer.setOutputProperty("omit-xml-declaration", "yes");
            writer.transform(
                    new javax.xml.transform.dom.DOMSource(e), new javax.xml.transform.stream.StreamResult(out));
            return out.toString();
        } catch (javax.xml.transform.TransformerException e1) {
            throw new IllegalStateException(e1);
        }
    }

    private static List<Attack> signatures() {
        return List.of(
                onAssertion(
                        "S13",
                        "two signatures",
                        Step.STRUCTURE,
                        d -> before(copy(signature(assertion(d))), signature(assertion(d)))),
                onAssertion("S14", "two SignedInfo", Step.STRUCTURE, d -> {
                    Element second = copy(first(d, "SignedInfo"));
                    Dom.in(second, "DigestValue").setTextContent("AAAA");
                    after(second, first(d, "SignedInfo"));
                }),
                onAssertion("S15", "a comment in DigestValue", Step.STRUCTURE, d -> {
                    Element digest = first(d, "DigestValue");
                    digest.insertBefore(d.createComment("forged"), digest.getFirstChild());
                }),
                onAssertion("S16", "another DigestValue in StatusDetail", Step.STRUCTURE, d -> {
                    Element detail = make(d, Xml.PROTOCOL, "samlp:StatusDetail");
                    detail.appendChild(copy(first(d, "DigestValue")));
                    first(d, "Status").appendChild(detail);
                }),
                onAssertion(
                        "S17",
                        "another name after signing",
                        Step.SIGNATURE,
                        d -> first(d, "NameID").setTextContent("eve@example.com")),
                onResponse(
                        "S17",
                        "another name in a signed response",
                        Step.SIGNATURE,
                        d -> first(d, "NameID").setTextContent("eve@example.com")),
                new Attack(
                        "S18",
                        "nothing is signed",
                        Step.SIGNATURE,
                        s -> {},
                        s -> s.idp.misbehave(Misbehaviour.UNSIGNED)),
                new Attack("S18", "no certificate is configured", Step.SIGNATURE, s -> {}, s -> {
                    s.certificates = List.of();
                }),
                new Attack("S18", "nothing is signed, and no certificate", Step.SIGNATURE, s -> {}, s -> {
                    s.certificates = List.of();
                    s.idp.misbehave(Misbehaviour.UNSIGNED);
                }),
                onAssertion("S19", "the signature is taken away", Step.SIGNATURE, d -> unsigned(assertion(d))),
                onResponse("S19", "the response's signature is taken away", Step.SIGNATURE, d -> unsigned(root(d))),
                onResponse(
                        "S20",
                        "the response's signature is of the assertion",
                        Step.STRUCTURE,
                        d -> Dom.attribute(
                                d, "Reference", "URI", "#" + assertion(d).getAttribute("ID"))),
                onAssertion(
                        "S20",
                        "the assertion's signature is of the response",
                        Step.STRUCTURE,
                        d -> Dom.attribute(d, "Reference", "URI", "#" + root(d).getAttribute("ID"))),
                onAssertion("S20", "a valid signature of the assertion stands at the response", Step.STRUCTURE, d -> {
                    Element signature = signature(assertion(d));
                    after(signature, first(d, "Issuer"));
                }),
                onAssertion("S21", "an empty reference", Step.STRUCTURE, d -> Dom.attribute(d, "Reference", "URI", "")),
                onResponse(
                        "S21",
                        "an empty reference of the response",
                        Step.STRUCTURE,
                        d -> Dom.attribute(d, "Reference", "URI", "")),
                onAssertion("S21", "no reference", Step.STRUCTURE, d -> Dom.drop(d, "Reference", "URI")),
                onAssertion(
                        "S22",
                        "an XPointer",
                        Step.STRUCTURE,
                        d -> Dom.attribute(
                                d,
                                "Reference",
                                "URI",
                                "#xpointer(id('" + assertion(d).getAttribute("ID") + "'))")),
                onAssertion(
                        "S22",
                        "the whole document by XPointer",
                        Step.STRUCTURE,
                        d -> Dom.attribute(d, "Reference", "URI", "#xpointer(/)")),
                onAssertion(
                        "S22",
                        "a file",
                        Step.STRUCTURE,
                        d -> Dom.attribute(d, "Reference", "URI", "file:///etc/passwd")),
                onAssertion(
                        "S23",
                        "two references",
                        Step.STRUCTURE,
                        d -> after(copy(first(d, "Reference")), first(d, "Reference"))));
    }

    private static List<Attack> names() {
        return List.of(
                new Attack(
                        "S32",
                        "a comment in the name",
                        Step.STRUCTURE,
                        s -> s.idp.signs(false, true),
                        s -> s.idp.misbehave(Misbehaviour.COMMENT_IN_NAME)),
                onText(
                        "S32",
                        "a comment in the name, the response signed",
                        Step.STRUCTURE,
                        x -> x.replace(NAME, "ada@example.com<!---->.evil.example</saml:NameID>")),
                onText(
                        "S32",
                        "a comment anywhere",
                        Step.STRUCTURE,
                        x -> x.replace("<saml:Conditions", "<!-- --><saml:Conditions")),
                onText(
                        "S33",
                        "CDATA in the name",
                        Step.STRUCTURE,
                        x -> x.replace(NAME, "ada@<![CDATA[example.com]]></saml:NameID>")),
                Attack.bySigner("S34", "a processing instruction in the name, signed", Step.STRUCTURE, d -> {
                    Element name = first(d, "NameID");
                    name.appendChild(d.createProcessingInstruction("x", "y"));
                    name.appendChild(d.createTextNode(".evil.example"));
                }),
                Attack.bySigner("S36", "an element in the name, signed", Step.STRUCTURE, d -> {
                    Element name = first(d, "NameID");
                    name.appendChild(make(d, Xml.SAML, "saml:b"));
                    name.appendChild(d.createTextNode(".evil.example"));
                }),
                Attack.bySigner(
                        "S36",
                        "an element in a value, signed",
                        Step.STRUCTURE,
                        d -> first(d, "AttributeValue").appendChild(make(d, Xml.SAML, "saml:b"))),
                Attack.bySigner(
                        "S36",
                        "a name between text in a value, signed",
                        Step.STRUCTURE,
                        d -> first(d, "AttributeValue").appendChild(copy(first(d, "NameID")))));
    }

    private static List<Attack> documents() {
        String external = "<!DOCTYPE r SYSTEM \"http://127.0.0.1:1/x.dtd\">";
        String entity = "<!DOCTYPE r [<!ENTITY e 'eve'>]>";
        return List.of(
                onAssertionText(
                        "S26",
                        "a relative namespace at the signed element, an empty digest",
                        Step.STRUCTURE,
                        x -> x.replaceFirst("<saml:Assertion ", "<saml:Assertion xmlns:ns=\"1\" ")
                                .replaceFirst(
                                        "<ds:DigestValue>[^<]*",
                                        "<ds:DigestValue>47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")),
                onAssertionText(
                        "S26",
                        "a relative namespace above",
                        Step.STRUCTURE,
                        x -> x.replaceFirst("<samlp:Response ", "<samlp:Response xmlns:ns=\"1\" ")),
                onAssertionText(
                        "S26",
                        "the digest of nothing",
                        Step.SIGNATURE,
                        x -> x.replaceFirst(
                                "<ds:DigestValue>[^<]*",
                                "<ds:DigestValue>47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")),
                onAssertionText(
                        "S27",
                        "xml:xmlns at the signature",
                        Step.STRUCTURE,
                        x -> x.replaceFirst("<ds:Signature ", "<ds:Signature xml:xmlns=\"" + Xml.DSIG + "\" ")),
                onAssertionText(
                        "S28",
                        "a second ID in a namespace",
                        Step.STRUCTURE,
                        x -> x.replaceFirst("<saml:Assertion ", "<saml:Assertion saml:ID=\"_b\" ")),
                onAssertionText(
                        "S28",
                        "xml:id",
                        Step.STRUCTURE,
                        x -> x.replaceFirst("<samlp:Status>", "<samlp:Status xml:id=\"_b\">")),
                onAssertion(
                        "S29",
                        "one identifier twice",
                        Step.STRUCTURE,
                        d -> root(d).setAttribute("ID", assertion(d).getAttribute("ID"))),
                onText(
                        "S30",
                        "attributes by default",
                        Step.XML,
                        x -> "<!DOCTYPE samlp:Response [<!ATTLIST saml:Assertion ID ID \"_evil\">]>" + x),
                onText("S30", "an empty document type", Step.XML, x -> "<!DOCTYPE samlp:Response>" + x),
                onText("S30", "an external document type", Step.XML, x -> external + x),
                onText(
                        "S31",
                        "an entity in the name",
                        Step.XML,
                        x -> entity + x.replace(NAME, "&e;@example.com</saml:NameID>")),
                onText(
                        "S31",
                        "an entity in an identifier",
                        Step.XML,
                        x -> entity + x.replaceFirst("ID=\"_", "ID=\"_&e;")),
                onText(
                        "S37",
                        "what is written and read again differs",
                        Step.XML,
                        x -> "<!DOCTYPE x SYSTEM 'a\"><!--'>" + x + "<!--<![CDATA[-->"),
                onText("S38", "two roots", Step.XML, x -> x + x),
                onText("S38", "text behind", Step.XML, x -> x + "x"),
                onText("S38", "a comment behind", Step.STRUCTURE, x -> x + "<!-- x -->"),
                onText("S38", "an instruction before", Step.STRUCTURE, x -> "<?xml-stylesheet href=\"x\"?>" + x),
                onText(
                        "S38",
                        "other bytes than UTF-8",
                        Step.XML,
                        x -> new String(x.getBytes(StandardCharsets.UTF_16), StandardCharsets.ISO_8859_1)));
    }
}
