package dev.featurestore.testkit.law;

import dev.featurestore.schema.EventTimeFormat;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.testkit.law.PointInTimeLaw.Arrival;
import dev.featurestore.view.FeatureView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;

/**
 * The law over random definitions, to be held against an engine: each seed makes two groups and a view of its own, of names
 * and types that engines stumble over, and plays twenty histories on them.
 */
public final class RandomDefinitions {
    private RandomDefinitions() {}

    /**
     * Holds one seed's definitions to the law.
     *
     * @param folder for files, of this seed alone
     * @param engine what {@link PointInTimeLaw#on} puts under test; identity for the local offline store
     * @return how many labels were compared
     * @throws AssertionError if the law does not hold; its message has the seed of the histories
     */
    public static int check(long seed, Path folder, UnaryOperator<PointInTimeLaw> engine) {
        Random random = new Random(seed);
        Arrival arrival = List.of(Arrival.values()).get((int) (seed % 3));
        boolean stamped = arrival == Arrival.STAMPED;
        FeatureView view = view(
                group("Cards", random, true, stamped || random.nextInt(3) == 0),
                group("shops", random, random.nextBoolean(), stamped || random.nextInt(3) == 0),
                random);
        return engine.apply(new PointInTimeLaw(view, arrival)).check(random.nextLong(), folder);
    }

    static FeatureGroup<FeatureRecord> group(String name, Random random, boolean textKeys, boolean stamped) {
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
                    if (random.nextInt(3) == 0) {
                        select.maxStaleness(Duration.ofMillis(1 + random.nextInt(20_000)));
                    }
                })
                .build();
    }
}
