package dev.gatehouse.testkit;

import dev.gatehouse.testkit.SamlIdp.Misbehaviour;
import java.security.cert.X509Certificate;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;

/** What {@link SamlIdp} answers. */
final class SamlBehaviour {
    String entityId = "";
    String nameId = "ada@example.com";
    String nameIdFormat = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";
    Map<String, List<String>> attributes = Map.of("email", List.of("ada@example.com"));
    boolean signsResponse = true;
    boolean signsAssertion = true;
    String signature = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
    String digest = "http://www.w3.org/2001/04/xmlenc#sha256";

    @Nullable
    X509Certificate encryptsFor;

    String cipher = "aes256-gcm";
    String transport = "rsa-oaep-mgf1p";
    String authnContext = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport";
    Set<Misbehaviour> misbehaves = EnumSet.noneOf(Misbehaviour.class);
    Consumer<Document> unsigned = document -> {};
    Consumer<Document> signed = document -> {};
    UnaryOperator<String> plain = UnaryOperator.identity();
    UnaryOperator<String> wire = UnaryOperator.identity();
}
