package dev.gatehouse.sso.saml;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Samples of other libraries, each read with the settings that it was made for, as far as it shows them itself. */
final class Corpus {
    static final Path ROOT = Path.of("../../shared/security/corpora/saml");

    private static final Pattern CERTIFICATE = Pattern.compile(
            "(?:-----BEGIN CERTIFICATE-----|<(?:[A-Za-z0-9]+:)?X509Certificate>)([A-Za-z0-9+/=\\s]+)(?:-----END|</)");

    private final Saml saml = new Saml(512);

    /**
     * What became of a sample.
     *
     * @param assertion if it was accepted
     * @param refusal if not
     */
    record Verdict(
            @Nullable SamlAssertion assertion, @Nullable SamlRefusal refusal) {
        boolean accepted() {
            return assertion != null;
        }

        /** The number of the step that refused; 0 if none did. */
        int step() {
            return refusal == null ? 0 : refusal.step().number();
        }

        @Override
        public String toString() {
            return refusal == null ? "accepted" : refusal.getMessage();
        }
    }

    static boolean isThere() {
        return Files.exists(ROOT.resolve("EXPECTED.csv"));
    }

    static String text(String file) {
        try {
            return new String(Files.readAllBytes(ROOT.resolve(file)), StandardCharsets.ISO_8859_1).trim();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The XML of a sample, whether it is in Base64, once or twice, percent-encoded or deflated, or as it is. */
    static String xml(String file) {
        String text = text(file);
        for (int i = 0; i < 2 && !text.startsWith("<"); i++) {
            byte[] decoded;
            try {
                decoded = Base64.getMimeDecoder()
                        .decode(text.replace("%2B", "+")
                                .replace("%2F", "/")
                                .replace("%0D%0A", "")
                                .replace("%3D", "="));
            } catch (IllegalArgumentException e) {
                return text;
            }
            text = new String(decoded, StandardCharsets.ISO_8859_1).trim();
            if (!text.startsWith("<")) {
                try {
                    text = new String(Wire.inflate(Wire.encode(decoded)), StandardCharsets.ISO_8859_1).trim();
                } catch (SamlRefusal refusal) {
                    // it was not deflated
                }
            }
        }
        return text;
    }

    /** The first group of the first match; null if there is none. */
    static @Nullable String first(String xml, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(xml);
        return matcher.find() ? matcher.group(1) : null;
    }

    /** All certificates in a text. */
    static List<X509Certificate> certificates(String text) {
        List<X509Certificate> certificates = new ArrayList<>();
        Matcher matcher = CERTIFICATE.matcher(text);
        while (matcher.find()) {
            try {
                byte[] der = Base64.getMimeDecoder().decode(matcher.group(1));
                certificates.add((X509Certificate)
                        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der)));
            } catch (Exception e) {
                // some samples have broken ones
            }
        }
        return certificates;
    }

