package dev.gatehouse.sso.saml;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;

/**
 * Whatever comes, it is read or refused. An ordinary build runs the seeds and what was found before; {@code bin/fuzz} has Jazzer
 * look for more.
 */
class SamlFuzzTest {
    private final SamlProbe probe = new SamlProbe();

    @FuzzTest
    @DictionaryFile(resourcePath = "/dev/gatehouse/sso/saml/saml.dict")
    void responsesAreReadOrRefused(byte[] xml) {
        probe.response(xml);
    }

    @FuzzTest
    void metadataIsReadOrRefused(byte[] xml) {
        probe.metadata(xml);
    }

    @FuzzTest
    void queriesAreReadOrRefused(byte[] query) {
        probe.query(query);
    }

    @FuzzTest
    @DictionaryFile(resourcePath = "/dev/gatehouse/sso/saml/saml.dict")
    void logoutMessagesAreReadOrRefused(byte[] xml) {
        probe.logout(xml);
    }

    @FuzzTest
    @DictionaryFile(resourcePath = "/dev/gatehouse/sso/saml/saml.dict")
    void whatAProviderSignsIsReadOrRefused(byte[] xml) {
        probe.signed(xml);
    }
}
