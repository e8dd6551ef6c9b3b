package dev.gatehouse.benchmarks;

import dev.gatehouse.sso.saml.SamlConnection;
import dev.gatehouse.sso.saml.SamlKey;
import dev.gatehouse.sso.saml.SamlOptions;
import dev.gatehouse.testkit.SamlIdp;
import dev.gatehouse.testkit.SamlKeys;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The response that is verified: nine attributes with sixteen values, the assertion signed by RSA and SHA-256; or the same,
 * encrypted by AES-128-GCM and RSA-OAEP.
 *
 * @param base64 as a browser posts it
 * @param connection that it is for
 * @param ours the key that decrypts
 * @param theirs the key that signed
 */
record SamlMessage(String base64, SamlConnection connection, SamlKeys ours, SamlKeys theirs, Instant now) {
    static final String REQUEST = "_a-request";
    static final String SP = "https://sp.example.test/metadata";
    private static final String ACS = "https://sp.example.test/acs";
    private static final String CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/";

    static SamlMessage make(boolean encrypted) {
        SamlKeys ours = SamlKeys.rsa(2048);
        SamlKeys theirs = SamlKeys.rsa(2048);
        Map<String, List<String>> said = new LinkedHashMap<>();
        said.put(CLAIMS + "emailaddress", List.of("alice.lidell@example.test"));
        said.put(CLAIMS + "givenname", List.of("Alice"));
        said.put(CLAIMS + "surname", List.of("Lidell"));
        said.put(
                "http://schemas.microsoft.com/identity/claims/objectidentifier",
                List.of("0f9d8a5e-1f0b-4d3c-9c7a-2d1e6f3b4a5c"));
        said.put(
                "http://schemas.microsoft.com/identity/claims/tenantid",
                List.of("c1f5c0de-3a2b-4b1a-8f9e-7d6c5b4a3f2e"));
        said.put("http://schemas.microsoft.com/identity/claims/displayname", List.of("Alice Lidell"));
        said.put("department", List.of("Engineering"));
        said.put("employeeType", List.of("regular"));
        said.put(
                "groups",
                List.of("group-0", "group-1", "group-2", "group-3", "group-4", "group-5", "group-6", "group-7"));
        try (SamlIdp idp = SamlIdp.start()) {
            idp.user("alice.lidell@example.test", said).keys(theirs).signs(false, true);
            if (encrypted) {
                idp.encryptsFor(ours.certificate(), "aes128-gcm", "rsa-oaep-mgf1p");
            }
            SamlConnection connection = new SamlConnection(
                    SP,
                    ACS,
                    null,
                    idp.entityId(),
                    idp.ssoUrl(),
                    null,
                    List.of(theirs.certificate()),
                    null,
                    List.of(new SamlKey(ours.certificate(), ours.privateKey())),
                    SamlOptions.strict());
            return new SamlMessage(idp.answer(REQUEST, SP, ACS), connection, ours, theirs, Instant.now());
        }
    }
}
