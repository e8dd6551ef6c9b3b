package dev.gatehouse.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.crypto.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a receiver of webhooks may believe. */
class WebhookSignatureTest {
    private static final Secret SECRET = Secret.of("whsec_test");
    private static final Instant NOW = Instant.parse("2026-06-01T10:00:00Z");
    private static final byte[] BODY = "{\"event\":\"user.created\"}".getBytes(StandardCharsets.UTF_8);
    /** By {@code printf '%s' '1780308000000.{"event":"user.created"}' | openssl dgst -sha256 -hmac whsec_test}. */
    private static final String KNOWN = "9d42fd1cd4030f6ea6e38013984c195fc9d8f6e8fbf4fc58822ec26733e244b5";

    private static boolean verify(String header) {
        return WebhookSignature.verify(header, BODY, SECRET, WebhookSignature.TOLERANCE, NOW);
    }

    @Test
    void itIsWhatAnotherProgramComputes() {
        assertThat(WebhookSignature.of(SECRET, NOW, BODY)).isEqualTo("t=1780308000000, v1=" + KNOWN);
        assertThat(verify("t=1780308000000, v1=" + KNOWN)).isTrue();
    }

    @Test
    @DisplayName(
            "W08, W10 a changed body, time, secret or spelling, an old or a future one, and many signatures are refused")
    void forged() {
        String good = WebhookSignature.of(SECRET, NOW, BODY);
        assertThat(verify(good)).isTrue();
        assertThat(verify(good.replace(", v1", ",v1")))
                .as("as some proxies write it")
                .isTrue();
        byte[] other = "{\"event\":\"user.deleted\"}".getBytes(StandardCharsets.UTF_8);
        assertThat(WebhookSignature.verify(good, other, SECRET, WebhookSignature.TOLERANCE, NOW))
                .isFalse();
        assertThat(WebhookSignature.verify(good, BODY, Secret.of("whsec_other"), WebhookSignature.TOLERANCE, NOW))
                .isFalse();
        for (String bad : List.of(
                "",
                "t=1780308000001, v1=" + KNOWN,
                "t=1780308000000",
                "v1=" + KNOWN,
                "t=1780308000000, v1=" + KNOWN.toUpperCase(java.util.Locale.ROOT),
                "t=1780308000000, v1=" + KNOWN.substring(1),
                "t=1780308000000, v1=" + KNOWN + ", v1=" + KNOWN,
                "t=1780308000000" + (", v1=" + "0".repeat(64)).repeat(1_000) + ", v1=" + KNOWN,
                "t=\u0661780308000000, v1=" + KNOWN,
                " t=1780308000000, v1=" + KNOWN,
                "t=-1780308000000, v1=" + KNOWN,
                "t=1780308000000, v0=" + KNOWN)) {
            assertThat(verify(bad)).as(bad).isFalse();
        }
        for (Duration off : List.of(Duration.ofSeconds(181), Duration.ofSeconds(-181))) {
            assertThat(verify(WebhookSignature.of(SECRET, NOW.plus(off), BODY))).isFalse();
        }
        assertThat(verify(WebhookSignature.of(SECRET, NOW.minusSeconds(179), BODY)))
                .isTrue();
    }
}
