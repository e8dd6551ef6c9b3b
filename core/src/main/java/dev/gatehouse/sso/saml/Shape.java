package dev.gatehouse.sso.saml;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.namespace.QName;
import org.w3c.dom.Element;

/**
 * What an element may look like: its attributes, whether it holds text, and its children in their order.
 *
 * @param required attributes that must be there
 * @param optional attributes that may be there; one with a namespace is written {@code {namespace}name}
 * @param text whether it holds text
 * @param slots its children, in order
 */
record Shape(Set<String> required, Set<String> optional, boolean text, List<Slot> slots) {
    /** So many that only the size of the message limits them. */
    static final int MANY = Integer.MAX_VALUE;

    /**
     * A place for children.
     *
     * @param kinds which
     */
    record Slot(Map<QName, Shape> kinds, int least, int most) {}

    /** Neither attributes nor anything else. */
    static Shape empty() {
        return new Shape(Set.of(), Set.of(), false, List.of());
    }

    /** Text without children. */
    static Shape written(String... optional) {
        return new Shape(Set.of(), Set.of(optional), true, List.of());
    }

    /** Children. */
    static Shape of(Slot... slots) {
        return new Shape(Set.of(), Set.of(), false, List.of(slots));
    }

    Shape requires(String... attributes) {
        return new Shape(Set.of(attributes), optional, text, slots);
    }

    Shape allows(String... attributes) {
        return new Shape(required, Set.of(attributes), text, slots);
    }

    /** With text where no children are. */
    Shape orText() {
        return new Shape(required, optional, true, slots);
    }

    static Slot one(String namespace, String name, Shape shape) {
        return some(1, 1, namespace, name, shape);
    }

    static Slot optional(String namespace, String name, Shape shape) {
        return some(0, 1, namespace, name, shape);
    }

    static Slot some(int least, int most, String namespace, String name, Shape shape) {
        return new Slot(Map.of(new QName(namespace, name), shape), least, most);
    }

    /** One place for several kinds. */
    static Slot any(int least, int most, Slot... of) {
        Map<QName, Shape> kinds = new LinkedHashMap<>();
        Arrays.stream(of).forEach(slot -> kinds.putAll(slot.kinds));
        return new Slot(kinds, least, most);
    }

    /** The name of an attribute that has a namespace. */
    static String attribute(String namespace, String name) {
        return "{" + namespace + "}" + name;
    }

    static QName name(Element e) {
        return new QName(e.getNamespaceURI(), e.getLocalName());
    }
}
