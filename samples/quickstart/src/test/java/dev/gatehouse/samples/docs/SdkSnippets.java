package dev.gatehouse.samples.docs;

import com.workos.WorkOS;

/** The snippets of docs/sdk.md. */
final class SdkSnippets {
    private SdkSnippets() {}

    static WorkOS client() {
        WorkOS workos = WorkOS.builder()
                .apiKey("sk_test_…")
                .clientId("client_…")
                .apiBaseUrl("http://127.0.0.1:8080")
                .build();
        return workos;
    }
}
