package dev.featurestore.examples.glue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featurestore.errors.UnsupportedCapabilityException;
import dev.featurestore.ingest.Backfill;
import dev.featurestore.ingest.RecordIngestor;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.schema.OfflineStoreSettings;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.LocalOfflineStore;
import dev.featurestore.testkit.ManualClock;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineRow;
import dev.featurestore.training.TrainingRow;
import dev.featurestore.training.TrainingRows;
import dev.featurestore.view.FeatureView;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Serializable;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In a session whose time zone is half an hour off, such as St. John's. */
class OfflineBackfillTest {
    private static final Feature<String> CARD = Feature.string("Card_Id");
    private static final Feature<Instant> TIME = Feature.eventTime("event_time");
    private static final Feature<Long> COUNT = Feature.integral("txn_count");
    private static final Feature<Double> AMOUNT = Feature.fractional("amount");
    private static final Feature<String> NOTE = Feature.string("year");
    private static final FeatureGroup<FeatureRecord> PLAIN = cards("cards").build();
    private static final FeatureGroup<FeatureRecord> MARKED = cards("marked-cards")
            .stampArrivalTime(Feature.instant("arrived"))
            .stampWriteOrigin(Feature.string("origin"))
            .build();

    /** The day before the history's last hours, in UTC and in the session's zone. */
    private static final Instant MIDNIGHT = Instant.parse("2026-03-01T00:00:00Z");

    private static final Instant NOW = Instant.parse("2026-03-20T12:00:00.123456789Z");

    @TempDir
    private Path folder;

    private final ManualClock clock = ManualClock.startingAt(NOW);

    private static FeatureGroup.Builder<FeatureRecord> cards(String name) {
        return FeatureGroup.named(name)
                .recordIdentifier(CARD)
                .eventTime(TIME)
                .features(COUNT, AMOUNT, NOTE)
                .onlineStore()
                .offlineStore(offline -> offline.s3Uri("s3://bucket/features"));
    }

    /** A row as it travels to Spark's tasks, where it becomes a record. */
    private record Payment(String card, long second, long count, double amount, String note) implements Serializable {
        FeatureRecord record(FeatureGroup<FeatureRecord> group) {
            FeatureRecord.Builder record = group.newRecord()
                    .set(CARD, card)
                    .set(TIME, MIDNIGHT.plusSeconds(second).plusNanos(count))
                    .setLong(COUNT, count);
            if (count % 3 != 0) {
                record.setDouble(AMOUNT, amount).set(NOTE, note);
            }
            return record.build();
        }
    }

    /** Over thirty hours. */
    private static List<Payment> history(long seed, int count) {
        Random random = new Random(seed);
        return IntStream.range(0, count)
                .mapToObj(n -> new Payment(
                        "card-" + random.nextInt(8),
                        random.nextInt(30 * 3600),
                        n,
                        random.nextGaussian(),
                        n % 2 == 0 ? "" : "é 日"))
                .toList();
    }

    private static JavaRDD<FeatureRecord> rdd(List<Payment> rows, FeatureGroup<FeatureRecord> group) {
        return JavaSparkContext.fromSparkContext(Engine.SPARK.sparkContext())
                .parallelize(rows, 3)
                .map(payment -> payment.record(group));
    }

    /** A store with some live rows, and what its history is afterwards. */
    private interface Filling {
        void fill(InMemoryFeatureStore store, LocalOfflineStore local);
    }

    private Map<PointInTime.Mode, List<TrainingRow>> training(
            String name, FeatureGroup<FeatureRecord> group, Filling filling) {
        ManualClock time = ManualClock.startingAt(NOW);
        try (LocalOfflineStore local = LocalOfflineStore.at(folder.resolve(name), time);
                InMemoryFeatureStore store = InMemoryFeatureStore.builder()
                        .clock(time)
                        .offlineStore(local)
                        .build()) {
            for (Payment payment : history(99, 30)) {
                store.group(group).put(payment.record(group));
            }
            time.advance(Duration.ofMinutes(1));
            filling.fill(store, local);
            time.advance(Duration.ofDays(1));
            FeatureView view = FeatureView.named("model")
                    .from(group, select -> select.key("card").allFeatures())
                    .build();
            Map<PointInTime.Mode, List<TrainingRow>> rows = new TreeMap<>();
            List<SpineRow> labels = labels(time.instant());
            for (PointInTime rule : List.of(PointInTime.eventTime(), PointInTime.asServed())) {
                try (TrainingRows training = store.view(view)
                        .trainingSet(Spine.rows(labels))
                        .withPointInTime(rule)
                        .run()) {
                    rows.put(rule.mode(), training.toList());
                }
            }
            return rows;
        }
    }

