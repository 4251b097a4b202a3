package dev.featurestore.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.featurestore.errors.QueryFailedException;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.spi.WireRecord;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineRow;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.FeatureView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is left when writing files fails, and after closing. */
class LocalOfflineStoreClosingTest {
    private static final Feature<String> ID = Feature.string("id");
    private static final Feature<Instant> TIME = Feature.eventTime("t");
    private static final Feature<String> CITY = Feature.string("city");
    private static final Instant NOON = Instant.parse("2025-03-10T12:00:00Z");
    private static final int HOURS = 12;

    @TempDir
    Path folder;

    private final ManualClock clock = ManualClock.startingAt(NOON);

    private static FeatureGroup<FeatureRecord> group(String name) {
        return FeatureGroup.named(name)
                .recordIdentifier(ID)
                .eventTime(TIME)
                .features(CITY)
                .offlineStore(offline -> offline.s3Uri("s3://bucket/features"))
                .build();
    }

    private InMemoryFeatureStore over(LocalOfflineStore local) {
        return InMemoryFeatureStore.builder().clock(clock).offlineStore(local).build();
    }

    private static FeatureRecord record(FeatureGroup<FeatureRecord> group, Instant time) {
        return group.newRecord().set(ID, "a").set(TIME, time).build();
    }

    /** A row in each of some hours, so in as many files. */
    private static void putHours(InMemoryFeatureStore store, FeatureGroup<FeatureRecord> group) {
        for (int hour = 0; hour < HOURS; hour++) {
            store.group(group).put(record(group, NOON.minus(Duration.ofHours(hour))));
        }
    }

    /** Puts a file where the folder of an hour belongs. */
    private static Path blockNoon(LocalOfflineStore local, FeatureGroup<?> group) throws IOException {
        Path day = Files.createDirectories(local.dataOf(group).resolve("year=2025/month=03/day=10"));
        return Files.createFile(day.resolve("hour=12"));
    }

    private static TrainingSet set(FeatureGroup<FeatureRecord> group, Spine spine) {
        return TrainingSet.of(
                        FeatureView.named("model")
                                .from(group, select -> select.key("id").allFeatures())
                                .build(),
                        spine)
                .withPointInTime(PointInTime.eventTime());
    }

