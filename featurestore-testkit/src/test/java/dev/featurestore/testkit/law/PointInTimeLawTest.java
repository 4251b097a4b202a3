package dev.featurestore.testkit.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.testkit.law.PointInTimeLaw.Arrival;
import dev.featurestore.view.FeatureView;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The law over random definitions: each seed makes two groups and a view of its own, and plays twenty histories on them. */
class PointInTimeLawTest {
    private static final int SEEDS = 60;

    /** A hundred thousand histories. */
    private static final int SOAK_SEEDS = Integer.getInteger("featurestore.soakSeeds", 5_000);

    @TempDir
    Path folder;

    static LongStream seeds() {
        return LongStream.range(0, SEEDS);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void trainingRowsAreWhatWasServed(long seed) {
        assertThat(check(seed)).isGreaterThan(100);
    }

    @Test
    @Tag("soak")
    void trainingRowsAreWhatWasServedOverManySeeds() {
        for (long seed = SEEDS; seed < SEEDS + SOAK_SEEDS; seed++) {
            assertThat(check(seed)).isGreaterThan(100);
        }
    }

    @Test
    void stampedArrivalNeedsGroupsThatStampIt() {
        FeatureGroup<FeatureRecord> group = RandomDefinitions.group("cards", new Random(1), true, false);
        FeatureView view = FeatureView.named("model")
                .from(group, select -> select.key("card_id").allFeatures())
                .build();

        assertThatThrownBy(() -> new PointInTimeLaw(view, Arrival.STAMPED))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("do not stamp arrivals");
    }

    /** For the summary of the build: a seed that fails stops at its first mismatch. */
    private int check(long seed) {
        int rows = 0;
        int mismatches = 1;
        try {
            rows = RandomDefinitions.check(seed, folder.resolve("seed-" + seed), law -> law);
            mismatches = 0;
        } finally {
            System.out.println("[summary] training rows as served: " + rows + ", mismatches: " + mismatches);
        }
        return rows;
    }
}
