package dev.gatehouse.sso.saml;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import javax.xml.namespace.QName;
import org.w3c.dom.Attr;
import org.w3c.dom.CDATASection;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.Text;

/**
 * Lets a document pass only if each of its nodes is where the {@link Grammar} has a place for it. What passes has one
 * assertion and at most one signature on an element, no comments, processing instructions or CDATA sections, no identifier
 * twice, and no namespace that canonicalization would stumble over.
 */
final class Gate {
    private static final int LONGEST_ID = 256;
    private static final Pattern ABSOLUTE = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:[\\x21-\\x7e]+");
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_.-]+");

    private final Set<String> ids = new HashSet<>();

    private Gate() {}

    /**
     * Checks a document, and makes its identifiers known to {@link Document#getElementById}.
     *
     * @throws SamlRefusal at {@link Step#STRUCTURE}
     */
    static Element check(Document document, String namespace, String name, Shape shape) {
        Element root = document.getDocumentElement();
        for (Node n = document.getFirstChild(); n != null; n = n.getNextSibling()) {
            if (n != root) {
                throw refused(root.getLocalName() + " alone", kind(n) + " beside it");
            }
        }
        if (!Xml.is(root, namespace, name)) {
            throw refused(name + " of SAML 2.0", called(root));
        }
        new Gate().element(root, shape);
        return root;
    }

    private void element(Element e, Shape shape) {
        attributes(e, shape);
        boolean parents = false;
        boolean written = false;
        int signatures = 0;
        int slot = 0;
        int filled = 0;
        for (Node n = e.getFirstChild(); n != null; n = n.getNextSibling()) {
            if (n instanceof Element child) {
                parents = true;
                signatures += Xml.is(child, Xml.DSIG, "Signature") ? 1 : 0;
                QName name = Shape.name(child);
                while (slot < shape.slots().size() && !fits(shape.slots().get(slot), name, filled)) {
                    enough(e, shape.slots().get(slot), filled);
                    slot++;
                    filled = 0;
                }
                if (slot == shape.slots().size()) {
                    throw refused("the children of " + called(e) + " in their order and number", called(child));
                }
                filled++;
                Shape inside = shape.slots().get(slot).kinds().get(name);
                if (inside == null) {
                    throw new IllegalStateException("fits() said so");
                }
                element(child, inside);
            } else if (n instanceof Text text && !(n instanceof CDATASection)) {
                written |= !isBlank(text.getData());
            } else {
                throw refused("elements and text in " + called(e), kind(n));
            }
        }
        for (; slot < shape.slots().size(); slot++, filled = 0) {
            enough(e, shape.slots().get(slot), filled);
        }
        if (signatures > 1) {
            throw refused("one signature in " + called(e), "another");
        }
        if (written && (parents || !shape.text())) {
            throw refused("no text between the elements in " + called(e), "text");
        }
    }

    private static boolean fits(Shape.Slot slot, QName child, int filled) {
        return filled < slot.most() && slot.kinds().containsKey(child);
    }

    private static void enough(Element parent, Shape.Slot slot, int filled) {
        if (filled < slot.least()) {
            String wanted = slot.kinds().keySet().iterator().next().getLocalPart();
            throw refused(wanted + " in " + called(parent), "none");
        }
    }

    private void attributes(Element e, Shape shape) {
        for (String name : shape.required()) {
            if (!e.hasAttributeNS(null, name)) {
                throw refused("the attribute " + name + " of " + called(e), "none");
            }
        }
        for (int i = 0; i < e.getAttributes().getLength(); i++) {
            Attr attribute = (Attr) e.getAttributes().item(i);
            String space = attribute.getNamespaceURI();
            if (XMLConstants.XMLNS_ATTRIBUTE_NS_URI.equals(space)) {
                namespace(e, attribute);
                continue;
            }
            String name = space == null ? attribute.getLocalName() : Shape.attribute(space, attribute.getLocalName());
            if (!shape.required().contains(name) && !shape.optional().contains(name)) {
                throw refused("the attributes of " + called(e), called(attribute));
            }
            if (name.equals("ID") || name.equals("Id")) {
                id(e, attribute);
            }
        }
    }

    /** Canonicalization fails on relative namespaces, and a failure was taken for nothing before (CVE-2025-66568). */
    private static void namespace(Element e, Attr declaration) {
        String uri = declaration.getValue();
        boolean unset = uri.isEmpty() && declaration.getPrefix() == null;
        if (!unset && !ABSOLUTE.matcher(uri).matches()) {
            throw refused("absolute namespaces", "another one at " + called(e));
        }
    }

    private void id(Element e, Attr attribute) {
        String id = attribute.getValue();
        // that it must not begin with a digit (xs:ID) is not known to all
        if (id.length() > LONGEST_ID || !ID.matcher(id).matches()) {
            throw refused("an identifier of " + called(e) + " in letters, digits and _.-", "another text");
        }
        if (!ids.add(id)) {
            throw refused("each identifier once", "one twice, at " + called(e));
        }
        e.setIdAttributeNode(attribute, true);
    }

    /** XML's white space, which is less than Java's. */
    private static boolean isBlank(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != ' ' && c != '\n' && c != '\t' && c != '\r') {
                return false;
            }
        }
        return true;
    }

    private static final Map<Short, String> KINDS = Map.of(
            Node.COMMENT_NODE, "a comment",
            Node.CDATA_SECTION_NODE, "a CDATA section",
            Node.PROCESSING_INSTRUCTION_NODE, "a processing instruction",
            Node.ENTITY_REFERENCE_NODE, "an entity",
            Node.DOCUMENT_TYPE_NODE, "a document type");

    private static String kind(Node n) {
        return KINDS.getOrDefault(n.getNodeType(), "something else");
    }

    private static String called(Node n) {
        String name = n.getNodeName();
        return name.length() > 60 ? name.substring(0, 60) : name;
    }

    private static SamlRefusal refused(String expected, String found) {
        return SamlRefusal.of(Step.STRUCTURE, expected, found);
    }
}