    private static List<SpineRow> labels(Instant now) {
        List<SpineRow> labels = new ArrayList<>();
        for (int n = 0; n < 8; n++) {
            for (int hour = 0; hour < 30; hour += 3) {
                labels.add(SpineRow.of(MIDNIGHT.plus(Duration.ofHours(hour)), Map.of("card", "card-" + n)));
            }
            labels.add(SpineRow.of(now, Map.of("card", "card-" + n)));
        }
        return labels;
    }

    @ParameterizedTest(name = "stamped {0}")
    @ValueSource(booleans = {false, true})
    void trainingIsAsAfterTheSameBackfillThroughTheService(boolean stamped) {
        FeatureGroup<FeatureRecord> group = stamped ? MARKED : PLAIN;
        List<Payment> history = history(1, 400);

        Map<PointInTime.Mode, List<TrainingRow>> expected = training("service", group, (store, local) -> {
            List<FeatureRecord> rows =
                    history.stream().map(payment -> payment.record(group)).toList();
            assertThat(Backfill.of(RecordIngestor.to(store.group(group)), "history-1")
                            .dryRun(rows)
                            .run(rows)
                            .isComplete())
                    .isTrue();
        });
        Map<PointInTime.Mode, List<TrainingRow>> actual = training("spark", group, (store, local) -> {
            OfflineBackfill<FeatureRecord> backfill = OfflineBackfill.of(
                            group, local.dataOf(group).toString(), "history-1")
                    .withClock(store.clock());
            // the second run takes the place of the first
            assertThat(backfill.run(Engine.SPARK, rdd(history(2, 500), group))).isEqualTo(500);
            assertThat(backfill.run(Engine.SPARK, rdd(history, group))).isEqualTo(400);
        });

        assertThat(actual).hasSize(2);
        actual.forEach((mode, rows) ->
                assertThat(rows).as("%s", mode).containsExactlyInAnyOrderElementsOf(expected.get(mode)));
        assertThat(actual.get(PointInTime.Mode.EVENT_TIME))
                .anyMatch(row -> row.vector().find("txn_count").isPresent());
    }

    @Test
    void filesAreInTheHourOfTheirEventTimesInUtcSortedAndNamedByTheLatest() throws IOException {
        Path data = folder.resolve("it's data");
        List<Payment> history = history(3, 300);
        OfflineBackfill.of(PLAIN, data.toString(), "run").withClock(clock).run(Engine.SPARK, rdd(history, PLAIN));

        int rows = 0;
        for (Path file : files(data)) {
            List<Row> content =
                    OfflineFolders.read(Engine.SPARK, PLAIN, file.toString()).collectAsList();
            rows += content.size();
            List<String> times =
                    content.stream().map(row -> row.<String>getAs("event_time")).toList();
            String latest = times.stream().max(String::compareTo).orElseThrow();
            String hour = data.relativize(file.getParent()).toString();
            assertThat(times)
                    .allSatisfy(time -> assertThat(hour)
                            .isEqualTo("year=%s/month=%s/day=%s/hour=%s"
                                    .formatted(
                                            time.substring(0, 4),
                                            time.substring(5, 7),
                                            time.substring(8, 10),
                                            time.substring(11, 13))));
            assertThat(file.getFileName().toString())
                    .matches(latest.substring(0, 19).replaceAll("[-:]", "") + "Z_[0-9A-Z]{16}\\.parquet");
            assertThat(content)
                    .extracting(row -> row.<String>getAs("card_id") + " " + row.<String>getAs("event_time"))
                    .isSorted();
            assertThat(content).allSatisfy(row -> {
                assertThat(row.<Timestamp>getAs("api_invocation_time").toInstant())
                        .isEqualTo("2026-03-20T12:00:00Z");
                assertThat(row.<Timestamp>getAs("write_time").toInstant()).isEqualTo("2026-03-20T12:00:00.123Z");
                assertThat(row.<Boolean>getAs("is_deleted")).isFalse();
            });
        }
        assertThat(rows).isEqualTo(300);
        assertThat(Engine.SPARK.read().parquet(files(data).get(0).toString()).columns())
                .containsExactly(
                        "card_id",
                        "event_time",
                        "txn_count",
                        "amount",
                        "year",
                        "write_time",
                        "api_invocation_time",
                        "is_deleted");
    }

