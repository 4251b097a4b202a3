package dev.featurestore.testkit;

import dev.featurestore.SliceReport;
import dev.featurestore.SlicedTrainingSet;
import dev.featurestore.TrainingSetClient;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.spi.OfflineStore;
import dev.featurestore.testkit.law.RandomHistory;
import dev.featurestore.testkit.law.ServedLabel;
import dev.featurestore.testkit.law.Trouble;
import dev.featurestore.training.ManifestStore;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineRow;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.FeatureView;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Labels of a few cards, their history in a local offline store, and training sets of them in slices. */
abstract class CardSlices {
    static final Feature<String> CARD = Feature.string("card_id");

    static final Feature<Instant> TIME = Feature.eventTime("event_ts");

    static final Feature<Long> COUNT = Feature.integral("txn_count").withDefault(0L);

    static final FeatureGroup<FeatureRecord> CARDS = FeatureGroup.named("cards")
            .recordIdentifier(CARD)
            .eventTime(TIME)
            .features(COUNT)
            .onlineStore(online -> {})
            .offlineStore(offline -> offline.s3Uri("s3://features/offline"))
            .build();

    static final FeatureGroup<FeatureRecord> AGED = FeatureGroup.named("aged")
            .recordIdentifier(CARD)
            .eventTime(TIME)
            .features(COUNT)
            .onlineStore(online -> {})
            .offlineStore(offline -> offline.s3Uri("s3://features/offline"))
            .build();

    static final FeatureView VIEW = FeatureView.named("model")
            .from(CARDS, select -> select.key("card_id").features(COUNT))
            .from(
                    AGED,
                    select -> select.key("card_id")
                            .prefix("aged_")
                            .features(COUNT)
                            .maxAge(Duration.ofHours(30)))
            .build();

    static final Instant START = Instant.parse("2025-03-01T00:00:00Z");

    static final Instant END = Instant.parse("2025-03-31T00:00:00Z");

    static final String NUMBER = "label_number";

    @TempDir
    Path folder;

    ManualClock clock = ManualClock.startingAt(START.plus(Duration.ofHours(1)));

    final List<SpineRow> labels = new ArrayList<>();

    LocalOfflineStore local;

    InMemoryFeatureStore store;

    private int outputs;

    @BeforeEach
    final void open() {
        local = LocalOfflineStore.at(folder.resolve("store"), clock);
        store = InMemoryFeatureStore.builder().clock(clock).offlineStore(local).build();
        store.group(CARDS);
        store.group(AGED);
    }

    @AfterEach
    final void close() {
        store.close();
        local.close();
    }

    final URI target() {
        return folder.resolve("slices").toUri();
    }

    final ManifestStore manifest() {
        return ManifestStore.file(folder.resolve("manifest/slices.txt"));
    }

    final TrainingSet set(PointInTime rule) {
        return TrainingSet.of(VIEW, Spine.rows(labels).keep(NUMBER))
                .withPointInTime(rule)
                .labelsBetween(START, END);
    }

    final SlicedTrainingSet slices(OfflineStore offline, ManifestStore manifest, PointInTime rule) {
        return TrainingSetClient.of(set(rule), offline).withClock(clock).slices(target(), manifest);
    }

    final SliceReport run(PointInTime rule) {
        return slices(local, manifest(), rule).withMargin(Duration.ZERO).run();
    }

    final void put(FeatureGroup<FeatureRecord> group, String card, Instant eventTime, long count) {
        store.group(group)
                .put(group.newRecord()
                        .set(CARD, card)
                        .set(TIME, eventTime)
                        .setLong(COUNT, count)
                        .build());
    }

    final void label(String card, Instant time) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("card_id", card);
        values.put(NUMBER, (long) labels.size());
        labels.add(SpineRow.of(time, values));
    }

    static Instant day(int day) {
        return Instant.parse("2025-03-%02dT12:00:00Z".formatted(day));
    }

    /** All rows of files, each as one text, sorted. */
    static List<String> rows(List<URI> files) throws Exception {
        if (files.isEmpty()) {
            return List.of();
        }
        String paths = files.stream().map(file -> "'" + Path.of(file) + "'").collect(Collectors.joining(", "));
        List<String> rows = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT * FROM read_parquet([" + paths + "])")) {
            while (result.next()) {
                StringBuilder row = new StringBuilder();
                for (int c = 1; c <= result.getMetaData().getColumnCount(); c++) {
                    row.append(result.getMetaData().getColumnLabel(c))
                            .append('=')
                            .append(result.getString(c))
                            .append(' ');
                }
                rows.add(row.toString());
            }
        }
        rows.sort(String::compareTo);
        return rows;
    }

    final List<String> builtAtOnce(PointInTime rule) throws Exception {
        Path file = folder.resolve("whole-" + ++outputs + ".parquet");
        local.unload(set(rule), file.toUri());
        return rows(List.of(file.toUri()));
    }

    /** Three days of labels of two cards. */
    final void threeDays() {
        for (int day = 2; day <= 4; day++) {
            clock.set(day(day).minusSeconds(600));
            put(CARDS, "card-1", clock.instant(), day);
            put(CARDS, "card-2", clock.instant(), 10 + day);
            label("card-1", day(day));
            label("card-2", day(day));
            label("card-2", day(day));
        }
        clock.set(day(5));
    }

    final void live(Random random) {
        Set<Trouble> troubles =
                EnumSet.of(Trouble.LATE_ROWS, Trouble.SOFT_DELETES, Trouble.EQUAL_TIMES, Trouble.FUTURE_EVENTS);
        for (ServedLabel served : new RandomHistory(VIEW, 0, random.nextLong(), troubles).play(store, clock, 12)) {
            label(String.valueOf(served.label().get("card_id")), served.label().time());
        }
        if (random.nextBoolean()) {
            Instant late = clock.instant().minus(Duration.ofMinutes(random.nextInt(60 * 72)));
            put(random.nextBoolean() ? CARDS : AGED, "0" + random.nextInt(3), late, random.nextInt(100));
        }
        if (random.nextInt(3) == 0) {
            label("0" + random.nextInt(3), clock.instant().minus(Duration.ofMinutes(random.nextInt(60 * 48))));
        }
        clock.advance(Duration.ofMillis(1 + random.nextInt(1500)));
    }
}
