package dev.gatehouse.sso.saml;

import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** Changes that attacks are made of. */
final class Dom {
    private Dom() {}

    static Element root(Document d) {
        return d.getDocumentElement();
    }

    static Element first(Document d, String name) {
        return (Element) d.getElementsByTagNameNS("*", name).item(0);
    }

    static Element assertion(Document d) {
        return first(d, "Assertion");
    }

    static Element in(Element e, String name) {
        return (Element) e.getElementsByTagNameNS("*", name).item(0);
    }

    /** The signature that stands directly in an element. */
    static Element signature(Element e) {
        return Xml.children(e, Xml.DSIG, "Signature").get(0);
    }

    static Element copy(Element e) {
        return (Element) e.cloneNode(true);
    }

    /** Without the signature. */
    static Element unsigned(Element e) {
        e.removeChild(signature(e));
        return e;
    }

    /** Another identifier, another person. */
    static Element evil(Element e) {
        e.setAttribute("ID", "_evil");
        in(e, "NameID").setTextContent("eve@example.com");
        return e;
    }

    /** A forged assertion: copied, unsigned, evil. */
    static Element forged(Document d) {
        return evil(unsigned(copy(assertion(d))));
    }

    static Element make(Document d, String namespace, String name) {
        return d.createElementNS(namespace, name);
    }

    static void before(Node added, Node place) {
        place.getParentNode().insertBefore(added, place);
    }

    static void after(Node added, Node place) {
        place.getParentNode().insertBefore(added, place.getNextSibling());
    }

    static void attribute(Document d, String element, String name, String value) {
        first(d, element).setAttribute(name, value);
    }

    static void drop(Document d, String element, String attribute) {
        first(d, element).removeAttribute(attribute);
    }

    static void remove(Document d, String element) {
        Element e = first(d, element);
        e.getParentNode().removeChild(e);
    }

    static void text(Document d, String element, String text) {
        first(d, element).setTextContent(text);
    }
}
