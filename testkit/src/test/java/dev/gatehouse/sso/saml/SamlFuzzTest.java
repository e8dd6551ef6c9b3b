package dev.gatehouse.sso.saml;

import com.code_intelligence.jazzer.junit.FuzzTest;

/**
 * Whatever comes, it is read or refused. An ordinary build runs the seeds and what was found before; {@code bin/fuzz} has Jazzer
 * look for more.
 */
class SamlFuzzTest {
    private final SamlProbe probe = new SamlProbe();

    @FuzzTest
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
    void logoutMessagesAreReadOrRefused(byte[] xml) {
        probe.logout(xml);
    }

    @FuzzTest
    void whatAProviderSignsIsReadOrRefused(byte[] xml) {
        probe.signed(xml);
    }
}
