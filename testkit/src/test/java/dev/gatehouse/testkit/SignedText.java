package dev.gatehouse.testkit;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import org.w3c.dom.Document;

/** Signs texts that are otherwise wrong: what a provider could say that is not honest, or broken. */
public final class SignedText {
    private SignedText() {}

    /** A compact JWS (RS256) of a header and claims, whatever they are. */
    public static String of(PrivateKey key, byte[] header, byte[] claims) {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        String input = base64.encodeToString(header) + "." + base64.encodeToString(claims);
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key);
            signature.update(input.getBytes(StandardCharsets.US_ASCII));
            return input + "." + base64.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The same of a header in the first line and claims in the rest. */
    public static String of(PrivateKey key, byte[] headerLineAndClaims) {
        int line = 0;
        while (line < headerLineAndClaims.length && headerLineAndClaims[line] != '\n') {
            line++;
        }
        int rest = Math.min(line + 1, headerLineAndClaims.length);
        return of(
                key,
                Arrays.copyOf(headerLineAndClaims, line),
                Arrays.copyOfRange(headerLineAndClaims, rest, headerLineAndClaims.length));
    }

    /**
     * XML with a signature in its root element, after the issuer.
     *
     * @throws RuntimeException if it is no XML, or has no place for a signature
     */
    public static String xml(SamlKeys keys, String text) {
        Document document = XmlCraft.parse(text);
        XmlCraft.sign(
                document.getDocumentElement(),
                keys.privateKey(),
                keys.certificate(),
                "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
                "http://www.w3.org/2001/04/xmlenc#sha256");
        return XmlCraft.write(document);
    }
}
