package dev.gatehouse.sso.saml;

import static dev.gatehouse.sso.saml.Dom.first;
import static dev.gatehouse.sso.saml.Dom.make;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.testkit.SamlIdp.Misbehaviour;
import dev.gatehouse.testkit.SamlKeys;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** Encrypted assertions (ATTACKS S47 to S51). */
class SamlEncryptionTest {
    @ParameterizedTest
    @MethodSource("encryption")
    void isRefused(Attack attack) {
        try (SamlStage stage = new SamlStage()) {
            attack.run(stage);
        }
    }

    private static void encrypted(SamlStage s) {
        s.idp.encryptsFor(SamlStage.OURS.certificate());
    }

    private static Attack sealed(String id, String what, Step step, Consumer<SamlStage> evil) {
        return new Attack(id, what, step, SamlEncryptionTest::encrypted, evil);
    }

    /** On cipher text that nobody has signed. */
    private static Attack loose(String id, String what, Step step, Consumer<Document> change) {
        return new Attack(
                id,
                what,
                step,
                s -> s.idp.signs(false, true).encryptsFor(SamlStage.OURS.certificate()),
                s -> s.idp.signed(change));
    }

    static List<Attack> encryption() {
        X509Certificate ours = SamlStage.OURS.certificate();
        return List.of(
                sealed(
                        "S47",
                        "an unsigned assertion encrypted for us",
                        Step.SIGNATURE,
                        s -> s.idp.misbehave(Misbehaviour.UNSIGNED)),
                sealed(
                        "S47",
                        "an assertion of an attacker's signature",
                        Step.SIGNATURE,
                        s -> s.idp.misbehave(Misbehaviour.WRONG_KEY)),
                sealed("S47", "signed outside alone", Step.SIGNATURE, s -> s.idp.signs(true, false)),
                sealed(
                        "S47",
                        "for another key",
                        Step.DECRYPTION,
                        s -> s.idp.encryptsFor(SamlKeys.rsa(2048).certificate())),
                sealed(
                        "S48",
                        "AES-128-CBC",
                        Step.ALGORITHM,
                        s -> s.idp.encryptsFor(ours, "aes128-cbc", "rsa-oaep-mgf1p")),
                sealed(
                        "S48",
                        "AES-256-CBC",
                        Step.ALGORITHM,
                        s -> s.idp.encryptsFor(ours, "aes256-cbc", "rsa-oaep-mgf1p")),
                sealed("S49", "RSA 1.5", Step.ALGORITHM, s -> s.idp.encryptsFor(ours, "aes256-gcm", "rsa-1_5")),
                sealed(
                        "S50",
                        "a document type inside",
                        Step.XML,
                        s -> s.idp.plain(x -> "<!DOCTYPE a [<!ENTITY e 'x'>]>" + x)),
                sealed(
                        "S50",
                        "a comment inside",
                        Step.STRUCTURE,
                        s -> s.idp.plain(x -> x.replace("ada@example.com", "ada@<!---->example.com"))),
                sealed("S50", "two assertions inside", Step.XML, s -> s.idp.plain(x -> x + x)),
                sealed(
                        "S50",
                        "a response inside",
                        Step.STRUCTURE,
                        s -> s.idp.plain(x ->
                                "<samlp:Response xmlns:samlp=\"" + Xml.PROTOCOL + "\">" + x + "</samlp:Response>")),
                loose("S51", "a key that is encrypted for itself", Step.STRUCTURE, d -> {
                    Element pointer = make(d, Xml.DSIG, "ds:RetrievalMethod");
                    pointer.setAttribute("URI", "#k");
                    Element key = first(d, "EncryptedKey");
                    key.setAttribute("Id", "k");
                    Element info = make(d, Xml.DSIG, "ds:KeyInfo");
                    info.appendChild(pointer);
                    Dom.after(info, Dom.in(key, "EncryptionMethod"));
                }),
                loose("S51", "keys in keys in keys", Step.XML, d -> {
                    Element at = first(d, "EncryptedKey");
                    for (int i = 0; i < 1000; i++) {
                        Element info = make(d, Xml.DSIG, "ds:KeyInfo");
                        Element key = make(d, Xml.XENC, "xenc:EncryptedKey");
                        info.appendChild(key);
                        at.appendChild(info);
                        at = key;
                    }
                }),
                loose(
                        "S51",
                        "two keys",
                        Step.STRUCTURE,
                        d -> first(d, "EncryptedAssertion").appendChild(Dom.copy(first(d, "EncryptedKey")))),
                loose("S51", "a cipher text elsewhere", Step.STRUCTURE, d -> {
                    Element data = (Element)
                            d.getElementsByTagNameNS(Xml.XENC, "CipherData").item(1);
                    data.setTextContent("");
                    data.appendChild(make(d, Xml.XENC, "xenc:CipherReference"));
                }),
                new Attack(
                        "S47",
                        "an encrypted one beside a plain one",
                        Step.STRUCTURE,
                        s -> s.idp.signs(false, true),
                        s -> s.idp.signed(d -> Dom.root(d).appendChild(make(d, Xml.SAML, "saml:EncryptedAssertion")))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"aes128-cbc", "aes256-gcm"})
    @DisplayName("S48 each changed byte is one and the same refusal")
    void decryptionSaysNothing(String cipher) {
        try (SamlStage stage = new SamlStage()) {
            stage.options = SamlStage.relaxed();
            stage.idp.signs(false, true).encryptsFor(SamlStage.OURS.certificate(), cipher, "rsa-oaep-mgf1p");
            String honest = stage.idp.answer(SamlStage.REQUEST, SamlStage.SP, SamlStage.ACS);
            assertThat(stage.read(honest)).isNotNull();
            for (int change = 1; change < 256; change += 5) {
                int by = change;
                for (int fromEnd : new int[] {1, 17, 33, 300}) {
                    SamlRefusal refusal = stage.refused(Step.DECRYPTION, changed(honest, fromEnd, by));
                    assertThat(refusal.getMessage())
                            .isEqualTo(SamlRefusal.undecryptable().getMessage());
                    assertThat(refusal.shown()).isFalse();
                }
            }
        }
    }

    /** With one byte of the cipher text changed. */
    private static String changed(String base64, int fromEnd, int by) {
        String xml = new String(Base64.getDecoder().decode(base64));
        int start = xml.lastIndexOf("<xenc:CipherValue>") + "<xenc:CipherValue>".length();
        int end = xml.indexOf('<', start);
        byte[] cipher = Base64.getDecoder().decode(xml.substring(start, end));
        cipher[cipher.length - fromEnd] ^= (byte) by;
        String changed = xml.substring(0, start) + Base64.getEncoder().encodeToString(cipher) + xml.substring(end);
        return Base64.getEncoder().encodeToString(changed.getBytes());
    }
}
