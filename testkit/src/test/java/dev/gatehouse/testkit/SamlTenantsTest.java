package dev.gatehouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.api.Answer;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.organizations.Membership;
import dev.gatehouse.sso.Addresses;
import dev.gatehouse.sso.Profile;
import dev.gatehouse.sso.SamlProvider;
import dev.gatehouse.store.MemoryStorage;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

/** What a provider may say of whom, and for how long: tenants against each other, identifiers, attributes, keys. */
class SamlTenantsTest {
    private static final int SIGNATURE = 7;
    private static final int DESTINATION = 9;
    private static final int IN_RESPONSE_TO = 12;
    private static final int SUBJECT = 16;
    private static final int ATTRIBUTES = 17;
    private static final int DECIDED = 0;
    private static final String PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
    private static final String TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";

    private final SteerableClock clock = new SteerableClock();
    private final Gatehouse gatehouse = SamlTenant.house(new MemoryStorage(), LocalKeyring.random(), clock);
    private final SamlTenant acme = new SamlTenant(gatehouse, clock, "acme.com");
    private final SamlTenant beta = new SamlTenant(gatehouse, clock, "beta.com");

    @AfterEach
    void close() {
        acme.close();
        beta.close();
        gatehouse.close();
    }

    private String userId(String email) {
        return gatehouse.users().findByEmail(email).orElseThrow().id();
    }

    private List<String> profiles(String email) {
        return gatehouse.sso().profilesOf(userId(email)).stream()
                .map(Profile::idpId)
                .toList();
    }

    /** What the provider of one tenant would answer at the other's address, all texts as they should be there. */
    private Map<String, String> crossPosted(PageBrowser browser) {
        String away = acme.away(browser);
        SamlIdp.Form honest = acme.idp.signIn(away);
        String request =
                XmlCraft.parse(acme.idp.lastRequest()).getDocumentElement().getAttribute("ID");
        Addresses ours = acme.ours();
        return Map.of(
                "RelayState",
                honest.fields().get("RelayState"),
                "SAMLResponse",
                beta.idp.answer(request, ours.spEntityId(), ours.acsUrl()));
    }

    @Test
    @DisplayName("(S68) the provider of one tenant signs nobody in at another, not even under the other's name")
    void otherProviders() {
        acme.letsIn();
        beta.letsIn();
        beta.user("eve");
        PageBrowser browser = new PageBrowser(gatehouse);
        acme.refuses(SIGNATURE, browser, crossPosted(browser));
        beta.idp.entityId(acme.idp.entityId()).user("ada@acme.com", Map.of("email", List.of("ada@acme.com")));
        PageBrowser named = new PageBrowser(gatehouse);
        acme.refuses(SIGNATURE, named, crossPosted(named));
        acme.letsIn();
    }

    @Test
    @DisplayName("(S68, S93) two tenants may name one provider; what it says to one is nothing to the other")
    void oneProviderForTwo() {
        acme.letsIn();
        // beta copies the description of acme's provider
        beta.becomes(beta.wanted(acme.provider()));
        PageBrowser browser = new PageBrowser(gatehouse);
        String away = beta.away(browser);
        String state = beta.idp.signIn(away).fields().get("RelayState");
        Map<String, String> forAcme = acme.asked(new PageBrowser(gatehouse));
        beta.refuses(DESTINATION, browser, Map.of("RelayState", state, "SAMLResponse", forAcme.get("SAMLResponse")));
        // nor does it sign in people of acme there though it is asked in earnest
        acme.idp.user("ada@acme.com", Map.of("email", List.of("ada@acme.com")));
        PageBrowser asked = new PageBrowser(gatehouse);
        Map<String, String> form = acme.idp.signIn(beta.away(asked)).fields();
        assertThat(beta.refuses(DECIDED, asked, form).outcome()).isEqualTo("profile_not_allowed_outside_organization");
        assertThat(profiles("ada@acme.com")).hasSize(1);
        acme.letsIn();
    }

