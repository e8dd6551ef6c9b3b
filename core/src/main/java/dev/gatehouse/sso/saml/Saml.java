package dev.gatehouse.sso.saml;

import java.time.Instant;

/**
 * The service provider. One instance serves all connections and threads; making one costs nothing, for the libraries start
 * when they are first needed: with the first response some 200 ms, with the first request one or two seconds.
 */
public final class Saml {
    private final int leastRsaBits;

    /** A service provider. */
    public Saml() {
        this(Algorithms.LEAST_RSA_BITS);
    }

    /** For reading old samples, whose keys are shorter. */
    Saml(int leastRsaBits) {
        this.leastRsaBits = leastRsaBits;
    }

    /**
     * Verifies a response that came to the assertion consumer URL by POST (bindings 3.5, profiles 4.1.4).
     *
     * <p>An assertion has to be signed, by itself or by the signature of the response that holds it. Both are the same proof:
     * the octets that the response's signature covers hold the assertion (core 5.3, signature inheritance), and they are what
     * is read. Large identity providers sign only the response in their default settings, and each signature that is there
     * has to be valid. An encrypted assertion has to be signed inside of the encryption in any case, for what a response's
     * signature covers then is a cipher text.
     *
     * @param c the connection that the URL belongs to; no other is ever looked at
     * @param base64 the form field {@code SAMLResponse}
     * @param expected the request that it has to answer, or none
     * @param now the time
     * @return who it is; to be accepted once, see {@link SamlAssertion#replayUntil()}
     * @throws SamlRefusal with the first step that failed
     */
    public SamlAssertion response(SamlConnection c, String base64, Expected expected, Instant now) {
        return new ResponseReader(leastRsaBits).read(c, base64, expected, now);
    }
}
