package dev.gatehouse.sso.saml;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Objects;

/**
 * A key of the service provider with the certificate that identity providers know it by.
 *
 * @param certificate may be self-signed; its dates mean nothing to us, but some identity providers look at them
 * @param privateKey RSA of 2048 bits or more, or EC for signing; never shown
 */
public record SamlKey(X509Certificate certificate, PrivateKey privateKey) {
    /** Both are needed. */
    public SamlKey {
        Objects.requireNonNull(certificate);
        Objects.requireNonNull(privateKey);
    }

    @Override
    public String toString() {
        return "SamlKey[" + certificate.getSubjectX500Principal() + "]";
    }
}