    @Test
    void anotherRunKeepsItsFilesAndSoDoesARunWhoseRowsAreBad() throws IOException {
        Path data = folder.resolve("data");
        OfflineBackfill<FeatureRecord> backfill =
                OfflineBackfill.of(PLAIN, data.toString(), "first").withClock(clock);
        backfill.run(Engine.SPARK, rdd(history(4, 50), PLAIN));
        List<Path> first = files(data);
        OfflineBackfill.of(PLAIN, data.toString(), "second").run(Engine.SPARK, rdd(history(5, 50), PLAIN));
        List<Path> both = files(data);
        List<Payment> bad = new ArrayList<>(history(6, 20));
        bad.add(new Payment("secret-card", 1, 1, Double.NaN, "secret"));

        assertThatThrownBy(() -> backfill.run(Engine.SPARK, rdd(bad, PLAIN)))
                .hasStackTraceContaining("'amount'")
                .satisfies(failure -> assertThat(stackTrace(failure)).doesNotContain("secret"));

        assertThat(both).containsAll(first).hasSizeGreaterThan(first.size());
        assertThat(files(data)).isEqualTo(both);
        assertThat(folder.toFile().list()).containsExactly("data");

        assertThat(backfill.run(Engine.SPARK, rdd(List.of(), PLAIN))).isZero();
        assertThat(files(data)).doesNotContainAnyElementsOf(first).hasSize(both.size() - first.size());
    }

    /** The job of docs/ingestion.md. */
    private static final class CardHistory {
        static final Feature<String> CARD_ID = Feature.string("card_id");
        static final Feature<Instant> EVENT_TIME = Feature.eventTime("event_time");
        static final Feature<Long> PAYMENTS = Feature.integral("payments");
        static final FeatureGroup<FeatureRecord> CARDS = FeatureGroup.named("card-history")
                .recordIdentifier(CARD_ID)
                .eventTime(EVENT_TIME)
                .features(PAYMENTS)
                .offlineStore(offline -> offline.s3Uri("s3://bucket/features"))
                .build();

        static long write(SparkSession spark, Dataset<Row> history, String dataFolder) {
            JavaRDD<FeatureRecord> rows = history.toJavaRDD()
                    .map(row -> CARDS.newRecord()
                            .set(CARD_ID, row.getAs("card"))
                            .set(EVENT_TIME, row.<Timestamp>getAs("seen_at").toInstant())
                            .set(PAYMENTS, row.getAs("payments"))
                            .build());
            long written =
                    OfflineBackfill.of(CARDS, dataFolder, "cards-2019-2024").run(spark, rows);
            return written;
        }
    }

    @Test
    void theJobOfThePageWritesAFrame() throws IOException {
        Dataset<Row> history = Engine.SPARK.sql("SELECT 'card-' || id AS card,"
                + " timestamp'2024-05-01 00:15:00Z' AS seen_at, id AS payments FROM range(20)");

        assertThat(CardHistory.write(
                        Engine.SPARK, history, folder.resolve("data").toString()))
                .isEqualTo(20);

        assertThat(files(folder.resolve("data")))
                .singleElement()
                .asString()
                .contains("year=2024/month=05/day=01/hour=00/20240501T001500Z_");
    }

    @Test
    void whatCannotBeABackfillIsRefused() {
        FeatureGroup<FeatureRecord> iceberg = FeatureGroup.named("ice")
                .recordIdentifier(CARD)
                .eventTime(TIME)
                .offlineStore(offline ->
                        offline.s3Uri("s3://bucket/features").tableFormat(OfflineStoreSettings.TableFormat.ICEBERG))
                .build();
        FeatureGroup<FeatureRecord> online = FeatureGroup.named("online")
                .recordIdentifier(CARD)
                .eventTime(TIME)
                .onlineStore()
                .build();

        assertThatThrownBy(() -> OfflineBackfill.of(iceberg, "data", "run"))
                .isInstanceOf(UnsupportedCapabilityException.class)
                .hasMessageContaining("Iceberg");
        assertThatThrownBy(() -> OfflineBackfill.of(online, "data", "run"))
                .isInstanceOf(UnsupportedCapabilityException.class)
                .hasMessageContaining("no offline store");
        assertThatIllegalArgumentException().isThrownBy(() -> OfflineBackfill.of(PLAIN, "data", "live"));
    }

    private static String stackTrace(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    private static List<Path> files(Path data) throws IOException {
        try (Stream<Path> all = Files.walk(data)) {
            return all.filter(file -> file.toString().endsWith(".parquet"))
                    .sorted()
                    .toList();
        }
    }
}
