package dev.gatehouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.store.JdbcStorage;
import dev.gatehouse.testkit.GrowthStage.Asked;
import dev.gatehouse.testkit.GrowthStage.Growing;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What does not grow with the number of rows: a check of access, and pages of users and events, wherever in the list.
 * {@code -Dgrowth.rows=1000000} takes the figures of {@code docs/performance.md} in about half an hour, with {@code
 * -Dgrowth.only=check} some of them; without, it holds that nothing reads more rows where there are a few thousand than where there are one.
 */
class GrowthTest {
    private static final int FEW = 1_000;
    private static final int MANY = Integer.getInteger("growth.rows", 4_000);
    private static final boolean MEASURED = MANY > 50_000;
    private static final int ROUNDS = MEASURED ? 300 : 5;
    /** Pages that no cache holds, on two noisy processors: what grows with the rows grows a thousandfold, not by this. */
    private static final double FLAT = 5;

    @TempDir
    Path directory;

    private final List<String> steep = new ArrayList<>();

    private record Figure(double micros, double reads) {}

    @Test
    @DisplayName("on H2, nothing is slower where there is more")
    void h2() {
        try (GrowthStage stage = new GrowthStage(JdbcStorage.h2File(directory.resolve("h2")))) {
            grow("H2", stage);
        }
    }

    @Test
    @DisplayName("on PostgreSQL, nothing is slower where there is more")
    void postgres() {
        try (GrowthStage stage = new GrowthStage(Postgres.url(Postgres.schema()))) {
            grow("PostgreSQL", stage);
        }
    }

    private void grow(String database, GrowthStage stage) {
        String only = System.getProperty("growth.only", "");
        if ("check".contains(only)) {
            compare(stage, database, "resources", MANY, stage.tree());
        }
        if ("users".contains(only)) {
            compare(stage, database, "users", Math.max(MANY / 10, 2 * FEW), stage.people());
        }
        if ("events".contains(only)) {
            compare(stage, database, "events", MANY, stage.history());
        }
        assertThat(steep).as("slower where there is more").isEmpty();
    }

    private void compare(GrowthStage stage, String database, String what, int many, Growing growing) {
        growing.growTo(FEW);
        Map<String, Figure> few = new LinkedHashMap<>();
        // compiled before it is measured
        growing.asked().forEach(asked -> measure(stage, asked, MEASURED ? 2_000 : 1));
        growing.asked().forEach(asked -> few.put(asked.name(), measure(stage, asked, ROUNDS)));
        long begun = System.nanoTime();
        growing.growTo(many);
        System.out.printf(
                "%s: grew to %,d %s in %d s%n", database, many, what, (System.nanoTime() - begun) / 1_000_000_000);
        for (Asked asked : growing.asked()) {
            measure(stage, asked, MEASURED ? 1_000 : 1);
            Figure before = few.get(asked.name());
            Figure after = measure(stage, asked, ROUNDS);
            assertThat(after.reads).as(asked.name() + ", what it reads").isEqualTo(before.reads);
            double ratio = after.micros / before.micros;
            System.out.printf(
                    "| %s, %s | %.2f | %.0f | %.0f | %.0f |%n",
                    database, asked.name(), ratio, before.micros, after.micros, after.reads);
            if (MEASURED && ratio > FLAT) {
                steep.add(asked.name());
            }
        }
    }

    private static Figure measure(GrowthStage stage, Asked asked, int rounds) {
        double[] nanos = new double[rounds];
        long reads = stage.reads.total();
        for (int i = 0; i < rounds; i++) {
            long start = System.nanoTime();
            asked.ask().accept(i);
            nanos[i] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);
        return new Figure(nanos[rounds / 2] / 1_000, (double) (stage.reads.total() - reads) / rounds);
    }
}
