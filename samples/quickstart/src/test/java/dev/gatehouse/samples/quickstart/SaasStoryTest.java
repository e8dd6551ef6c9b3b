package dev.gatehouse.samples.quickstart;

import static dev.gatehouse.samples.quickstart.Chromium.picture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sample {@code saas}, as people of its three organizations meet it. */
class SaasStoryTest {
    private static final String LINK = "/auth/invitation\\?invitation_token=[A-Za-z0-9]{52}";

    @TempDir
    Path data;

    @Test
    @DisplayName(
            "on H2: roles, an invitation, webhooks, a flag, an API key, somebody in two organizations, a second start")
    void onH2() throws Exception {
        try (RunningSample app = RunningSample.saas(data).start();
                Chromium chromium = new Chromium()) {
            WaybillPeople people = new WaybillPeople(app, chromium);
            Page welcome = chromium.page();
            welcome.navigate(app.url("/welcome"));
            assertThat(welcome.textContent("main")).contains("Northwind Foods", "start bin/saas --keycloak");
            picture(welcome, "saas-welcome");

            Page ada = people.password("ada@northwind.example");
            ada.waitForSelector("#me");
            assertThat(ada.textContent("#organization")).isEqualTo("Northwind Foods");
            ada.fill("#goods", "<b>Figs</b>");
            ada.fill("#destination", "Köln");
            ada.keyboard().press("Enter");
            assertThat(ada.waitForSelector(".shipment >> nth=2").textContent()).isNotEmpty();
            assertThat(ada.textContent("main"))
                    .contains("Olive oil", "<b>Figs</b>", "to Köln · Ada Lovelace")
                    .doesNotContain("Green coffee", "Bench drills");
            ada.click("[aria-label='<b>Figs</b> is delivered']");
            ada.waitForSelector(".tag.good");
            picture(ada, "saas-shipments");
            ada.click("text=<b>Figs</b>");
            ada.waitForSelector("h1:text-is('<b>Figs</b>')");
            picture(ada, "saas-shipment");

            aColleagueIsInvited(app, chromium, people, ada);
            aViewerOnlyLooks(app, people, ada);
            thePreviewIsForOneOrganization(app, people, ada);
            aProgramUsesAKey(app, people, ada);
            somebodyIsInTwo(people);

            app.close();
            app.start();
            ada.navigate(app.url("/"));
            assertThat(ada.textContent("main"))
                    .as("a second start finds what is there")
                    .containsOnlyOnce("Olive oil");
            assertThat(ada.locator("#overview").count()).isEqualTo(1);
            ada.navigate(app.url("/people"));
            assertThat(ada.textContent("main")).containsOnlyOnce("vera@northwind.example");
        }
    }

    private static void aColleagueIsInvited(RunningSample app, Chromium chromium, WaybillPeople people, Page ada)
            throws Exception {
        people.happened(ada, "Ada Lovelace joined as admin");
        ada.click("text=People");
        ada.fill("#email", "grace@northwind.example");
        ada.keyboard().press("Enter");
        ada.waitForSelector(".invited");
        ada.fill("#email", "GRACE@northwind.example");
        ada.keyboard().press("Enter");
        assertThat(ada.waitForSelector("[role=alert]").textContent()).contains("invited already");
        assertThat(ada.inputValue("#email")).isEqualTo("GRACE@northwind.example");
        picture(ada, "saas-people");

        Page grace = chromium.page();
        grace.navigate(StoryTest.link(chromium, app, LINK));
        assertThat(grace.textContent("main")).contains("Northwind Foods", "Ada Lovelace");
        grace.keyboard().press("Tab");
        grace.keyboard().press("Enter");
        grace.waitForURL("**/auth/sign-up*");
        grace.fill("#first_name", "Grace");
        grace.fill("#last_name", "Hopper");
        grace.fill("#password", "violet-lamp-paperclip-42");
        grace.keyboard().press("Enter");
        grace.waitForSelector("#me");
        assertThat(grace.textContent("#role")).isEqualTo("member");
        assertThat(grace.locator("#goods").count()).isEqualTo(1);
        people.happened(ada, "grace@northwind.example accepted the invitation");
        people.happened(ada, "Grace Hopper joined as member");

        // a role is taken away: the running session knows it
        ada.navigate(app.url("/people"));
        ada.selectOption("[aria-label='Role of Grace Hopper']", "viewer");
        ada.click(".member:has-text('Grace Hopper') button");
        people.happened(ada, "Grace Hopper is viewer now");
        picture(ada, "saas-activity");
        grace.navigate(app.url("/"));
        assertThat(grace.textContent("#role")).isEqualTo("viewer");
        assertThat(grace.locator("#goods").count()).isZero();
        ada.navigate(app.url("/people"));
        ada.selectOption("[aria-label='Role of Ada Lovelace']", "viewer");
        ada.click(".member:has-text('Ada Lovelace') button");
        assertThat(ada.waitForSelector("[role=alert]").textContent()).contains("The last admin stays one");
        picture(ada, "saas-refused");
    }

