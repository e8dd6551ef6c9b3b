package dev.gatehouse;

import dev.gatehouse.api.Answer;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.sso.Attempt;
import dev.gatehouse.sso.Connection;
import dev.gatehouse.sso.ConnectionType;
import dev.gatehouse.sso.NewConnection;
import dev.gatehouse.sso.OidcProvider;
import dev.gatehouse.sso.Sso;
import dev.gatehouse.store.MemoryStorage;

/** A Gatehouse with an organization, its provider, and somebody who was sent there. */
final class OidcStage implements AutoCloseable {
    static final String BACK = "https://app.example.com/callback";

    final SteerableClock clock = new SteerableClock();
    final FakeOidc idp = new FakeOidc(clock);
    final Rest rest = new Rest(new MemoryStorage(), LocalKeyring.random(), clock, builder -> builder.outbound(idp));
    final Sso sso = rest.gatehouse.sso();
    final String acme;
    final Connection connection;
    Browser browser = new Browser(rest.gatehouse);

    OidcStage() {
        this(OidcProvider.of(FakeOidc.ISSUER, FakeOidc.CLIENT));
    }

    OidcStage(OidcProvider provider) {
        acme = rest.made("/organizations", """
                {"name":"Acme","domain_data":[{"domain":"acme.com","state":"verified"}]}""").text("/id");
        connection = sso.create(NewConnection.oidc(ConnectionType.GENERIC_OIDC, acme, "Acme", provider, "the-secret"));
        rest.made("/user_management/redirect_uris", "{\"uri\":\"" + BACK + "\"}");
    }

    String callback() {
        return "/auth/sso/oidc/callback/" + connection.key();
    }

    Answer away(String selector) {
        return browser.get("/user_management/authorize?client_id=" + Rest.CLIENT + "&redirect_uri=" + BACK
                + "&response_type=code&state=s&" + selector);
    }

    Answer away() {
        return away("connection_id=" + connection.id());
    }

    /** From the application to the provider and back to us. */
    Answer comeBack() {
        return browser.get(callback() + "?" + idp.authorized(Browser.location(away())));
    }

    /** Whether a sign-in ends with a code for the application. */
    boolean succeeds() {
        return Browser.location(comeBack()).startsWith(BACK + "?code=");
    }

    /** Step of the latest attempt. */
    Attempt attempt() {
        return sso.attempts(connection.id(), null, 1).get(0);
    }

    @Override
    public void close() {
        rest.close();
    }
}
