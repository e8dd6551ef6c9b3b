package dev.gatehouse.sso.saml;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** Names of SAML's XML, and ways through what {@link Parsers} has read. */
final class Xml {
    static final String SAML = "urn:oasis:names:tc:SAML:2.0:assertion";
    static final String PROTOCOL = "urn:oasis:names:tc:SAML:2.0:protocol";
    static final String METADATA = "urn:oasis:names:tc:SAML:2.0:metadata";
    static final String DSIG = "http://www.w3.org/2000/09/xmldsig#";
    static final String DSIG11 = "http://www.w3.org/2009/xmldsig11#";
    static final String XENC = "http://www.w3.org/2001/04/xmlenc#";
    static final String XENC11 = "http://www.w3.org/2009/xmlenc11#";
    static final String EXC_C14N = "http://www.w3.org/2001/10/xml-exc-c14n#";

    private Xml() {}

    /** Children that are elements. */
    static List<Element> children(Element of) {
        List<Element> children = new ArrayList<>();
        for (Node n = of.getFirstChild(); n != null; n = n.getNextSibling()) {
            if (n instanceof Element e) {
                children.add(e);
            }
        }
        return children;
    }

    /** Children of that name. */
    static List<Element> children(Element of, String namespace, String name) {
        List<Element> children = new ArrayList<>(2);
        for (Node n = of.getFirstChild(); n != null; n = n.getNextSibling()) {
            if (n instanceof Element e && is(e, namespace, name)) {
                children.add(e);
            }
        }
        return children;
    }

    /** The first child of that name, or null. */
    static @Nullable Element child(Element of, String namespace, String name) {
        for (Node n = of.getFirstChild(); n != null; n = n.getNextSibling()) {
            if (n instanceof Element e && is(e, namespace, name)) {
                return e;
            }
        }
        return null;
    }

    /** A child that the gate has seen. */
    static Element theChild(Element of, String namespace, String name) {
        Element child = child(of, namespace, name);
        if (child == null) {
            throw SamlRefusal.of(Step.STRUCTURE, name + " in " + of.getLocalName(), "none");
        }
        return child;
    }

    static boolean is(Element e, String namespace, String name) {
        return name.equals(e.getLocalName()) && namespace.equals(e.getNamespaceURI());
    }

    /** An attribute without namespace, or null if it is absent. */
    static @Nullable String attribute(Element e, String name) {
        return e.hasAttributeNS(null, name) ? e.getAttributeNS(null, name) : null;
    }
}
