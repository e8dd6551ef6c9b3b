package dev.gatehouse.sso.saml;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.CDATASection;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.Text;

/** Reads an identity provider's metadata. What it says of signing is never a reason to verify less. */
final class MetadataReader {
    private static final int MOST_BYTES = 4 * 1024 * 1024;
    private static final int MOST_CERTIFICATES = 8;
    private static final Duration SOONEST = Duration.ofMinutes(5);
    private static final Duration LATEST = Duration.ofHours(24);

    /** xs:duration; a year is 365 days and a month 30, for what matters is whether it is more than a day. */
    private static final Pattern DURATION = Pattern.compile("P(?:([0-9]{1,6})Y)?(?:([0-9]{1,6})M)?(?:([0-9]{1,6})D)?"
            + "(?:T(?:([0-9]{1,9})H)?(?:([0-9]{1,9})M)?(?:([0-9]{1,9})(?:\\.[0-9]{1,9})?S)?)?");

    private final @Nullable String wanted;
    private final Instant now;
    private final boolean local;
    private @Nullable Instant validUntil;
    private Duration cacheFor = LATEST;

    private MetadataReader(@Nullable String wanted, Instant now, boolean local) {
        this.wanted = wanted;
        this.now = now;
        this.local = local;
    }

    static IdpMetadata read(Parsers parsers, byte[] xml, @Nullable String entityId, Instant now, boolean local) {
        if (xml.length > MOST_BYTES) {
            throw SamlRefusal.of(Step.ENCODING, "at most " + MOST_BYTES + " bytes", xml.length + " bytes");
        }
        Element root = parsers.read(xml).getDocumentElement();
        return new MetadataReader(entityId, now, local).read(root);
    }

    private IdpMetadata read(Element root) {
        List<List<Element>> found = new ArrayList<>();
        entities(root, List.of(), found);
        if (found.size() != 1) {
            throw refused(
                    wanted == null
                            ? "one EntityDescriptor, or the entity id of one"
                            : "one EntityDescriptor of " + wanted,
                    String.valueOf(found.size()));
        }
        List<Element> path = new ArrayList<>(found.get(0));
        Element entity = path.get(path.size() - 1);
        String id = entity.getAttribute("entityID");
        if (id.isBlank() || id.length() > 1024) {
            throw refused("an entityID of 1 to 1024 characters", id.length() + " characters");
        }
        List<Element> roles = Xml.children(entity, Xml.METADATA, "IDPSSODescriptor").stream()
                .filter(role -> List.of(
                                role.getAttribute("protocolSupportEnumeration").split("\\s+"))
                        .contains(Xml.PROTOCOL))
                .toList();
        if (roles.size() != 1) {
            throw refused("one IDPSSODescriptor of SAML 2.0", String.valueOf(roles.size()));
        }
        Element role = roles.get(0);
        path.add(role);
        path.forEach(this::lifetime);

        String redirect = endpoint(role, "SingleSignOnService", Ask.Binding.REDIRECT);
        String post = endpoint(role, "SingleSignOnService", Ask.Binding.POST);
        if (redirect == null && post == null) {
            throw refused("a SingleSignOnService for redirect or POST", "none");
        }
        return new IdpMetadata(
                id,
                redirect,
                post,
                endpoint(role, "SingleLogoutService", Ask.Binding.REDIRECT),
                certificates(role),
                List.of("true", "1").contains(role.getAttribute("WantAuthnRequestsSigned")),
                Xml.children(role, Xml.METADATA, "NameIDFormat").stream()
                        .map(MetadataReader::text)
                        .toList(),
                validUntil,
                cacheFor);
    }

    /** All entities that could be meant, each with what it lies in. */
    private void entities(Element e, List<Element> above, List<List<Element>> found) {
        List<Element> path = new ArrayList<>(above);
        path.add(e);
        if (Xml.is(e, Xml.METADATA, "EntityDescriptor")) {
            if (wanted == null || wanted.equals(e.getAttribute("entityID"))) {
                found.add(path);
            }
        } else if (Xml.is(e, Xml.METADATA, "EntitiesDescriptor")) {
            Xml.children(e).forEach(child -> entities(child, path, found));
        } else if (above.isEmpty()) {
            throw refused("metadata of SAML 2.0", e.getNodeName());
        }
    }

