package dev.featurestore.examples.glue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.testkit.law.RandomDefinitions;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The law on Spark: each seed plays twenty histories, in both modes. */
class SparkLawTest {
    private static final int SEEDS = 15;

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

    /** For the summary of the build: a seed that fails stops at its first mismatch. */
    private int check(long seed) {
        int rows = 0;
        int mismatches = 1;
        try {
            rows = RandomDefinitions.check(seed, folder.resolve("seed-" + seed), law -> law.on(Engine::over));
            mismatches = 0;
        } finally {
            System.out.println("[summary] training rows as served: " + rows + ", mismatches: " + mismatches);
        }
        return rows;
    }
}
