package dev.featurestore.benchmarks;

import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A group of features as a fraud model has them, 200 unless told: 30 % amounts of four decimals, 30 % full-precision ratios,
 * 30 % counts, 10 % text.
 */
final class WideGroup {
    static final Feature<String> ID = Feature.string("card_id");

    static final Feature<Instant> TIME = Feature.eventTime("event_time");

    private static final int FEATURES = 200;

    private WideGroup() {}

    static FeatureGroup<FeatureRecord> definition(String name, String prefix) {
        return definition(name, prefix, FEATURES);
    }

    /** @param size how many features, the identifier and the event time among them */
    static FeatureGroup<FeatureRecord> definition(String name, String prefix, int size) {
        List<Feature<?>> features = new ArrayList<>();
        for (int i = 0; i < size - 2; i++) {
            String feature = prefix + "_feature_" + i;
            switch (i % 10) {
                case 0, 1, 2, 3, 4, 5 -> features.add(Feature.fractional(feature));
                case 6, 7, 8 -> features.add(Feature.integral(feature));
                default -> features.add(Feature.string(feature));
            }
        }
        return FeatureGroup.named(name)
                .recordIdentifier(ID)
                .eventTime(TIME)
                .features(features)
                .onlineStore()
                .build();
    }

    static FeatureRecord record(FeatureGroup<FeatureRecord> group, long seed) {
        Random random = new Random(seed);
        return record(group, random, "card-" + random.nextInt(1_000_000));
    }

    static FeatureRecord record(FeatureGroup<FeatureRecord> group, long seed, String id) {
        return record(group, new Random(seed), id);
    }

    private static FeatureRecord record(FeatureGroup<FeatureRecord> group, Random random, String id) {
        FeatureRecord.Builder record =
                group.newRecord().set(ID, id).set(TIME, Instant.parse("2025-06-01T12:00:00.123456789Z"));
        for (int i = 2; i < group.columns().size(); i++) {
            Object value =
                    switch ((i - 2) % 10) {
                        case 0, 1, 2 -> random.nextInt(10_000_000) / 10_000.0;
                        case 3, 4, 5 -> random.nextDouble();
                        case 6, 7, 8 -> (long) random.nextInt(100_000);
                        default -> "category-" + random.nextInt(1000);
                    };
            record.set(group.columns().name(i), value);
        }
        return record.build();
    }
}
