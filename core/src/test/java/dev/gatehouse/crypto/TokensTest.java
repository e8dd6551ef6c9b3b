package dev.gatehouse.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TokensTest {
    private static final Instant NOW = Instant.parse("2026-01-15T12:00:00.123Z");

    @Test
    void aDigestBelongsToItsPurpose() {
        String digest = Digest.of("authorization_code", "abc");
        assertThat(digest).matches("[A-Za-z0-9_-]{43}").isEqualTo(Digest.of("authorization_code", "abc"));
        assertThat(Digest.of("refresh_token", "abc")).isNotEqualTo(digest);
        assertThat(Digest.of("authorization_codea", "bc")).isNotEqualTo(digest);
    }

    @Test
    void aDigestIsTheKnownOne() {
        // printf 'p\0abc' | openssl dgst -sha256 -binary | basenc --base64url
        assertThat(Digest.of("p", "abc")).isEqualTo(KNOWN);
    }

    private static final String KNOWN = "3N_aDlMMeyou1nsl8MVfRPVFmYysYAiAKfYZLkHErss";

    @Test
    void equalComparesWholeTexts() {
        assertThat(Digest.equal("abc", "abc")).isTrue();
        assertThat(Digest.equal("abc", "abd")).isFalse();
        assertThat(Digest.equal("abc", "ab")).isFalse();
        assertThat(Digest.equal("", "")).isTrue();
    }

    @Test
    void randomTextsUseTheirWholeAlphabetEvenly() {
        RandomTokens random = new RandomTokens();
        String text = random.base62(62_000);
        assertThat(text).matches("[0-9A-Za-z]+");
        int[] counts = new int[128];
        text.chars().forEach(c -> counts[c]++);
        // each is expected 1000 times; 200 is more than six standard deviations
        assertThat(IntStream.range(0, 128).filter(c -> counts[c] > 0)).hasSize(62);
        assertThat(IntStream.range(0, 128).filter(c -> counts[c] > 0)).allMatch(c -> Math.abs(counts[c] - 1_000) < 200);
        assertThat(random.base64url(32)).matches("[A-Za-z0-9_-]{43}");
        assertThat(random.bytes(16)).hasSize(16).isNotEqualTo(random.bytes(16));
    }

    @Test
    void ulidsAreCrockfordAndCarryTheirTime() {
        String ulid = new Ulid().ulid(NOW);
        assertThat(ulid).matches("[0-7][0-9A-HJKMNP-TV-Z]{25}");
        assertThat(Ulid.floor(NOW)).isEqualTo(ulid.substring(0, 10) + "0".repeat(16));
        assertThat(Ulid.floor(Instant.ofEpochMilli(1_469_918_176_385L))).startsWith("01ARYZ6S41");
        assertThat(ulid).isGreaterThan(Ulid.floor(NOW)).isLessThan(Ulid.floor(NOW.plusMillis(1)));
    }

    @Test
    void ulidsGrowAlsoWithinAMillisecondAndWhenTheClockGoesBack() {
        Ulid ulids = new Ulid();
        Random random = new Random(5);
        String last = "";
        Instant at = NOW;
        for (int i = 0; i < 200_000; i++) {
            at = at.plusMillis(random.nextInt(20) == 0 ? random.nextInt(41) - 20 : 0);
            String next = ulids.ulid(at);
            assertThat(next.compareTo(last)).isPositive();
            last = next;
        }
    }

    @Test
    void ulidsOfManyThreadsAreDistinct() {
        Ulid ulids = new Ulid();
        Set<String> seen = ConcurrentHashMap.newKeySet();
        assertThat(IntStream.range(0, 200_000).parallel().allMatch(i -> seen.add(ulids.ulid(NOW))))
                .isTrue();
    }

    @Test
    void ulidsOfTwoInstancesDiffer() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            assertThat(seen.add(new Ulid().ulid(NOW))).isTrue();
        }
    }
}