    @Test
    @DisplayName("(S69, T07) a provider that names an address of another tenant's domain, or of none, proves nobody")
    void otherDomains() {
        beta.user("ceo");
        beta.letsIn();
        acme.letsIn();
        for (String email : List.of("ceo@beta.com", "someone@unverified.test", "ada@acme.com.unverified.test")) {
            acme.idp.user(email, Map.of("email", List.of(email)));
            assertThat(acme.refuses(DECIDED).outcome()).as(email).isEqualTo("profile_not_allowed_outside_organization");
        }
        assertThat(gatehouse.sso().profilesOf(userId("ceo@beta.com")))
                .extracting(Profile::connectionId)
                .containsExactly(beta.connection.id());
        assertThat(gatehouse.users().findByEmail("someone@unverified.test")).isEmpty();
        beta.letsIn();
    }

    @Test
    @DisplayName("(S70) no provider signs in as those who run the platform")
    void operators() {
        String root = Calls.user(gatehouse, "root@operator.test");
        acme.letsIn();
        acme.idp.user("root@operator.test", Map.of("email", List.of("root@operator.test")));
        assertThat(acme.refuses(DECIDED).outcome()).isEqualTo("profile_not_allowed_outside_organization");
        assertThat(gatehouse.sso().profilesOf(root)).isEmpty();
        assertThat(gatehouse.organizations().ofUser(root)).isEmpty();
    }

    @Test
    @DisplayName("(S71) a name that changes for one address takes nobody over, until somebody parts the two")
    void otherNames() {
        acme.idp.nameIdFormat(PERSISTENT).user("7f3a", Map.of("email", List.of("ada@acme.com")));
        acme.letsIn();
        acme.idp.user("9c1b", Map.of("email", List.of("ada@acme.com")));
        assertThat(acme.refuses(DECIDED).outcome()).isEqualTo("access_denied");
        assertThat(profiles("ada@acme.com")).containsExactly("7f3a");
        gatehouse
                .sso()
                .profilesOf(userId("ada@acme.com"))
                .forEach(p -> gatehouse.sso().unlink(p.id()));
        acme.letsIn();
        assertThat(profiles("ada@acme.com")).containsExactly("9c1b");
        // and the other way round, an address that changes takes nobody along
        acme.idp.user("9c1b", Map.of("email", List.of("ada.lovelace@acme.com")));
        acme.letsIn();
        assertThat(gatehouse.users().findByEmail("ada.lovelace@acme.com")).isEmpty();
    }

    @Test
    @DisplayName("(S72) equal names of two formats are two people, and an opaque name is no address")
    void formats() {
        acme.letsIn();
        acme.idp.nameIdFormat(PERSISTENT).user("ada@acme.com", Map.of("email", List.of("eve@acme.com")));
        acme.letsIn();
        assertThat(userId("eve@acme.com")).isNotEqualTo(userId("ada@acme.com"));
        acme.idp.user("ada@acme.com", Map.of("email", List.of("ada@acme.com")));
        acme.letsIn();
        assertThat(profiles("eve@acme.com")).as("eve she stays").hasSize(1);
        assertThat(profiles("ada@acme.com")).hasSize(1);

        Calls.user(gatehouse, "grace@acme.com");
        acme.idp.user("grace@acme.com", Map.of());
        assertThat(acme.refuses(DECIDED).expected()).contains("e-mail address");
        assertThat(profiles("grace@acme.com")).isEmpty();
        acme.idp.nameIdFormat("urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress");
        acme.letsIn();
        assertThat(profiles("grace@acme.com")).hasSize(1);
    }

    @Test
    @DisplayName("(S72) a name in the realm of another qualifier is another person")
    void qualifiers() {
        acme.idp.nameIdFormat(PERSISTENT).user("7f3a", Map.of("email", List.of("ada@acme.com")));
        acme.letsIn();
        acme.idp
                .user("7f3a", Map.of("email", List.of("eve@acme.com")))
                .unsigned(d ->
                        XmlCraft.first(d, XmlCraft.SAML, "NameID").setAttribute("NameQualifier", "https://other.test"));
        acme.letsIn();
        assertThat(profiles("eve@acme.com")).containsExactly("7f3a");
        assertThat(profiles("ada@acme.com")).containsExactly("7f3a");
    }