    /** The shortest of all that an entity lies in (metadata 2.3.1). */
    private void lifetime(Element e) {
        Instant end = XmlTime.optional(e, "validUntil");
        if (end != null) {
            if (!now.isBefore(end)) {
                throw refused("metadata that is valid", "validUntil " + end);
            }
            validUntil = validUntil == null || end.isBefore(validUntil) ? end : validUntil;
        }
        String cache = Xml.attribute(e, "cacheDuration");
        if (cache != null) {
            Duration duration = duration(cache);
            Duration clamped = duration.compareTo(SOONEST) < 0 ? SOONEST : duration;
            cacheFor = clamped.compareTo(cacheFor) < 0 ? clamped : cacheFor;
        }
    }

    /** How long it may be kept; no reason to refuse metadata, so what cannot be read counts as the longest. */
    private static Duration duration(String text) {
        Matcher parts = DURATION.matcher(text);
        if (!parts.matches()) {
            return LATEST;
        }
        long[] seconds = {365L * 86_400, 30L * 86_400, 86_400, 3600, 60, 1};
        long sum = 0;
        for (int i = 0; i < seconds.length; i++) {
            String part = parts.group(i + 1);
            sum += part == null ? 0 : Long.parseLong(part) * seconds[i];
        }
        return Duration.ofSeconds(sum);
    }

    private @Nullable String endpoint(Element role, String kind, Ask.Binding binding) {
        List<String> locations = Xml.children(role, Xml.METADATA, kind).stream()
                .filter(service -> service.getAttribute("Binding").equals(binding.uri()))
                .map(service -> service.getAttribute("Location"))
                .toList();
        if (locations.isEmpty()) {
            return null;
        }
        String location = locations.get(0);
        if (!SamlConnection.isWeb(location) || !isSafe(URI.create(location))) {
            throw refused("an HTTPS address of a host with a name as " + kind, location);
        }
        return location;
    }

    private boolean isSafe(URI location) {
        String host = location.getHost();
        boolean here = host.equals("localhost") || host.equals("127.0.0.1") || host.equals("[::1]");
        if (here) {
            return local;
        }
        // an identity provider has a name; a bare address is somebody's inside
        return location.getScheme().equals("https") && !host.startsWith("[") && !host.matches("[0-9.]+");
    }

    private static List<X509Certificate> certificates(Element role) {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Element key : Xml.children(role, Xml.METADATA, "KeyDescriptor")) {
            String use = Xml.attribute(key, "use");
            if (use != null && !use.equals("signing") && !use.equals("encryption")) {
                throw refused("keys for signing or encryption", use);
            }
            List<Element> texts = Xml.children(key, Xml.DSIG, "KeyInfo").stream()
                    .flatMap(info -> Xml.children(info, Xml.DSIG, "X509Data").stream())
                    .flatMap(data -> Xml.children(data, Xml.DSIG, "X509Certificate").stream())
                    .toList();
            if ("encryption".equals(use) || texts.isEmpty()) {
                continue;
            }
            if (texts.size() > 1) {
                throw refused("one certificate in a KeyDescriptor", String.valueOf(texts.size()));
            }
            X509Certificate certificate = certificate(text(texts.get(0)));
            if (!certificates.contains(certificate)) {
                certificates.add(certificate);
            }
        }
        if (certificates.isEmpty() || certificates.size() > MOST_CERTIFICATES) {
            throw refused("1 to " + MOST_CERTIFICATES + " certificates for signing", certificates.size() + "");
        }
        return List.copyOf(certificates);
    }

    private static X509Certificate certificate(String base64) {
        X509Certificate certificate;
        try {
            byte[] der = Wire.decode(base64);
            certificate = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException e) {
            throw refused("an X.509 certificate", "something else");
        }
        Algorithms.weakness(certificate.getPublicKey(), Algorithms.LEAST_RSA_BITS)
                .ifPresent(weak -> {
                    throw refused("RSA keys of 2048 bits or more, or EC keys of P-256, P-384 or P-521", weak);
                });
        return certificate;
    }

    /** An element's text, if there is nothing else in it. */
    private static String text(Element e) {
        StringBuilder text = new StringBuilder();
        for (Node n = e.getFirstChild(); n != null; n = n.getNextSibling()) {
            if (!(n instanceof Text) || n instanceof CDATASection) {
                throw refused("text alone in " + e.getLocalName(), "something else");
            }
            text.append(((Text) n).getData());
        }
        return text.toString().strip();
    }

    private static SamlRefusal refused(String expected, String found) {
        return SamlRefusal.of(Step.METADATA, expected, found);
    }
}