    private static void aViewerOnlyLooks(RunningSample app, WaybillPeople people, Page ada) throws Exception {
        Page vera = people.code("vera@northwind.example");
        vera.waitForSelector("#me");
        assertThat(vera.textContent("main")).contains("Olive oil");
        assertThat(vera.locator("main form").count()).as("nothing to do").isZero();
        assertThat(people.post(ada, "/shipments", "goods", "Dates", "destination", "Bonn")
                        .status())
                .as("who may")
                .isEqualTo(303);
        assertThat(people.post(vera, "/shipments", "goods", "Dates", "destination", "Bonn")
                        .status())
                .isEqualTo(403);
        assertThat(people.status(ada, "/settings")).isEqualTo(200);
        assertThat(people.status(vera, "/settings")).isEqualTo(403);
        assertThat(people.post(vera, "/people/invitations", "email", "x@example.com", "role", "admin")
                        .status())
                .isEqualTo(403);
        ada.navigate(app.url("/people"));
        assertThat(ada.textContent("main")).doesNotContain("x@example.com");
    }

    private static void thePreviewIsForOneOrganization(RunningSample app, WaybillPeople people, Page ada)
            throws Exception {
        Page rosa = people.testIdp("rosa@harbor.example", "Rosa", "Admins");
        assertThat(rosa.textContent("#role")).isEqualTo("admin");
        assertThat(rosa.textContent("main")).contains("Green coffee").doesNotContain("Olive oil");
        ada.navigate(app.url("/settings"));
        ada.click("text=Switch on");
        ada.waitForSelector("text=Switch off");
        ada.navigate(app.url("/"));
        assertThat(ada.textContent("#overview"))
                .contains("Hamburg", "Rotterdam")
                .doesNotContain("Köln");
        picture(ada, "saas-overview");
        rosa.navigate(app.url("/"));
        assertThat(rosa.locator("#overview").count()).as("another organization").isZero();
    }

    private static void aProgramUsesAKey(RunningSample app, WaybillPeople people, Page ada) throws Exception {
        String scanner = people.key(ada, "Scanner", "shipment:read");
        picture(ada, "saas-key");
        String robot = people.key(ada, "Robot", "shipment:read", "shipment:write");
        ada.navigate(app.url("/settings"));
        assertThat(ada.content()).contains("Scanner", "Robot").doesNotContain(scanner, robot);
        picture(ada, "saas-settings");
        assertThat(people.list(scanner)).contains("Olive oil").doesNotContain("Green coffee", "Bench drills");
        String body = "{\"goods\":\"Salt\",\"destination\":\"Kiel\"}";
        assertThat(people.call("POST", "/api/shipments", robot, body).statusCode())
                .isEqualTo(201);
        assertThat(people.call("POST", "/api/shipments", scanner, body).statusCode())
                .isEqualTo(403);
        assertThat(people.list(scanner)).contains("\"added_by\":\"API key Robot\"");
        assertThat(people.call("GET", "/settings", robot, "").statusCode())
                .as("a key opens no page")
                .isEqualTo(401);
        people.happened(ada, "The API key Robot was made");
        ada.navigate(app.url("/settings"));
        ada.click("[aria-label='Revoke Robot']");
        ada.waitForSelector(
                "[aria-label='Revoke Robot']",
                new Page.WaitForSelectorOptions().setState(WaitForSelectorState.DETACHED));
        assertThat(people.call("GET", "/api/shipments", robot, "").statusCode()).isEqualTo(401);
    }

