package dev.featurestore.testkit;

import dev.featurestore.FeatureStore;
import dev.featurestore.SliceReport;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.training.ManifestStore;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.Spine;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.FeatureView;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A program that builds a training set in slices and says on its standard output when it writes down what it has done. */
final class SlicedRunProgram {
    static final int DAYS = 8;

    static final int LABELS_A_DAY = 5_000;

    static final Feature<String> CARD = Feature.string("card_id");

    static final Feature<Instant> TIME = Feature.eventTime("event_ts");

    static final Feature<Long> COUNT = Feature.integral("txn_count");

    static final FeatureGroup<FeatureRecord> CARDS = FeatureGroup.named("cards")
            .recordIdentifier(CARD)
            .eventTime(TIME)
            .features(COUNT)
            .onlineStore()
            .offlineStore(offline -> offline.s3Uri("s3://features/offline"))
            .build();

    private static final FeatureView VIEW = FeatureView.named("model")
            .from(CARDS, select -> select.key("card_id").allFeatures())
            .build();

    static final Instant START = Instant.parse("2025-03-01T00:00:00Z");

    static final Instant END = START.plus(Duration.ofDays(DAYS));

    private SlicedRunProgram() {}

    /**
     * Runs it.
     *
     * @param args the folder of everything
     */
    public static void main(String[] args) {
        Path folder = Path.of(args[0]);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (LocalOfflineStore local = LocalOfflineStore.at(folder.resolve("store"), clock())) {
            run(local, folder, speaking(manifest(folder)), threads);
        } finally {
            threads.shutdown();
        }
    }

    static ManualClock clock() {
        return ManualClock.startingAt(END.plus(Duration.ofDays(1)));
    }

    static ManifestStore manifest(Path folder) {
        return ManifestStore.file(folder.resolve("slices.txt"));
    }

    static TrainingSet set() {
        return TrainingSet.of(
                        VIEW,
                        Spine.query(
                                        "SELECT 'card-' || (n % 50) AS card_id, n, TIMESTAMP '2025-03-01 00:00:00' + to_seconds(n * "
                                                + Duration.ofDays(1).toSeconds() / LABELS_A_DAY
                                                + ") AS event_time FROM range("
                                                + DAYS * LABELS_A_DAY + ") AS r(n)")
                                .keep("n"))
                .withPointInTime(PointInTime.eventTime())
                .labelsBetween(START, END);
    }

    static SliceReport run(LocalOfflineStore local, Path folder, ManifestStore manifest, ExecutorService threads) {
        try (FeatureStore store = InMemoryFeatureStore.builder()
                .clock(clock())
                .offlineStore(local)
                .build()) {
            store.group(CARDS);
            TrainingSet set = set();
            return store.view(VIEW)
                    .trainingSet(set.spine())
                    .withPointInTime(set.pointInTime())
                    .labelsBetween(START, END)
                    .slices(folder.resolve("slices").toUri(), manifest)
                    .inParallel(2, threads)
                    .run();
        }
    }

    /** A line before each time that the manifest is written. */
    private static ManifestStore speaking(ManifestStore store) {
        return new ManifestStore() {
            @Override
            public Optional<String> read() {
                return store.read();
            }

            @Override
            public void write(String text) {
                System.out.println("writing");
                store.write(text);
            }

            @Override
            public Lock lock() {
                return store.lock();
            }
        };
    }
}
