package dev.gatehouse.sso;

import dev.gatehouse.spi.Outbound;
import dev.gatehouse.sso.saml.IdpMetadata;
import dev.gatehouse.sso.saml.Saml;
import dev.gatehouse.sso.saml.SamlRefusal;
import dev.gatehouse.sso.saml.Step;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads what SAML identity providers say of themselves. */
final class ProviderMetadata {
    static final String UNREADABLE = "metadata_unreadable";

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int MOST_BYTES = 4 << 20;
    private static final int OK = 200;

    private final Saml saml;
    private final Outbound outbound;
    private final Clock clock;
    private final boolean local;

    /** @param local whether providers may be on this very machine, and be spoken to without TLS then */
    ProviderMetadata(Saml saml, Outbound outbound, Clock clock, boolean local) {
        this.saml = saml;
        this.outbound = outbound;
        this.clock = clock;
        this.local = local;
    }

    /**
     * A provider as its metadata describes it.
     *
     * @param again after what time to read it anew
     */
    record Described(SamlProvider provider, Duration again) {}

    /**
     * Reads the metadata at a provider's address.
     *
     * @throws Refusal {@link #UNREADABLE}, also if it describes another provider than the one that is known
     */
    Described read(SamlProvider provider) {
        String url = String.valueOf(provider.metadataUrl());
        Outbound.Response response;
        try {
            response = outbound.call(new Outbound.Request(
                    "GET",
                    URI.create(url),
                    Map.of(
                            "Accept",
                            "application/samlmetadata+xml, application/xml;q=0.9, text/xml;q=0.8",
                            "User-Agent",
                            "gatehouse"),
                    new byte[0],
                    PATIENCE,
                    MOST_BYTES));
        } catch (IOException e) {
            throw refused("metadata at " + url, e.getMessage() == null ? "no answer" : e.getMessage(), e);
        }
        if (response.status() != OK) {
            throw refused("status 200 at " + url, "status " + response.status(), null);
        }
        return described(provider, response.body(), local && Addresses.local(url));
    }

    /**
     * The same with metadata that somebody has at hand.
     *
     * @throws Refusal {@link #UNREADABLE}
     */
    SamlProvider described(SamlProvider provider, String xml) {
        return described(provider, xml.getBytes(StandardCharsets.UTF_8), local).provider();
    }

    private Described described(SamlProvider provider, byte[] xml, boolean localToo) {
        try {
            IdpMetadata read = saml.idpMetadata(xml, provider.entityId(), clock.instant(), localToo);
            List<String> certificates = new ArrayList<>();
            for (var certificate : read.certificates()) {
                certificates.add(Base64.getEncoder().encodeToString(certificate.getEncoded()));
            }
            // by a form where that is wanted and possible, or where there is no other way
            boolean posted = read.ssoRedirectUrl() == null
                    || (provider.requestBinding() == SamlProvider.RequestBinding.POST && read.ssoPostUrl() != null);
            SamlProvider described = provider.described(
                    read.entityId(),
                    posted ? Objects.requireNonNull(read.ssoPostUrl()) : read.ssoUrl(),
                    posted ? SamlProvider.RequestBinding.POST : SamlProvider.RequestBinding.REDIRECT,
                    read.sloUrl(),
                    certificates);
            return new Described(
                    read.wantsSignedRequests() ? described.withSignedRequests() : described, read.cacheFor());
        } catch (SamlRefusal e) {
            throw refused(e.expected(), e.found(), e);
        } catch (CertificateEncodingException e) {
            throw refused("certificates", "one that cannot be written", e);
        }
    }

    private static Refusal refused(String expected, String found, @Nullable Throwable cause) {
        return new Refusal(
                UNREADABLE,
                Step.METADATA.number(),
                "The provider's metadata could not be used",
                expected,
                found,
                Map.of(),
                cause);
    }
}
