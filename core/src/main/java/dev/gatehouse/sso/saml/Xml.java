package dev.gatehouse.sso.saml;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.ErrorHandler;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/**
 * The one reader of XML: the JDK's own parser, without document types, entities, XInclude and anything outside the text.
 * Comments and CDATA sections are kept, so that the gate sees them.
 */
final class Xml {
    static final String SAML = "urn:oasis:names:tc:SAML:2.0:assertion";
    static final String PROTOCOL = "urn:oasis:names:tc:SAML:2.0:protocol";
    static final String METADATA = "urn:oasis:names:tc:SAML:2.0:metadata";
    static final String DSIG = "http://www.w3.org/2000/09/xmldsig#";
    static final String DSIG11 = "http://www.w3.org/2009/xmldsig11#";
    static final String XENC = "http://www.w3.org/2001/04/xmlenc#";
    static final String XENC11 = "http://www.w3.org/2009/xmlenc11#";
    static final String EXC_C14N = "http://www.w3.org/2001/10/xml-exc-c14n#";

    private static final String LIMITS = "http://www.oracle.com/xml/jaxp/properties/";
    private static final String DEEPEST = "32";
    private static final String MOST_ATTRIBUTES = "64";

    /** Parsers between two documents: to make one costs several times what it costs to parse a response. */
    private static final Queue<DocumentBuilder> IDLE = new ArrayBlockingQueue<>(16);

    private Xml() {}

    /**
     * Reads a document of UTF-8; what its declaration says of the encoding does not count.
     *
     * @throws SamlRefusal at {@link Step#XML}
     */
    static Document read(byte[] bytes) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw SamlRefusal.of(Step.XML, "UTF-8", "other bytes");
        }
        // a byte order mark is no part of the document
        String document = text.startsWith("\uFEFF") ? text.substring(1) : text;
        try {
            DocumentBuilder builder = builder();
            builder.setErrorHandler(new Throwing());
            Document read = builder.parse(new InputSource(new StringReader(document)));
            // one that failed is not used again
            builder.reset();
            IDLE.offer(builder);
            return read;
        } catch (SAXException e) {
            throw SamlRefusal.of(Step.XML, "well-formed XML without a document type", place(e));
        } catch (IOException | ParserConfigurationException e) {
            throw new IllegalStateException("the JDK's XML parser is not as it was", e);
        }
    }

    /** An empty document to build in. */
    static Document empty() {
        try {
            return factory().newDocumentBuilder().newDocument();
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("the JDK's XML parser is not as it was", e);
        }
    }

    private static DocumentBuilder builder() throws ParserConfigurationException {
        DocumentBuilder idle = IDLE.poll();
        return idle == null ? factory().newDocumentBuilder() : idle;
    }

    private static DocumentBuilderFactory factory() throws ParserConfigurationException {
        // never one that lies on the class path
        DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultNSInstance();
        factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        factory.setFeature("http://xml.org/sax/features/external-general-entities", false);
        factory.setFeature("http://xml.org/sax/features/external-parameter-entities", false);
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
        factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
        factory.setAttribute(LIMITS + "maxElementDepth", DEEPEST);
        factory.setAttribute(LIMITS + "elementAttributeLimit", MOST_ATTRIBUTES);
        // all of it is looked at
        factory.setFeature("http://apache.org/xml/features/dom/defer-node-expansion", false);
        factory.setXIncludeAware(false);
        factory.setExpandEntityReferences(false);
        factory.setCoalescing(false);
        factory.setIgnoringComments(false);
        return factory;
    }

    private static String place(SAXException e) {
        return e instanceof SAXParseException at
                ? "an error in line " + at.getLineNumber() + ", column " + at.getColumnNumber()
                : "an error";
    }

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

    private static final class Throwing implements ErrorHandler {
        @Override
        public void warning(SAXParseException e) throws SAXException {
            throw e;
        }

        @Override
        public void error(SAXParseException e) throws SAXException {
            throw e;
        }

        @Override
        public void fatalError(SAXParseException e) throws SAXException {
            throw e;
        }
    }
}
