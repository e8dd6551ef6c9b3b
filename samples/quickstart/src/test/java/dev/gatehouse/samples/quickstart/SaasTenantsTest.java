package dev.gatehouse.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * In the sample {@code saas} nobody gets at what another organization has. Each refusal comes after the same request by whom it
 * is meant for, which passes.
 */
class SaasTenantsTest {
    @TempDir
    Path data;

    @Test
    @DisplayName(
            "a row, a member, an invitation and a key of another organization do not exist; a forged webhook is refused")
    void nothingOfAnothers() throws Exception {
        try (RunningSample app = RunningSample.saas(data).start();
                Chromium chromium = new Chromium()) {
            WaybillPeople people = new WaybillPeople(app, chromium);
            Page rosa = people.testIdp("rosa@harbor.example", "Rosa", "Admins");
            Page mia = people.testIdp("mia@harbor.example", "Mia", "");
            Page ada = people.password("ada@northwind.example");
            ada.waitForSelector("#me");
            Page sam = people.password("sam@freight.example");
            sam.click("text=Northwind Foods");
            sam.waitForSelector("#me");
            organizations(app, people, sam, rosa);
            rows(people, rosa, ada);
            rowsByKey(people, rosa, ada, sam);
            whatAnAdminManages(app, people, rosa, mia, ada);
            otherSites(app, ada);
            webhooks(app, people, ada, other(sam));
        }
    }

    private static void rows(WaybillPeople people, Page rosa, Page ada) {
        String coffee = WaybillPeople.path(rosa, "Green coffee, 320 sacks");
        assertThat(people.status(rosa, coffee)).isEqualTo(200);
        assertThat(people.status(ada, coffee)).isEqualTo(404);
        assertThat(people.post(ada, coffee + "/delivered").status()).isEqualTo(404);
        rosa.reload();
        assertThat(rosa.locator(".tag.good").count())
                .as("nothing was delivered")
                .isZero();
        assertThat(people.post(rosa, coffee + "/delivered").status()).isEqualTo(303);
        rosa.reload();
        assertThat(rosa.locator(".tag.good").count()).isEqualTo(1);
    }

    private static void rowsByKey(WaybillPeople people, Page rosa, Page ada, Page sam) throws Exception {
        String harbors = people.key(rosa, "Harbor", "shipment:read", "shipment:write");
        String northwinds = people.key(ada, "Northwind", "shipment:read", "shipment:write");
        rosa.click("text=Shipments");
        String cups = "/api" + WaybillPeople.path(rosa, "Paper cups, 9 boxes");
        assertThat(people.call("GET", cups, harbors, "").body()).contains("\"delivered\":false");
        assertThat(people.call("GET", cups, northwinds, "").statusCode()).isEqualTo(404);
        assertThat(people.call("POST", cups + "/delivered", northwinds, "").statusCode())
                .isEqualTo(404);
        assertThat(people.call("GET", cups, harbors, "").body()).contains("\"delivered\":false");
        assertThat(people.call("POST", cups + "/delivered", harbors, "").body()).contains("\"delivered\":true");
        assertThat(people.list(northwinds)).contains("Olive oil").doesNotContain("coffee", "cups");
        // sam is in the other one by now; an organization that a request names is not asked
        String beans =
                "{\"goods\":\"Beans\",\"destination\":\"Bari\",\"organization_id\":\"%s\"}".formatted(other(sam));
        assertThat(people.call("POST", "/api/shipments", harbors, beans).statusCode())
                .isEqualTo(201);
        assertThat(people.list(harbors)).contains("Beans");
        assertThat(people.list(northwinds)).doesNotContain("Beans");
        assertThat(people.call("GET", "/api/shipments", northwinds + "x", "").statusCode())
                .isEqualTo(401);
    }