    @Test
    @DisplayName("(S73) a name for one session identifies nobody, unless the connection maps an attribute that does")
    void sessionNames() {
        acme.letsIn();
        acme.idp.nameIdFormat(TRANSIENT).user("_1", Map.of("email", List.of("eve@acme.com"), "uid", List.of("4711")));
        acme.refuses(SUBJECT);
        acme.becomes(acme.wanted(acme.provider()).mapping(Map.of("id", "uid")));
        acme.letsIn();
        acme.idp.user("_2", Map.of("email", List.of("eve@acme.com"), "uid", List.of("4711")));
        acme.letsIn();
        assertThat(profiles("eve@acme.com")).containsExactly("4711");
        acme.idp.user("_3", Map.of("email", List.of("eve@acme.com")));
        acme.refuses(SUBJECT);
        acme.idp.user("_3", Map.of("email", List.of("eve@acme.com"), "uid", List.of("4711", "1")));
        acme.refuses(ATTRIBUTES);
    }

    @Test
    @DisplayName("(S74) several addresses are none, wherever they stand; a friendly name is no name")
    void severalAddresses() {
        acme.letsIn();
        acme.idp.user("ada@acme.com", Map.of("email", List.of("ada@acme.com", "eve@acme.com")));
        assertThat(acme.refuses(ATTRIBUTES).expected()).isEqualTo("one value for email");
        acme.user("ada");
        for (String other : List.of("ada@acme.com", "eve@acme.com")) {
            acme.idp.unsigned(d -> {
                Element email = XmlCraft.first(d, XmlCraft.SAML, "Attribute");
                Element second = (Element) email.cloneNode(true);
                second.getFirstChild().setTextContent(other);
                email.getParentNode().appendChild(second);
            });
            if (other.startsWith("ada")) {
                acme.letsIn();
            } else {
                acme.refuses(ATTRIBUTES);
            }
        }
        acme.idp.honest().user("bob", Map.of("x", List.of("ada@acme.com"))).nameIdFormat(PERSISTENT);
        acme.idp.unsigned(d -> XmlCraft.first(d, XmlCraft.SAML, "Attribute").setAttribute("FriendlyName", "email"));
        assertThat(acme.refuses(DECIDED).expected()).contains("e-mail address");
        acme.idp.unsigned(d -> XmlCraft.first(d, XmlCraft.SAML, "Attribute").setAttribute("Name", "email"));
        assertThat(acme.refuses(DECIDED).outcome()).as("another name of hers").isEqualTo("access_denied");
    }

    private List<String> roles(String email) {
        return gatehouse.organizations().ofUser(userId(email)).stream()
                .map(Membership::roles)
                .findFirst()
                .orElseThrow();
    }

    @Test
    @DisplayName("(S74, S76) groups come in one attribute or in one each, and give the tenant's mapped roles alone")
    void groups() {
        acme.becomes(acme.wanted(acme.provider()).groupRole("Admins", "admin"));
        acme.idp.user(
                "ada@acme.com",
                Map.of("email", List.of("ada@acme.com"), "groups", List.of("superadmin", "operator", "admin")));
        acme.letsIn();
        assertThat(roles("ada@acme.com")).as("no group of the mapping").containsExactly("member");
        // as Keycloak writes them
        acme.idp.unsigned(d -> {
            Element groups = (Element)
                    d.getElementsByTagNameNS(XmlCraft.SAML, "Attribute").item(attributeCalled(d, "groups"));
            Element more = (Element) groups.cloneNode(false);
            more.appendChild(groups.getFirstChild().cloneNode(false)).setTextContent("Admins");
            groups.getParentNode().appendChild(more);
        });
        acme.letsIn();
        assertThat(roles("ada@acme.com")).containsExactly("admin");
        Profile profile = gatehouse.sso().profilesOf(userId("ada@acme.com")).get(0);
        assertThat(profile.groups()).containsExactly("superadmin", "operator", "admin", "Admins");
        assertThatThrownBy(() -> acme.becomes(acme.wanted(acme.provider()).groupRole("Admins", "superadmin")))
                .isInstanceOf(ApiException.class);
    }

    private static int attributeCalled(org.w3c.dom.Document d, String name) {
        var all = d.getElementsByTagNameNS(XmlCraft.SAML, "Attribute");
        int at = 0;
        while (!((Element) all.item(at)).getAttribute("Name").equals(name)) {
            at++;
        }
        return at;
    }

