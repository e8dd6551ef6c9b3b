package dev.gatehouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Leases: at most one owner at a time. */
interface LeaseContract extends StorageFixture {

    private boolean lease(String name, String owner, Instant now, Instant until) {
        return tx(tx -> tx.lease(name, owner, now, until));
    }

    @Test
    default void aLeaseHasOneOwnerUntilItEnds() {
        Instant end = NOW.plusSeconds(10);
        assertThat(lease("job", "one", NOW, end)).isTrue();
        assertThat(lease("job", "two", NOW, end)).isFalse();
        assertThat(lease("job", "One", NOW, end)).isFalse();
        assertThat(lease("job", "two", end.minusMillis(1), end.plusSeconds(10))).isFalse();
        assertThat(lease("other", "two", NOW, end)).isTrue();
    }

    @Test
    default void anOwnerRenewsItsLease() {
        assertThat(lease("job", "one", NOW, NOW.plusSeconds(10))).isTrue();
        assertThat(lease("job", "one", NOW.plusSeconds(5), NOW.plusSeconds(20))).isTrue();
        assertThat(lease("job", "two", NOW.plusSeconds(15), NOW.plusSeconds(30)))
                .isFalse();
        assertThat(lease("job", "one", NOW.plusSeconds(25), NOW.plusSeconds(30)))
                .isTrue();
    }

    @Test
    default void anEndedLeaseGoesToWhoeverComesFirst() {
        assertThat(lease("job", "one", NOW, NOW.plusSeconds(10))).isTrue();
        assertThat(lease("job", "two", NOW.plusSeconds(10), NOW.plusSeconds(20)))
                .isTrue();
        assertThat(lease("job", "one", NOW.plusSeconds(10), NOW.plusSeconds(20)))
                .isFalse();
        assertThat(lease("job", "three", NOW.plusSeconds(19), NOW.plusSeconds(30)))
                .isFalse();
    }

    @Test
    default void anOwnerMayGiveItsLeaseUpByEndingItNow() {
        assertThat(lease("job", "one", NOW, NOW.plusSeconds(10))).isTrue();
        assertThat(lease("job", "one", NOW, NOW)).isTrue();
        assertThat(lease("job", "two", NOW, NOW.plusSeconds(10))).isTrue();
    }
}