    private static void whatAnAdminManages(RunningSample app, WaybillPeople people, Page rosa, Page mia, Page ada) {
        assertThat(people.post(rosa, "/people/invitations", "email", "gus@harbor.example", "role", "member")
                        .status())
                .isEqualTo(303);
        rosa.navigate(app.url("/people"));
        String invitation = rosa.getAttribute(".invited form", "action");
        String member = rosa.getAttribute(".member:has-text('mia@') form", "action");
        assertThat(people.post(ada, invitation).status()).isEqualTo(404);
        assertThat(people.post(ada, member, "role", "admin").status()).isEqualTo(404);
        rosa.reload();
        assertThat(rosa.locator(".invited").count()).as("it is still open").isEqualTo(1);
        assertThat(people.post(mia, invitation).status()).as("no admin").isEqualTo(403);
        assertThat(people.post(rosa, invitation).status()).isEqualTo(303);
        rosa.reload();
        assertThat(rosa.locator(".invited").count()).isZero();
        assertThat(people.post(rosa, member, "role", "viewer").status()).isEqualTo(303);
        mia.reload();
        assertThat(mia.textContent("#role")).isEqualTo("viewer");

        rosa.navigate(app.url("/settings"));
        String key = rosa.getAttribute(".key form", "action");
        assertThat(people.post(ada, key).status()).isEqualTo(404);
        rosa.reload();
        assertThat(rosa.locator(".key").count()).isEqualTo(1);
        assertThat(people.post(rosa, key).status()).isEqualTo(303);
        rosa.reload();
        assertThat(rosa.locator(".key").count()).isZero();
    }

    /** The organization that somebody in two may switch to. */
    private static String other(Page page) {
        return page.getAttribute("[name=organization_id]", "value");
    }

    private static void organizations(RunningSample app, WaybillPeople people, Page sam, Page rosa) {
        String lumen = other(sam);
        assertThat(people.post(rosa, "/organization", "organization_id", lumen).status())
                .as("no member there")
                .isEqualTo(403);
        assertThat(people.post(sam, "/organization", "organization_id", "org_none")
                        .status())
                .isEqualTo(403);
        rosa.navigate(app.url("/"));
        assertThat(rosa.textContent("#organization")).isEqualTo("Harbor Coffee");
        assertThat(people.post(sam, "/organization", "organization_id", lumen).status())
                .isEqualTo(303);
        sam.reload();
        assertThat(sam.textContent("#organization")).isEqualTo("Lumen Tools");
    }

    /** A browser says so when a form stood on a page of another site, or of another application on this host. */
    private static void otherSites(RunningSample app, Page ada) throws Exception {
        String cookie = ada.context().cookies().stream()
                .map(one -> one.name + "=" + one.value)
                .reduce((one, other) -> one + "; " + other)
                .orElseThrow();
        for (String site : new String[] {"same-origin", "same-site", "cross-site"}) {
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(app.url("/shipments")))
                                    .header("Cookie", cookie)
                                    .header("Sec-Fetch-Site", site)
                                    .header("Content-Type", "application/x-www-form-urlencoded")
                                    .POST(HttpRequest.BodyPublishers.ofString("goods=From+" + site + "&destination=X"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(site).isEqualTo(site.equals("same-origin") ? 303 : 400);
        }
        ada.navigate(app.url("/"));
        assertThat(ada.textContent("main")).contains("From same-origin").doesNotContain("-site");
    }

    private static void webhooks(RunningSample app, WaybillPeople people, Page ada, String northwind) throws Exception {
        people.happened(ada, "Ada Lovelace joined as admin"); // the real ones are taken
        String body = """
                {"id":"event_forged","event":"invitation.created","created_at":"%s",
                 "data":{"organization_id":"%s","email":"forged@example.com"}}""".formatted(Instant.now(), northwind);
        assertThat(hook(app, body, null)).isEqualTo(401);
        assertThat(hook(app, body, "t=" + System.currentTimeMillis() + ", v1=" + "0".repeat(64)))
                .isEqualTo(401);
        ada.reload();
        assertThat(ada.textContent("main")).doesNotContain("forged@example.com");
    }

    private static int hook(RunningSample app, String body, String signature) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(app.url("/webhooks/gatehouse")))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (signature != null) {
            request.header("WorkOS-Signature", signature);
        }
        return HttpClient.newHttpClient()
                .send(request.build(), HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }
}