    @Test
    @DisplayName("(S94) a connection that is switched off lets nobody in, however far the sign-in had come")
    void switchedOff() {
        acme.letsIn();
        PageBrowser away = new PageBrowser(gatehouse);
        Map<String, String> form = acme.asked(away);
        PageBrowser arrived = new PageBrowser(gatehouse);
        Answer ticket = arrived.postFromElsewhere(acme.ours().acsUrl(), acme.asked(arrived));
        gatehouse.sso().deactivate(acme.connection.id());
        assertThat(acme.refuses(DECIDED, away, form).outcome()).isEqualTo("connection_unlinked");
        int before = acme.tries();
        arrived.arrive(PageBrowser.location(ticket));
        assertThat(acme.refused(arrived, DECIDED, before).outcome()).isEqualTo("connection_unlinked");
        assertThat(new PageBrowser(gatehouse)
                        .get("/user_management/authorize?client_id=" + Calls.CLIENT + "&redirect_uri=" + SamlTenant.BACK
                                + "&response_type=code&connection_id=" + acme.connection.id())
                        .header("Location")
                        .orElse(""))
                .contains("error=connection_unlinked");
        gatehouse.sso().activate(acme.connection.id());
        acme.letsIn();
    }

    @Test
    @DisplayName(
            "(S94) what nobody asked for is refused by a connection that is switched off, and by one that is deleted")
    void switchedOffUnasked() {
        acme.becomes(acme.wanted(acme.provider().withIdpInitiated()));
        PageBrowser browser = new PageBrowser(gatehouse);
        Answer page = acme.submitted(browser, acme.unasked());
        Map<String, String> yes = Map.of("ticket", PageBrowser.field(page, "ticket"), "decision", "allow");
        gatehouse.sso().deactivate(acme.connection.id());
        browser.post("/auth/sso/consent", yes);
        assertThat(browser.signedIn()).isFalse();
        assertThat(acme.attempt().outcome()).isEqualTo("connection_unlinked");
        PageBrowser late = new PageBrowser(gatehouse);
        assertThat(acme.refuses(DECIDED, late, acme.unasked()).outcome()).isEqualTo("connection_unlinked");

        gatehouse.sso().activate(acme.connection.id());
        PageBrowser again = new PageBrowser(gatehouse);
        Answer asked = acme.submitted(again, acme.unasked());
        Map<String, String> form = acme.unasked();
        String acs = acme.ours().acsUrl();
        gatehouse.sso().delete(acme.connection.id());
        again.post("/auth/sso/consent", Map.of("ticket", PageBrowser.field(asked, "ticket"), "decision", "allow"));
        assertThat(again.postFromElsewhere(acs, form).status()).isEqualTo(400);
        assertThat(again.signedIn()).isFalse();
        beta.letsIn();
    }

    @Test
    @DisplayName("(S95) a certificate that has expired counts for its key, and for no other")
    void expiredCertificate() {
        SamlKeys expired = SamlKeys.expired();
        acme.idp.keys(expired);
        acme.becomes(acme.wanted(acme.provider()));
        acme.letsIn();
        acme.idp.newKeys("RSA", 2048);
        acme.refuses(SIGNATURE);
        acme.idp.keys(expired).misbehave(SamlIdp.Misbehaviour.UNSIGNED);
        acme.refuses(SIGNATURE);
        acme.idp.honest();
        acme.letsIn();
    }

    @Test
    @DisplayName("(S98) a key that was rotated out signs nobody in from that moment on; while keys change both do")
    void rotatedKeys() {
        acme.letsIn();
        SamlProvider before = acme.provider();
        SamlKeys stolen = acme.idp.keys();
        SamlKeys fresh = SamlKeys.rsa(2048);
        acme.becomes(acme.wanted(before.withCertificates(
                List.of(SamlTenant.text(stolen.certificate()), SamlTenant.text(fresh.certificate())))));
        acme.letsIn();
        PageBrowser underWay = new PageBrowser(gatehouse);
        Map<String, String> form = acme.asked(underWay);
        acme.becomes(acme.wanted(before.withCertificates(List.of(SamlTenant.text(fresh.certificate())))));
        acme.refuses(SIGNATURE, underWay, form);
        acme.refuses(SIGNATURE);
        acme.idp.keys(fresh);
        acme.letsIn();
        assertThat(acme.attempt().step()).isNotEqualTo(IN_RESPONSE_TO);
    }
}
