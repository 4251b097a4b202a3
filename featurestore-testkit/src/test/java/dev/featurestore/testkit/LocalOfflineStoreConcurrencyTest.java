package dev.featurestore.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineRow;
import dev.featurestore.training.TrainingRows;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.FeatureView;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class LocalOfflineStoreConcurrencyTest {
    private static final Feature<String> ID = Feature.string("id");
    private static final Feature<Instant> TIME = Feature.eventTime("t");
    private static final Feature<String> CITY = Feature.string("city");
    private static final Instant NOON = Instant.parse("2025-03-10T12:00:00Z");

    /** More than a table buffers, so that rows are staged by their writers as well. */
    private static final int PUTS = 12_000;

    private static final int READERS = 3;

    private static final int READS = 15;

    private static final List<FeatureGroup<FeatureRecord>> GROUPS = IntStream.range(0, 5)
            .mapToObj(n -> FeatureGroup.named("group" + n)
                    .recordIdentifier(ID)
                    .eventTime(TIME)
                    .features(CITY)
                    .offlineStore(offline -> offline.s3Uri("s3://bucket/features"))
                    .build())
            .toList();

    @TempDir
    Path folder;

    private final ManualClock clock = ManualClock.startingAt(NOON);

    @Test
    @Timeout(120)
    void groupsWrittenAndQueriedByManyThreadsKeepExactlyTheirRows() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(GROUPS.size() + READERS);
        Map<String, Path> data;
        try (LocalOfflineStore local = LocalOfflineStore.at(folder, clock)) {
            InMemoryFeatureStore store = InMemoryFeatureStore.builder()
                    .clock(clock)
                    .offlineStore(local)
                    .build();
            CountDownLatch start = new CountDownLatch(1);
            List<Callable<Integer>> tasks = new ArrayList<>();
            GROUPS.forEach(group -> tasks.add(() -> write(store, group)));
            IntStream.range(0, READERS).forEach(n -> tasks.add(() -> read(local)));
            List<Future<Integer>> running = new ArrayList<>();
            for (Callable<Integer> task : tasks) {
                running.add(threads.submit(() -> {
                    start.await();
                    return task.call();
                }));
            }
            start.countDown();
            for (Future<Integer> task : running) {
                task.get(100, TimeUnit.SECONDS);
            }
            data = GROUPS.stream().collect(Collectors.toMap(FeatureGroup::name, local::dataOf));
        } finally {
            threads.shutdownNow();
        }

        for (Map.Entry<String, Path> group : data.entrySet()) {
            assertThat(rowsAndRecords(group.getValue())).as(group.getKey()).isEqualTo(PUTS + " " + PUTS);
        }
    }

    private static int write(InMemoryFeatureStore store, FeatureGroup<FeatureRecord> group) {
        for (int n = 0; n < PUTS; n++) {
            store.group(group)
                    .put(group.newRecord().set(ID, "id" + n).set(TIME, NOON).build());
        }
        return PUTS;
    }

    private static int read(LocalOfflineStore local) {
        FeatureView.Builder view = FeatureView.named("all");
        for (FeatureGroup<FeatureRecord> group : GROUPS) {
            view.from(
                    group, select -> select.key("id").prefix(group.name() + "_").allFeatures());
        }
        TrainingSet set = TrainingSet.of(view.build(), Spine.rows(List.of(SpineRow.of(NOON, Map.of("id", "id7")))))
                .withPointInTime(PointInTime.eventTime());
        for (int n = 0; n < READS; n++) {
            try (TrainingRows rows = local.run(set)) {
                assertThat(rows).hasSize(1);
            }
        }
        return READS;
    }

    private static String rowsAndRecords(Path data) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(
                        "SELECT count(*), count(DISTINCT id) FROM read_parquet('" + data + "/**/*.parquet')")) {
            result.next();
            return result.getLong(1) + " " + result.getLong(2);
        }
    }
}