    /** All certificates in a folder. */
    static List<X509Certificate> certificatesIn(String folder) {
        try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
            Set<X509Certificate> found = new LinkedHashSet<>();
            files.filter(Files::isRegularFile)
                    .forEach(file ->
                            found.addAll(certificates(text(ROOT.relativize(file).toString()))));
            return List.copyOf(found);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static SamlKey key(String certificate, String privateKey) {
        try {
            String pem = text(privateKey).replaceAll("-----[^-]+-----", "");
            PrivateKey key = KeyFactory.getInstance("RSA")
                    .generatePrivate(
                            new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem)));
            return new SamlKey(certificates(text(certificate)).get(0), key);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Reads a sample as the party that it is for, at the second after it was made, with all opt-ins. */
    Verdict read(String file, List<X509Certificate> trusted, List<SamlKey> keys) {
        String xml = xml(file);
        String at = first(xml, "IssueInstant=[\"']([0-9TZ:.-]+)[\"']");
        Instant now = Instant.parse(at == null || !at.endsWith("Z") ? "2026-01-01T00:00:00Z" : at)
                .plusSeconds(1);
        String answers = first(xml, "InResponseTo=[\"']([^\"']*)[\"']");
        String issuer = first(xml, "Issuer[^>]*>([^<]+)<");
        String recipient = first(xml, "Recipient=[\"']([^\"']+)[\"']");
        String destination = first(xml, "Destination=[\"']([^\"']+)[\"']");
        String audience = first(xml, "Audience>\\s*([^<\\s]+)\\s*<");
        String acs = recipient == null ? destination : recipient;
        return read(file, trusted, keys, now, answers, issuer, acs, audience);
    }

    /** The same with settings of another. */
    Verdict read(
            String file,
            List<X509Certificate> trusted,
            List<SamlKey> keys,
            Instant now,
            @Nullable String answers,
            @Nullable String issuer,
            @Nullable String acs,
            @Nullable String audience) {
        SamlConnection c = new SamlConnection(
                audience == null ? "urn:none" : audience,
                "https://none.example",
                null,
                issuer == null || issuer.isBlank() ? "urn:none" : issuer.replace("&amp;", "&"),
                "https://none.example",
                null,
                trusted,
                null,
                keys,
                new SamlOptions(true, true, true, Duration.ofSeconds(60), null, false, null));
        String base64 = Base64.getEncoder().encodeToString(xml(file).getBytes(StandardCharsets.ISO_8859_1));
        try {
            return new Verdict(
                    saml.response(
                            acs == null ? c : at(c, acs.replace("&amp;", "&")),
                            base64,
                            answers == null ? Expected.unsolicited() : Expected.answerTo(answers),
                            now),
                    null);
        } catch (SamlRefusal refusal) {
            if (refusal.step() == Step.AUDIENCE
                    && audience == null
                    && !refusal.found().contains("no Audience")) {
                // it was encrypted: now we know for whom it is
                return read(file, trusted, keys, now, answers, issuer, acs, refusal.found());
            }
            return new Verdict(null, refusal);
        }
    }

    /** Some samples are for places that are no addresses. */
    private static SamlConnection at(SamlConnection c, String acs) {
        if (!SamlConnection.isWeb(acs)) {
            return c;
        }
        return new SamlConnection(
                c.spEntityId(),
                acs,
                null,
                c.idpEntityId(),
                c.idpSsoUrl(),
                null,
                c.idpCertificates(),
                null,
                c.decryptionKeys(),
                c.options());
    }

    /** Reads a logout message that came by POST. */
    SamlLogout.Received logout(String file, boolean request) {
        String xml = xml(file);
        String at = first(xml, "IssueInstant=[\"']([0-9TZ:.-]+)[\"']");
        String destination = first(xml, "Destination=[\"']([^\"']+)[\"']");
        String qualifier = first(xml, "SPNameQualifier=[\"']([^\"']+)[\"']");
        SamlConnection c = new SamlConnection(
                qualifier == null ? "urn:none" : qualifier,
                "https://none.example",
                destination == null || !SamlConnection.isWeb(destination) ? null : destination,
                String.valueOf(first(xml, "Issuer[^>]*>([^<]+)<")),
                "https://none.example",
                null,
                Stream.concat(certificates(xml).stream(), certificatesIn("node-saml").stream())
                        .toList(),
                null,
                List.of(),
                new SamlOptions(true, true, true, Duration.ofSeconds(60), null, false, null));
        Instant now = Instant.parse(String.valueOf(at)).plusSeconds(1);
        String base64 = Base64.getEncoder().encodeToString(xml.getBytes(StandardCharsets.ISO_8859_1));
        return request
                ? saml.logout().readPostedRequest(c, base64, null, now)
                : saml.logout().readPostedResponse(c, base64, null, now);
    }

    /** "read", or the step that refused. */
    String metadata(String file) {
        try {
            saml.idpMetadata(
                    xml(file).getBytes(StandardCharsets.ISO_8859_1), null, Instant.parse("2013-01-01T00:00:00Z"), true);
            return "read";
        } catch (SamlRefusal refusal) {
            return refusal.step().code() + ": " + refusal.expected() + " / "
                    + refusal.found().replaceAll("[0-9]+", "N").replaceAll("http.*", "http…");
        }
    }
}