    private static void somebodyIsInTwo(WaybillPeople people) throws Exception {
        Page sam = people.password("sam@freight.example");
        sam.click("text=Northwind Foods");
        sam.waitForSelector("#me");
        assertThat(sam.textContent("#role")).isEqualTo("viewer");
        picture(sam, "saas-two");
        sam.click("text=Switch to Lumen Tools");
        sam.waitForSelector("#organization:text-is('Lumen Tools')");
        assertThat(sam.textContent("#role")).isEqualTo("member");
        assertThat(sam.textContent("main")).contains("Bench drills").doesNotContain("Olive oil");
        sam.click("[aria-label='Lathe, 1 unit is delivered']");
        sam.waitForSelector(".tag.good");
    }

    @Test
    @DisplayName(
            "on a PostgreSQL that it starts: through the Test IdP, rows, a refusal, a webhook, an API key, a second start")
    void onPostgres() throws Exception {
        try (RunningSample app = RunningSample.saas(data).start("--postgres");
                Chromium chromium = new Chromium()) {
            assertThat(data.resolve("gatehouse.mv.db")).as("no H2").doesNotExist();
            WaybillPeople people = new WaybillPeople(app, chromium);
            Page rosa = people.testIdp("rosa@harbor.example", "Rosa", "Admins");
            assertThat(rosa.textContent("main")).contains("Green coffee").doesNotContain("Olive oil");
            people.happened(rosa, "Rosa is admin now");
            Page vic = people.testIdp("vic@harbor.example", "Vic", "Viewers");
            assertThat(people.post(rosa, "/shipments", "goods", "Tea", "destination", "Bern")
                            .status())
                    .isEqualTo(303);
            assertThat(people.post(vic, "/shipments", "goods", "Tea", "destination", "Bern")
                            .status())
                    .isEqualTo(403);
            String key = people.key(rosa, "Scanner", "shipment:read");
            assertThat(people.list(key)).contains("Green coffee", "Tea").doesNotContain("Olive oil");

            app.close();
            app.start("--postgres");
            rosa.navigate(app.url("/"));
            assertThat(rosa.textContent("main"))
                    .containsOnlyOnce("Green coffee")
                    .contains("Tea");
            assertThat(people.list(key)).contains("Tea");
        }
    }

    @Test
    @DisplayName(
            "with the Keycloak that it starts: people of Lumen sign in there, and are the same after a second start")
    void withKeycloak() throws Exception {
        assumeTrue(Files.isDirectory(Path.of(System.getProperty("keycloak.home"))), "no Keycloak was unpacked");
        try (RunningSample app = RunningSample.saas(data).start("--keycloak");
                Chromium chromium = new Chromium()) {
            WaybillPeople people = new WaybillPeople(app, chromium);
            Page lena = people.keycloak("lena");
            assertThat(lena.textContent("#me")).isEqualTo("Lena Meyer");
            assertThat(lena.textContent("#role")).as("by a group at Keycloak").isEqualTo("admin");
            assertThat(lena.textContent("main")).contains("Bench drills").doesNotContain("Olive oil", "Green coffee");
            Page leo = people.keycloak("leo");
            assertThat(leo.textContent("#role")).isEqualTo("member");

            app.close();
            app.start("--keycloak");
            assertThat(people.keycloak("lena").textContent("#me")).isEqualTo("Lena Meyer");

            // without its provider nobody comes in, and the page says what to do
            app.close();
            app.start();
            Page locked = chromium.page();
            locked.navigate(app.url("/"));
            locked.fill("#email", "lena@lumen.example");
            locked.keyboard().press("Enter");
            locked.waitForURL(Pattern.compile(".*/auth/password.*"));
            locked.navigate(app.url("/welcome"));
            assertThat(locked.textContent("main")).contains("start bin/saas --keycloak");
        }
    }
}
