package dev.featurestore.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featurestore.schema.EventTimeFormat;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.testkit.PointInTimeLaw.Arrival;
import dev.featurestore.view.FeatureView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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

    private static final int SOAK_SEEDS = 2_000;

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
        FeatureGroup<FeatureRecord> group = group("cards", new Random(1), true, false);
        FeatureView view = FeatureView.named("model")
                .from(group, select -> select.key("card_id").allFeatures())
                .build();

        assertThatThrownBy(() -> new PointInTimeLaw(view, Arrival.STAMPED))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("do not stamp arrivals");
    }

    private int check(long seed) {
        Random random = new Random(seed);
        Arrival arrival = List.of(Arrival.values()).get((int) (seed % 3));
        boolean stamped = arrival == Arrival.STAMPED;
        FeatureView view = view(
                group("Cards", random, true, stamped || random.nextInt(3) == 0),
                group("shops", random, random.nextBoolean(), stamped || random.nextInt(3) == 0),
                random);
        return new PointInTimeLaw(view, arrival).check(random.nextLong(), folder.resolve("seed-" + seed));
    }

    private static FeatureGroup<FeatureRecord> group(String name, Random random, boolean textKeys, boolean stamped) {
        boolean epoch = random.nextInt(4) == 0;
        FeatureGroup.Builder<FeatureRecord> group = FeatureGroup.named(name)
                .recordIdentifier(textKeys ? Feature.string(name + "_ID") : Feature.integral(name + "_ID"))
                .eventTime(Feature.eventTime(
                        name + "_ts", epoch ? EventTimeFormat.epochSeconds(6) : EventTimeFormat.iso8601(9)))
                .features(
                        Feature.integral(name + "_count").withDefault(0L),
                        Feature.fractional(name + "_ratio"),
                        Feature.fractional("Mean").withDefault(-0.0),
                        Feature.string("label").withDefault("it's \"none\""),
                        Feature.string("text"),
                        Feature.bool("flag"),
                        Feature.instant("since"))
                .offlineStore(offline -> offline.s3Uri("s3://bucket/features"));
        if (random.nextBoolean()) {
            group.onlineStore(online -> online.ttl(Duration.ofSeconds(1 + random.nextInt(90))));
        } else {
            group.onlineStore();
        }
        if (stamped) {
            group.stampArrivalTime(Feature.instant("arrived_at"));
        }
        if (random.nextBoolean()) {
            group.stampWriteOrigin(Feature.string("write_origin"));
        }
        return group.build();
    }

    private static FeatureView view(FeatureGroup<?> cards, FeatureGroup<?> shops, Random random) {
        return FeatureView.named("model")
                .from(cards, select -> {
                    select.key("card_id").allFeatures();
                    if (random.nextBoolean()) {
                        select.maxAge(Duration.ofMillis(1 + random.nextInt(60_000)));
                    }
                })
                .from(shops, select -> {
                    select.key("shop_id").prefix("shop ").allFeatures();
                    if (random.nextInt(4) == 0) {
                        select.maxAge(Duration.ofMillis(1 + random.nextInt(60_000)));
                    }
                })
                .build();
    }
}