    private static long rows(Path data) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                ResultSet result =
                        statement.executeQuery("SELECT count(*) FROM read_parquet('" + data + "/**/*.parquet')")) {
            result.next();
            return result.getLong(1);
        }
    }

    private static List<Path> scratchIn(Path store) throws IOException {
        try (Stream<Path> files = Files.list(store)) {
            return files.filter(file -> file.getFileName().toString().startsWith(".scratch-"))
                    .toList();
        }
    }

    @Test
    void aFlushThatFailedIsFinishedByTheNextWithoutDoublingRows() throws Exception {
        FeatureGroup<FeatureRecord> group = group("cards");
        try (LocalOfflineStore local = LocalOfflineStore.at(folder, clock)) {
            InMemoryFeatureStore store = over(local);
            putHours(store, group);
            Path blocker = blockNoon(local, group);

            assertThatThrownBy(local::flush).isInstanceOf(UncheckedIOException.class);
            store.group(group).put(record(group, NOON));
            assertThatThrownBy(local::flush).isInstanceOf(UncheckedIOException.class);
            Files.delete(blocker);
            local.flush();
            local.flush();

            assertThat(rows(local.dataOf(group))).isEqualTo(HOURS + 1);
        }
        assertThat(scratchIn(folder)).isEmpty();
    }

    @Test
    void closingWritesTheOtherGroupsAndKeepsTheScratchFolderOfThoseThatFail() throws Exception {
        List<FeatureGroup<FeatureRecord>> broken = List.of(group("broken1"), group("broken2"));
        List<FeatureGroup<FeatureRecord>> whole = Stream.of("a", "b", "c", "d", "e", "f")
                .map(LocalOfflineStoreClosingTest::group)
                .toList();
        LocalOfflineStore local = LocalOfflineStore.at(folder, clock);
        InMemoryFeatureStore store = over(local);
        for (FeatureGroup<FeatureRecord> group :
                Stream.concat(broken.stream(), whole.stream()).toList()) {
            store.group(group).put(record(group, NOON));
        }
        for (FeatureGroup<FeatureRecord> group : broken) {
            blockNoon(local, group);
        }
        Path scratch = scratchIn(folder).get(0);

        Throwable failure = catchThrowable(local::close);
        assertThatCode(local::close).doesNotThrowAnyException();

        assertThat(failure)
                .isInstanceOf(QueryFailedException.class)
                .hasMessageContaining(scratch.toString())
                .hasMessageContaining("'broken")
                .hasCauseInstanceOf(UncheckedIOException.class);
        assertThat(failure.getSuppressed()).hasSize(1);
        assertThat(rows(scratch)).isEqualTo(2);
        for (FeatureGroup<FeatureRecord> group : whole) {
            assertThat(rows(local.dataOf(group))).as(group.name()).isEqualTo(1);
        }
    }

    @Test
    void aGroupMadeAgainWhoseOldRowsCannotBeWrittenKeepsThem() throws Exception {
        FeatureGroup<FeatureRecord> group = group("cards");
        try (LocalOfflineStore local = LocalOfflineStore.at(folder, clock)) {
            InMemoryFeatureStore store = over(local);
            store.group(group).put(record(group, NOON));
            Path old = local.dataOf(group);
            Path blocker = blockNoon(local, group);
            store.admin().delete("cards");

            assertThatThrownBy(() -> store.admin().apply(group)).isInstanceOf(UncheckedIOException.class);
            Files.delete(blocker);
            store.admin().apply(group);

            assertThat(local.dataOf(group)).isNotEqualTo(old);
            assertThat(rows(old)).isEqualTo(1);
        }
    }

    @Test
    void nothingIsTakenOrAnsweredAfterClosing() {
        FeatureGroup<FeatureRecord> group = group("cards");
        LocalOfflineStore local = LocalOfflineStore.at(folder, clock);
        InMemoryFeatureStore store = over(local);
        store.group(group).put(record(group, NOON));
        OfflineRow row = new OfflineRow(WireRecord.encode(record(group, NOON)), false, NOON, NOON, NOON);
        TrainingSet set = set(group, Spine.rows(List.of(SpineRow.of(NOON, Map.of("id", "a")))));
        local.close();

        List<ThrowingCallable> calls = List.of(
                () -> local.append(group, row),
                () -> local.append(group("never-seen"), row),
                () -> local.run(set),
                () -> local.export(set, folder.resolve("set.csv")),
                local::flush,
                () -> store.group(group).put(record(group, NOON)));
        for (ThrowingCallable call : calls) {
            assertThatThrownBy(call).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
        }
    }

    @Test
    void aQueryThatFailsAdvisesToLookAtTheSpine() {
        TrainingSet set =
                set(group("cards"), Spine.query("SELECT 'a' AS id, CAST('s3ntinel' AS TIMESTAMP) AS event_time"));
        try (LocalOfflineStore local = LocalOfflineStore.at(folder, clock)) {
            assertThatThrownBy(() -> local.export(set, folder.resolve("set.csv")))
                    .isInstanceOf(QueryFailedException.class)
                    .hasMessageContaining("Check the types of the spine's columns")
                    .hasMessageNotContaining("s3ntinel");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Resource In Use Error: the query is running",
                "Connection Error: the connection is gone",
                "Invalid Input Error: The spine's label time is not a UTC time such as 2025-01-31T23:59:59.123Z",
                "Invalid Input Error: a label time is null",
                "Invalid Input Error: The spine's label time is not a whole number"
            })
    void messagesThatQuoteNoValuesAreTold(String message) {
        assertThat(DuckDbErrors.failed("try", "Look there", new SQLException(message)))
                .hasMessage("Could not try: " + message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Conversion Error: Could not convert string 's3ntinel is not a whole number' to INT64",
                "Invalid Input Error: s3ntinel",
                "s3ntinel"
            })
    void messagesThatMayQuoteValuesAreReplacedByTheCallersHint(String message) {
        assertThat(DuckDbErrors.failed("try", "Look there", new SQLException(message)))
                .hasMessageNotContaining("s3ntinel")
                .hasMessageEndingWith("left out. Look there");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aStoreThatCannotBeOpenedLeavesNoScratchFolder() throws IOException {
        // the scratch folder's path is as long as may be, so that of the database in it is too long
        Path deep = folder.toAbsolutePath();
        while (deep.toString().length() < 4055) {
            deep = deep.resolve("x".repeat(Math.min(200, 4056 - deep.toString().length())));
        }
        Path store = Files.createDirectories(deep);

        assertThatThrownBy(() -> LocalOfflineStore.at(store, clock)).isInstanceOf(QueryFailedException.class);

        assertThat(scratchIn(store)).isEmpty();
    }
}
