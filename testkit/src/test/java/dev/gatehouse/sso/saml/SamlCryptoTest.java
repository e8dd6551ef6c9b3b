package dev.gatehouse.sso.saml;

import static dev.gatehouse.sso.saml.Attack.onAssertion;
import static dev.gatehouse.sso.saml.Dom.first;
import static dev.gatehouse.sso.saml.Dom.make;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.gatehouse.testkit.SamlIdp.Misbehaviour;
import dev.gatehouse.testkit.SamlKeys;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.xml.security.c14n.Canonicalizer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** Algorithms and keys (ATTACKS S22, S24, S25, S39 to S46, S95). */
class SamlCryptoTest {
    private static final String MORE = "http://www.w3.org/2001/04/xmldsig-more#";

    static Stream<Attack> attacks() {
        return Stream.of(algorithms(), keys()).flatMap(List::stream);
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void isRefused(Attack attack) {
        try (SamlStage stage = new SamlStage()) {
            attack.run(stage);
        }
    }

    private static Attack transform(String algorithm) {
        return onAssertion("S24", "a third transform " + algorithm, Step.STRUCTURE, d -> {
            Element added = make(d, Xml.DSIG, "ds:Transform");
            added.setAttribute("Algorithm", algorithm);
            first(d, "Transforms").appendChild(added);
        });
    }

    private static Attack canonicalization(String id, String algorithm) {
        return onAssertion(
                id,
                "canonicalization " + algorithm,
                Step.ALGORITHM,
                d -> Dom.attribute(d, "CanonicalizationMethod", "Algorithm", algorithm));
    }

    private static Attack signature(String id, String algorithm) {
        return onAssertion(
                id,
                "signature " + algorithm,
                Step.ALGORITHM,
                d -> Dom.attribute(d, "SignatureMethod", "Algorithm", algorithm));
    }

    private static List<Attack> algorithms() {
        return List.of(
                transform("http://www.w3.org/TR/1999/REC-xpath-19991116"),
                transform("http://www.w3.org/2002/06/xmldsig-filter2"),
                transform("http://www.w3.org/TR/1999/REC-xslt-19991116"),
                transform("http://www.w3.org/2000/09/xmldsig#base64"),
                onAssertion(
                        "S24",
                        "XSLT in place of canonicalization",
                        Step.ALGORITHM,
                        d -> ((Element) d.getElementsByTagNameNS(Xml.DSIG, "Transform")
                                        .item(1))
                                .setAttribute("Algorithm", "http://www.w3.org/TR/1999/REC-xslt-19991116")),
                onAssertion("S24", "XPath with an expression", Step.STRUCTURE, d -> {
                    Element transform = first(d, "Transform");
                    transform.setAttribute("Algorithm", "http://www.w3.org/TR/1999/REC-xpath-19991116");
                    transform.appendChild(make(d, Xml.DSIG, "ds:XPath")).setTextContent("true()");
                }),
                onAssertion("S24", "no transforms", Step.STRUCTURE, d -> Dom.remove(d, "Transforms")),
                onAssertion(
                        "S24",
                        "enveloped twice",
                        Step.ALGORITHM,
                        d -> ((Element) d.getElementsByTagNameNS(Xml.DSIG, "Transform")
                                        .item(1))
                                .setAttribute("Algorithm", Algorithms.ENVELOPED)),
                canonicalization("S25", "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"),
                canonicalization("S25", "http://www.w3.org/2006/12/xml-c14n11"),
                canonicalization("S25", "http://www.w3.org/2001/10/xml-exc-c14n#WithComments"),
                canonicalization("S25", "urn:none"),
                canonicalization("S25", ""),
                signature("S41", Algorithms.RSA_SHA1),
                signature("S41", MORE + "rsa-md5"),
                signature("S42", MORE + "hmac-sha256"),
                signature("S44", "http://www.w3.org/2009/xmldsig11#dsa-sha256"),
                signature("S45", "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1"),
                signature("S45", "http://www.w3.org/2007/05/xmldsig-more#sha1-rsa-MGF1"),
                signature("S45", "http://www.w3.org/2007/05/xmldsig-more#rsa-pss"),
                new Attack(
                        "S41",
                        "RSA-SHA1, well signed",
                        Step.ALGORITHM,
                        s -> {},
                        s -> s.idp.misbehave(Misbehaviour.SHA1)),
                new Attack(
                        "S41",
                        "a digest of SHA-1, well signed",
                        Step.ALGORITHM,
                        s -> {},
                        s -> s.idp.algorithms(Algorithms.RSA_SHA256, Algorithms.SHA1)),
                onAssertion(
                        "S41",
                        "a digest of MD5",
                        Step.ALGORITHM,
                        d -> Dom.attribute(d, "DigestMethod", "Algorithm", MORE + "md5")),
                onAssertion("S43", "a truncated HMAC", Step.STRUCTURE, d -> {
                    Element method = first(d, "SignatureMethod");
                    method.setAttribute("Algorithm", MORE + "hmac-sha256");
                    method.appendChild(make(d, Xml.DSIG, "ds:HMACOutputLength")).setTextContent("1");
                }));
    }

    private static Attack keyInfo(String id, String what, Step step, Consumer<Document> change) {
        return onAssertion(id, "KeyInfo: " + what, step, change);
    }

    private static Element replaced(Document d, String namespace, String name) {
        Element info = first(d, "KeyInfo");
        info.setTextContent("");
        Element child = make(d, namespace, name);
        info.appendChild(child);
        return child;
    }

    private static List<Attack> keys() {
        return List.of(
                new Attack(
                        "S39",
                        "an attacker's key, its certificate in KeyInfo",
                        Step.SIGNATURE,
                        s -> {},
                        s -> s.idp.misbehave(Misbehaviour.WRONG_KEY)),
                keyInfo(
                        "S40",
                        "RetrievalMethod",
                        Step.STRUCTURE,
                        d -> replaced(d, Xml.DSIG, "ds:RetrievalMethod").setAttribute("URI", "http://127.0.0.1:1/key")),
                keyInfo(
                        "S40",
                        "DEREncodedKeyValue",
                        Step.STRUCTURE,
                        d -> replaced(d, Xml.DSIG11, "dsig11:DEREncodedKeyValue")
                                .setTextContent("AAAA")),
                keyInfo("S40", "an assertion", Step.STRUCTURE, d -> replaced(d, Xml.SAML, "saml:Assertion")),
                new Attack("S44", "RSA with 1024 bits", Step.SIGNATURE, s -> {}, s -> {
                    s.idp.newKeys("RSA", 1024);
                    s.certificates = List.of(s.idp.certificate());
                }),
                onAssertion("S46", "an empty signature", Step.SIGNATURE, d -> Dom.text(d, "SignatureValue", "")),
                onAssertion(
                        "S46", "a signature of zeros", Step.SIGNATURE, d -> Dom.text(d, "SignatureValue", zeros(256))),
                onAssertion("S46", "an empty digest", Step.ENCODING, d -> Dom.text(d, "DigestValue", "")),
                new Attack(
                        "S46",
                        "ECDSA with r = s = 0",
                        Step.SIGNATURE,
                        SamlCryptoTest::ec,
                        s -> s.idp.signed(d -> Dom.text(d, "SignatureValue", zeros(64)))),
                new Attack(
                        "S46",
                        "RSA where the key is EC",
                        Step.SIGNATURE,
                        SamlCryptoTest::ec,
                        s -> s.idp.signed(
                                d -> Dom.attribute(d, "SignatureMethod", "Algorithm", Algorithms.RSA_SHA256))));
    }

    private static void ec(SamlStage s) {
        s.idp.signs(false, true).newKeys("EC", 256).algorithms(Algorithms.ECDSA_SHA256, Algorithms.SHA256);
        s.certificates = List.of(s.idp.certificate());
    }

    private static String zeros(int bytes) {
        return Base64.getEncoder().encodeToString(new byte[bytes]);
    }

    @Test
    @DisplayName("S22, S40 nothing is fetched")
    void nothingIsFetched() throws IOException {
        AtomicInteger calls = new AtomicInteger();
        HttpServer listener = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        listener.createContext("/", exchange -> {
            calls.incrementAndGet();
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        listener.start();
        String url = "http://127.0.0.1:" + listener.getAddress().getPort() + "/x";
        try (SamlStage stage = new SamlStage()) {
            stage.idp.signs(false, true);
            assertThat(stage.signIn()).isNotNull();
            stage.idp.signed(d -> Dom.attribute(d, "Reference", "URI", url));
            stage.refused(Step.STRUCTURE);
            stage.idp.signed(d -> replaced(d, Xml.DSIG, "ds:RetrievalMethod").setAttribute("URI", url));
            stage.refused(Step.STRUCTURE);
            stage.idp.honest().wire(x -> "<!DOCTYPE a SYSTEM \"" + url + "\">" + x);
            stage.refused(Step.XML);
            stage.idp.wire(x -> x.replaceFirst(
                    "<samlp:Response ",
                    "<samlp:Response xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"a "
                            + url + "\" "));
            stage.refused(Step.STRUCTURE);
        } finally {
            listener.stop(0);
        }
        assertThat(calls).hasValue(0);
    }

    @Test
    @DisplayName("S40 a key that is named otherwise is ignored, and the connection's key verifies")
    void keyInfoIsIgnored() {
        try (SamlStage stage = new SamlStage()) {
            stage.idp
                    .signs(false, true)
                    .signed(d -> replaced(d, Xml.DSIG, "ds:KeyName").setTextContent("eve"));
            assertThat(stage.signIn()).isNotNull();
            stage.idp.signed(d -> Dom.remove(d, "KeyInfo"));
            assertThat(stage.signIn()).isNotNull();
        }
    }

    /** The signature is right for whoever takes the certificate for a secret (CVE-2019-1006). */
    @Test
    @DisplayName("S42 HMAC with the certificate as its secret")
    void certificatesAreNoSecrets() {
        try (SamlStage stage = new SamlStage()) {
            stage.idp.signs(false, true);
            assertThat(stage.signIn()).isNotNull();
            stage.idp.signed(d -> {
                Dom.attribute(d, "SignatureMethod", "Algorithm", MORE + "hmac-sha256");
                Dom.text(d, "SignatureValue", hmac(first(d, "SignedInfo"), stage.idp.certificate()));
            });
            stage.refused(Step.ALGORITHM);
        }
    }

    private static String hmac(Element info, X509Certificate certificate) {
        try {
            var octets = new java.io.ByteArrayOutputStream();
            Canonicalizer.getInstance(Xml.EXC_C14N).canonicalizeSubtree(info, octets);
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(certificate.getEncoded(), "HmacSHA256"));
            return Base64.getEncoder().encodeToString(mac.doFinal(octets.toByteArray()));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    @DisplayName("S41, S48, S49 what is weak is accepted where the connection says so")
    void optInsOpenWhatTheySay() {
        try (SamlStage stage = new SamlStage()) {
            stage.options = SamlStage.relaxed();
            stage.idp.misbehave(Misbehaviour.SHA1);
            assertThat(stage.signIn()).isNotNull();
            stage.idp.honest().encryptsFor(SamlStage.OURS.certificate(), "aes128-cbc", "rsa-1_5");
            assertThat(stage.signIn()).isNotNull();
            stage.idp.encryptsFor(SamlStage.OURS.certificate(), "aes256-cbc", "rsa-oaep");
            assertThat(stage.signIn()).isNotNull();
        }
    }

    @Test
    @DisplayName("S95 an expired certificate verifies as long as it is configured")
    void datesOfCertificatesDoNotCount() throws Exception {
        try (SamlStage stage = new SamlStage()) {
            X509Certificate expired = SamlKeys.expired().certificate();
            assertThat(expired.getNotAfter()).isBefore("2026-01-01");
            stage.idp.newKeys("RSA", 2048);
            stage.refused(Step.SIGNATURE);
            stage.certificates = List.of(expired, stage.idp.certificate());
            assertThat(stage.signIn()).isNotNull();
            stage.certificates = List.of(expired);
            stage.refused(Step.SIGNATURE);
        }
    }

    @Test
    @DisplayName("S44 weak keys are seen before they are configured")
    void weakKeysAreNamed() {
        assertThat(Saml.weakness(SamlKeys.rsa(2048).certificate())).isEmpty();
        assertThat(Saml.weakness(SamlKeys.ec(256).certificate())).isEmpty();
        assertThat(Saml.weakness(SamlKeys.ec(521).certificate())).isEmpty();
        assertThat(Saml.weakness(SamlKeys.rsa(1024).certificate())).contains("an RSA key of 1024 bits");
        assertThat(Saml.weakness(SamlKeys.dsa().certificate())).contains("a key of the kind DSA");
        assertThat(Saml.weakness(SamlKeys.ecOn("secp192r1").certificate())).isPresent();
        assertThat(Saml.weakness(SamlKeys.ecOn("secp256k1").certificate())).isPresent();
    }

    @Test
    @DisplayName("S44 an RSA key whose primes are guessable is seen, others are not taken for one")
    void guessableKeys() throws GeneralSecurityException {
        // 65537^k modulo the product of the odd primes to 167 is what such a modulus looks like
        BigInteger product = BigInteger.ONE;
        for (int n = 3; n <= 167; n += 2) {
            product = BigInteger.valueOf(n).isProbablePrime(50) ? product.multiply(BigInteger.valueOf(n)) : product;
        }
        BigInteger power = BigInteger.valueOf(65_537).modPow(BigInteger.valueOf(4711), product);
        BigInteger modulus = power.add(product.multiply(BigInteger.ONE.shiftLeft(2047 - product.bitLength() + 1)));
        assertThat(RsaStrength.weakness(key(modulus), 2048))
                .hasValueSatisfying(why -> assertThat(why).contains("CVE-2017-15361"));
        assertThat(RsaStrength.weakness(key(modulus.add(BigInteger.TWO)), 2048)).isEmpty();
        assertThat(RsaStrength.weakness(
                        (RSAPublicKey) SamlKeys.rsa(2048).certificate().getPublicKey(), 2048))
                .isEmpty();
    }

    private static RSAPublicKey key(BigInteger modulus) throws GeneralSecurityException {
        return (RSAPublicKey)
                KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, BigInteger.valueOf(65_537)));
    }
}
