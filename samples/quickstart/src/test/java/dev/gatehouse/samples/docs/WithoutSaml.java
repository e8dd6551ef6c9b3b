package dev.gatehouse.samples.docs;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.sso.ConnectionType;
import dev.gatehouse.sso.NewConnection;
import dev.gatehouse.sso.OidcProvider;
import dev.gatehouse.sso.SamlProvider;
import dev.gatehouse.store.MemoryStorage;
import java.util.concurrent.Callable;

/** What an application does that left out the libraries for SAML; loaded by {@link WeightTest} with a class path that lacks them. */
public final class WithoutSaml implements Callable<String> {
    /** For the loader. */
    public WithoutSaml() {}

    @Override
    public String call() {
        try (Gatehouse gatehouse = Gatehouse.builder()
                .storage(new MemoryStorage())
                .keyring(LocalKeyring.random())
                .build()) {
            String acme = gatehouse.organizations().create("Acme").id();
            gatehouse
                    .sso()
                    .create(NewConnection.oidc(
                            ConnectionType.OKTA_OIDC,
                            acme,
                            "OpenID Connect",
                            OidcProvider.of("https://idp.example", "client-id"),
                            "secret"));
            try {
                gatehouse
                        .sso()
                        .create(NewConnection.saml(ConnectionType.OKTA_SAML, acme, "SAML", SamlProvider.unknown()));
                return "made";
            } catch (ApiException e) {
                return String.valueOf(e.problems());
            }
        }
    }
}
