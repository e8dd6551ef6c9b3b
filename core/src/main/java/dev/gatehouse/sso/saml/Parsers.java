package dev.gatehouse.sso.saml;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.xml.sax.ErrorHandler;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/**
 * The only place where XML from outside is parsed: by the JDK's own parser, without document types, entities, XInclude and
 * anything outside of the text, with limits of depth and attributes. Comments and CDATA sections are kept, so that the gate sees
 * them.
 *
 * <p>A parser costs several times what it costs to parse a response, so a few are kept between two documents. But it remembers
 * every name that it has read, whoever sent it: each goes after so much text that what all of them remember stays below three
 * megabytes (ATTACKS B03).
 */
final class Parsers {
    private static final String LIMITS = "http://www.oracle.com/xml/jaxp/properties/";
    private static final String DEEPEST = "32";
    private static final String MOST_ATTRIBUTES = "64";

    private static final int KEPT = 4;
    private static final int MOST_TEXT = 1 << 16;

    private static final char REPLACEMENT = '\uFFFD';

    private final Queue<Parser> idle = new ArrayBlockingQueue<>(KEPT);

    private @Nullable DocumentBuilderFactory factory;

    /** @param left how much text it may still read */
    private record Parser(DocumentBuilder builder, int left) {}

    /**
     * Reads a document of UTF-8; what its declaration says of the encoding does not count.
     *
     * @throws SamlRefusal at {@link Step#XML}
     */
    Document read(byte[] bytes) {
        String text = text(bytes);
        // a byte order mark is no part of the document
        String document = text.startsWith("\uFEFF") ? text.substring(1) : text;
        try {
            Parser parser = parser();
            DocumentBuilder builder = parser.builder;
            builder.setErrorHandler(new Throwing());
            Document read = builder.parse(new InputSource(new StringReader(document)));
            // one that failed is not used again
            int left = parser.left - document.length();
            if (left > 0) {
                builder.reset();
                idle.offer(new Parser(builder, left));
            }
            return read;
        } catch (SAXException e) {
            throw SamlRefusal.of(Step.XML, "well-formed XML without a document type", place(e));
        } catch (IOException | ParserConfigurationException e) {
            throw new IllegalStateException("the JDK's XML parser is not as it was", e);
        }
    }

    private static String text(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) >= 0) {
            // written there, or put there instead of what is none
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            } catch (CharacterCodingException e) {
                throw SamlRefusal.of(Step.XML, "UTF-8", "other bytes");
            }
        }
        return text;
    }

    /** An empty document to build in; nothing is parsed for it. */
    static Document empty() {
        try {
            return DocumentBuilderFactory.newDefaultNSInstance()
                    .newDocumentBuilder()
                    .newDocument();
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("the JDK's XML parser is not as it was", e);
        }
    }

    private Parser parser() throws ParserConfigurationException {
        Parser kept = idle.poll();
        return kept == null ? new Parser(builder(), MOST_TEXT) : kept;
    }

    /** A factory tries each of its settings with a parser of its own, so there is one; it is not safe for threads. */
    private synchronized DocumentBuilder builder() throws ParserConfigurationException {
        if (factory == null) {
            factory = factory();
        }
        return factory.newDocumentBuilder();
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
