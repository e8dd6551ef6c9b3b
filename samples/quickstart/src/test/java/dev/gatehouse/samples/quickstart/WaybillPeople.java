package dev.gatehouse.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.FormData;
import com.microsoft.playwright.options.RequestOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;

/** What people and programs do with the sample {@code saas}, whose product is called Waybill. */
final class WaybillPeople {
    private static final String PASSWORD = "three-crates-north-7";

    private final RunningSample app;
    private final Chromium chromium;

    WaybillPeople(RunningSample app, Chromium chromium) {
        this.app = app;
        this.chromium = chromium;
    }

    private Page begin(String email) {
        Page page = chromium.page();
        page.navigate(app.url("/"));
        page.fill("#email", email);
        page.keyboard().press("Enter");
        return page;
    }

    /** Signs in with the password that all seeded people have; what comes then may be the choice of an organization. */
    Page password(String email) {
        Page page = begin(email);
        page.fill("#password", PASSWORD);
        page.keyboard().press("Enter");
        return page;
    }

    /** Signs in with a code by mail. */
    Page code(String email) {
        Page page = begin(email);
        page.click("form[action*=send-code] button");
        page.waitForSelector("#code");
        page.fill("#code", StoryTest.code(chromium, app, email));
        page.keyboard().press("Enter");
        return page;
    }

    /** Signs in through Harbor's Test IdP, which the first page finds by the address. */
    Page testIdp(String email, String name, String groups) {
        Page page = begin(email);
        page.waitForSelector("button[value=deny]");
        page.fill("#first_name", name);
        page.fill("#groups", groups);
        page.click("button[value=allow]");
        page.waitForSelector("#organization");
        return page;
    }

    /** Signs in at Lumen's Keycloak. */
    Page keycloak(String user) {
        Page page = begin(user + "@lumen.example");
        page.waitForSelector("#kc-login");
        page.fill("#username", user);
        page.fill("#password", PASSWORD);
        page.click("#kc-login");
        page.waitForSelector("#organization");
        return page;
    }

    /** Waits for a webhook: the page about activity says this. */
    void happened(Page page, String text) {
        for (int i = 0; i < 60; i++) {
            page.navigate(app.url("/activity"));
            if (page.textContent("main").contains(text)) {
                return;
            }
            page.waitForTimeout(250);
        }
        throw new AssertionError("no webhook told: " + text + ", but " + page.textContent("main"));
    }

    /** Makes an API key on the page; it. */
    String key(Page admin, String name, String... permissions) {
        admin.navigate(app.url("/settings"));
        admin.fill("#name", name);
        for (String permission : List.of("shipment:read", "shipment:write")) {
            admin.setChecked(
                    "input[value='" + permission + "']", List.of(permissions).contains(permission));
        }
        admin.click("text=Make a key");
        return admin.waitForSelector("#key").textContent();
    }

    /** Path of a shipment on the list. */
    static String path(Page list, String goods) {
        return list.getAttribute("a:text-is('" + goods + "')", "href");
    }

    /** Posts a form with the session of a page, but without the page, as somebody does who tries what it does not offer. */
    APIResponse post(Page page, String path, String... fields) {
        FormData form = FormData.create();
        for (int i = 0; i < fields.length; i += 2) {
            form.set(fields[i], fields[i + 1]);
        }
        return page.request()
                .post(app.url(path), RequestOptions.create().setForm(form).setMaxRedirects(0));
    }

    /** Status of a page with the session of another. */
    int status(Page page, String path) {
        return page.request().get(app.url(path)).status();
    }

    /** Calls the application's API as {@code curl} does. */
    HttpResponse<String> call(String method, String path, String key, String body)
            throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(app.url(path)))
                                .header("Authorization", "Bearer " + key)
                                .header("Content-Type", "application/json")
                                .method(method, HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    /** What a key sees of the list. */
    String list(String key) throws IOException, InterruptedException {
        HttpResponse<String> answer = call("GET", "/api/shipments", key, "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }
}
