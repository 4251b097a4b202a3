package dev.featurestore.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.errors.QueryFailedException;
import dev.featurestore.errors.UnsupportedCapabilityException;
import dev.featurestore.schema.EventTimeFormat;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.training.LabelTime;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineRow;
import dev.featurestore.training.TrainingRow;
import dev.featurestore.training.TrainingRows;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.FeatureView;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalOfflineStoreTest {
    private static final Feature<String> ID = Feature.string("Card-ID");
    private static final Feature<Instant> TIME = Feature.eventTime("Event_Ts");
    private static final Feature<Long> COUNT = Feature.integral("Count");
    private static final Feature<Double> AMOUNT = Feature.fractional("amount");
    private static final Feature<String> CITY = Feature.string("city");
    private static final Instant NOON = Instant.parse("2025-03-10T12:00:00Z");
    private static final String SECRET = "s3ntinel";

    private static final FeatureGroup<FeatureRecord> CARDS = group("Cards", TIME, COUNT, AMOUNT, CITY);

    @TempDir
    Path folder;

    private final ManualClock clock = ManualClock.startingAt(NOON);

    private static FeatureGroup<FeatureRecord> group(String name, Feature<Instant> time, Feature<?>... features) {
        return FeatureGroup.named(name)
                .recordIdentifier(ID)
                .eventTime(time)
                .features(features)
                .onlineStore()
                .offlineStore(offline -> offline.s3Uri("s3://bucket/features"))
                .build();
    }

    private static FeatureView view(FeatureGroup<FeatureRecord> group) {
        return FeatureView.named("model")
                .from(group, select -> select.key("card").allFeatures())
                .build();
    }

    private LocalOfflineStore open() {
        return LocalOfflineStore.at(folder.resolve("store"), clock);
    }

    private InMemoryFeatureStore over(LocalOfflineStore local) {
        return InMemoryFeatureStore.builder().clock(clock).offlineStore(local).build();
    }

    private static FeatureRecord record(
            FeatureGroup<FeatureRecord> group, String id, Instant time, @Nullable String city) {
        FeatureRecord.Builder record =
                group.newRecord().set(ID, id).set(group.eventTime(), time).set(CITY, city);
        return record.build();
    }

    private static TrainingSet set(FeatureView view, Instant labelTime, String... cards) {
        List<SpineRow> labels = Stream.of(cards)
                .map(card -> SpineRow.of(labelTime, Map.of("card", card)))
                .toList();
        return TrainingSet.of(view, Spine.rows(labels)).withPointInTime(PointInTime.eventTime());
    }

    private static Optional<String> city(LocalOfflineStore local, FeatureView view, Instant labelTime, String card) {
        try (TrainingRows rows = local.run(set(view, labelTime, card))) {
            return rows.iterator().next().vector().find(CITY);
        }
    }

    private static List<Path> files(Path under) throws IOException {
        try (Stream<Path> files = Files.walk(under)) {
            return files.filter(Files::isRegularFile)
                    .map(under::relativize)
                    .sorted()
                    .toList();
        }
    }

    /** The rows of a query as text, columns apart by blanks. */
    private static List<String> query(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int column = 1; column <= result.getMetaData().getColumnCount(); column++) {
                    row.add(String.valueOf(result.getString(column)));
                }
                rows.add(String.join(" ", row));
            }
            return rows;
        }
    }

    @Nested
    class Layout {
        @Test
        void filesAreInTheServicesFoldersByTheHourOfTheEventTimeAndNamedByTheLatest() throws IOException {
            try (LocalOfflineStore local = open()) {
                InMemoryFeatureStore store = over(local);
                store.group(CARDS).put(record(CARDS, "a", Instant.parse("2024-12-31T23:59:59.999999999Z"), "x"));
                store.group(CARDS).put(record(CARDS, "a", Instant.parse("2025-01-01T00:00:00Z"), "x"));
                store.group(CARDS).put(record(CARDS, "b", Instant.parse("2025-01-01T00:59:58.5Z"), "x"));
                local.flush();

                assertThat(local.dataOf(CARDS))
                        .isEqualTo(folder.resolve("store/000000000000/sagemaker/local/offline-store/Cards-"
                                + NOON.getEpochSecond() + "/data"));
                assertThat(files(local.dataOf(CARDS)))
                        .extracting(path ->
                                path.toString().replaceAll("_[A-Z0-9]{16}\\.parquet", "_<16 alphanumerics>.parquet"))
                        .containsExactly(
                                "_schema.parquet",
                                "year=2024/month=12/day=31/hour=23/20241231T235959Z_<16 alphanumerics>.parquet",
                                "year=2025/month=01/day=01/hour=00/20250101T005958Z_<16 alphanumerics>.parquet");
            }
        }

        @Test
        void hoursOfEpochSecondsAreThoseOfUtcToo() throws IOException {
            FeatureGroup<FeatureRecord> epoch =
                    group("epoch", Feature.eventTime("t", EventTimeFormat.epochSeconds(6)), CITY);
            try (LocalOfflineStore local = open()) {
                InMemoryFeatureStore store = over(local);
                store.group(epoch).put(record(epoch, "a", Instant.parse("1969-12-31T23:59:59.999999Z"), "x"));
                store.group(epoch).put(record(epoch, "a", Instant.parse("2025-07-01T00:00:00Z"), "x"));
                local.flush();

                assertThat(files(local.dataOf(epoch)))
                        .extracting(path -> path.toString().replaceAll("_[A-Z0-9]{16}\\.parquet", ""))
                        .containsExactly(
                                "_schema.parquet",
                                "year=1969/month=12/day=31/hour=23/19691231T235959Z",
                                "year=2025/month=07/day=01/hour=00/20250701T000000Z");
            }
        }

        @Test
        void columnsAreInLowerCaseWithTheServicesTypesAndItsOwnThreeBehind() throws IOException, SQLException {
            try (LocalOfflineStore local = open()) {
                InMemoryFeatureStore store = over(local);
                store.group(CARDS).put(record(CARDS, "a", NOON, "x"));
                local.flush();

                for (Path file : files(local.dataOf(CARDS))) {
                    assertThat(query("SELECT name, type, converted_type FROM parquet_schema('"
                                    + local.dataOf(CARDS).resolve(file) + "') WHERE type IS NOT NULL"))
                            .as(file.toString())
                            .containsExactly(
                                    "card-id BYTE_ARRAY UTF8",
                                    "event_ts BYTE_ARRAY UTF8",
                                    "count INT64 INT_64",
                                    "amount DOUBLE null",
                                    "city BYTE_ARRAY UTF8",
                                    "write_time INT64 TIMESTAMP_MICROS",
                                    "api_invocation_time INT64 TIMESTAMP_MICROS",
                                    "is_deleted BOOLEAN null");
                }
            }
        }

        @Test
        void featuresMayBeNamedAsTheFoldersAre() throws IOException, SQLException {
            FeatureGroup<FeatureRecord> hours =
                    group("hours", TIME, Feature.integral("hour"), Feature.string("Year"), CITY);
            try (LocalOfflineStore local = open()) {
                InMemoryFeatureStore store = over(local);
                store.group(hours)
                        .put(hours.newRecord()
                                .set(ID, "a")
                                .set(TIME, NOON)
                                .set("hour", 3L)
                                .set("Year", "leap")
                                .build());
                local.flush();

                assertThat(files(local.dataOf(hours)))
                        .anyMatch(file -> file.startsWith("year=2025/month=03/day=10/hour=12"));
                assertThat(query("SELECT \"hour\", \"year\" FROM read_parquet('" + local.dataOf(hours)
                                + "/**/[0-9]*.parquet', hive_partitioning = false)"))
                        .containsExactly("3 leap");
            }
        }

        @Test
        void theFolderMayHaveAnyName() {
            try (LocalOfflineStore local = LocalOfflineStore.at(folder.resolve("it's [a-c] {b} 100%"), clock)) {
                over(local).group(CARDS).put(record(CARDS, "a", NOON, "Ghent"));

                assertThat(city(local, view(CARDS), NOON, "a")).contains("Ghent");
            }
        }

        @Test
        void groupsMayDifferInCaseAlone() {
            FeatureGroup<FeatureRecord> lower = group("cards", TIME, CITY);
            try (LocalOfflineStore local = open()) {
                InMemoryFeatureStore store = over(local);
                store.group(CARDS).put(record(CARDS, "a", NOON, "upper"));
                store.group(lower).put(record(lower, "a", NOON, "lower"));

                assertThat(city(local, view(CARDS), NOON, "a")).contains("upper");
                assertThat(city(local, view(lower), NOON, "a")).contains("lower");
            }
        }
    }

    @Nested
    class Reopening {
        @Test
        void readsTheRowsThatAreThere() {
            try (LocalOfflineStore local = open()) {
                over(local).group(CARDS).put(record(CARDS, "a", NOON, "Ghent"));
            }
            clock.advance(Duration.ofDays(1));
            try (LocalOfflineStore local = open()) {
                assertThat(city(local, view(CARDS), NOON, "a")).contains("Ghent");

                over(local).group(CARDS).put(record(CARDS, "a", NOON.plusSeconds(1), "Bruges"));
                assertThat(city(local, view(CARDS), NOON, "a")).contains("Ghent");
                assertThat(city(local, view(CARDS), NOON.plusSeconds(1), "a")).contains("Bruges");
            }
        }

        @Test
        void aFeatureAddedLaterIsNullInOldRows() {
            try (LocalOfflineStore local = open()) {
                over(local).group(CARDS).put(record(CARDS, "a", NOON, "Ghent"));
            }
            Feature<Long> added = Feature.integral("Added").withDefault(7L);
            FeatureGroup<FeatureRecord> wider = group("Cards", TIME, COUNT, AMOUNT, CITY, added);
            try (LocalOfflineStore local = open()) {
                over(local)
                        .group(wider)
                        .put(wider.newRecord()
                                .set(ID, "b")
                                .set(TIME, NOON)
                                .set(added, 8L)
                                .build());
                List<Optional<Long>> values = new ArrayList<>();
                try (TrainingRows rows = local.run(set(view(wider), NOON, "a", "b"))) {
                    rows.forEach(row -> values.add(row.vector().find(added)));
                }

                assertThat(values).containsExactlyInAnyOrder(Optional.of(7L), Optional.of(8L));
            }
        }

        @Test
        void aFeatureAddedWhileItIsOpenIsNullInRowsThatAreBufferedStagedOrInFiles() throws IOException, SQLException {
            Feature<Long> added = Feature.integral("Added").withDefault(7L);
            Feature<String> note = Feature.string("note");
            FeatureGroup<FeatureRecord> wider = group("Cards", TIME, COUNT, AMOUNT, CITY, added, note);
            try (LocalOfflineStore local = open()) {
                InMemoryFeatureStore store = InMemoryFeatureStore.builder()
                        .clock(clock)
                        .offlineStore(local)
                        .behaviour(ServiceBehaviour.defaults().withOfflineDelay(Duration.ofMinutes(5)))
                        .build();
                store.group(CARDS).put(record(CARDS, "file", NOON, "Ghent"));
                clock.advance(Duration.ofMinutes(5));
                store.group(CARDS).put(record(CARDS, "staged", NOON, "Ghent"));
                local.flush();
                store.group(CARDS).put(record(CARDS, "buffered", NOON, "Ghent"));

                store.admin().apply(wider);
                store.group(wider)
                        .put(wider.newRecord()
                                .set(ID, "new")
                                .set(TIME, NOON)
                                .set(added, 8L)
                                .set(note, "x")
                                .build());
                clock.advance(Duration.ofMinutes(5));
                List<Optional<Long>> values = new ArrayList<>();
                try (TrainingRows rows =
                        local.run(set(view(wider), clock.instant(), "file", "staged", "buffered", "new"))) {
                    rows.forEach(row -> values.add(row.vector().find(added)));
                }

                assertThat(values)
                        .containsExactlyInAnyOrder(Optional.of(7L), Optional.of(7L), Optional.of(7L), Optional.of(8L));
                assertThat(city(local, view(CARDS), clock.instant(), "buffered"))
                        .contains("Ghent");
                for (Path file : files(local.dataOf(wider))) {
                    String path = local.dataOf(wider).resolve(file).toString();
                    assertThat(query("SELECT column_name FROM (DESCRIBE SELECT * FROM read_parquet('" + path
                                    + "', hive_partitioning = false))"))
                            .endsWith("write_time", "api_invocation_time", "is_deleted");
                }
            }
        }

        @Test
        void aFeatureAddedIsThereBeforeTheFirstRowThatHasIt() {
            Feature<Long> added = Feature.integral("Added").withDefault(7L);
            FeatureGroup<FeatureRecord> wider = group("Cards", TIME, COUNT, AMOUNT, CITY, added);
            try (LocalOfflineStore local = open()) {
                over(local).group(CARDS).put(record(CARDS, "a", NOON, "Ghent"));
                assertThat(city(local, view(CARDS), NOON, "a")).contains("Ghent");

                try (TrainingRows rows = local.run(set(view(wider), NOON, "a"))) {
                    assertThat(rows.iterator().next().vector().find(added)).contains(7L);
                }
            }
        }

        @Test
        void aGroupMadeAgainHasAFolderOfItsOwnAndTheOldOneStays() throws IOException {
            try (LocalOfflineStore local = open()) {
                InMemoryFeatureStore store = over(local);
                store.group(CARDS).put(record(CARDS, "a", NOON, "Ghent"));
                store.admin().delete("Cards");
                assertThat(city(local, view(CARDS), NOON, "a")).contains("Ghent");
                Path old = local.dataOf(CARDS);

                store.admin().apply(CARDS);

                assertThat(city(local, view(CARDS), NOON, "a")).isEmpty();
                assertThat(local.dataOf(CARDS)).isNotEqualTo(old);
                assertThat(files(old)).hasSize(2);
            }
            try (LocalOfflineStore local = open()) {
                assertThat(city(local, view(CARDS), NOON, "a")).isEmpty();
            }
        }

        @Test
        void closingWritesWhatIsBufferedRemovesTheScratchFilesAndMayBeDoneTwice() throws IOException {
            LocalOfflineStore local = open();
            over(local).group(CARDS).put(record(CARDS, "a", NOON, "Ghent"));
            assertThat(files(folder)).anyMatch(file -> file.toString().contains(".scratch-"));

            local.close();
            local.close();

            assertThat(files(folder))
                    .noneMatch(file -> file.toString().contains(".scratch-"))
                    .hasSize(2);
        }
    }

    @Nested
    class Exports {
        private Path export(String name, @Nullable String... cities) throws IOException {
            Path target = folder.resolve("out").resolve(name);
            try (LocalOfflineStore local = open()) {
                InMemoryFeatureStore store = over(local);
                String[] cards = new String[cities.length];
                for (int i = 0; i < cities.length; i++) {
                    cards[i] = "card-" + i;
                    store.group(CARDS).put(record(CARDS, cards[i], NOON, cities[i]));
                }
                assertThat(local.export(set(view(CARDS), NOON, cards), target)).isEqualTo(cities.length);
            }
            assertThat(files(folder.resolve("out"))).containsExactly(Path.of(name));
            return target;
        }

        @Test
        void toParquetKeepColumnsAndTypes() throws IOException, SQLException {
            Path target = export("set.parquet", "Ghent", null, "");

            assertThat(query("SELECT * FROM read_parquet('" + target + "') ORDER BY card"))
                    .containsExactly(
                            "card-0 2025-03-10T12:00:00.000000000Z null null Ghent",
                            "card-1 2025-03-10T12:00:00.000000000Z null null null",
                            "card-2 2025-03-10T12:00:00.000000000Z null null ");
            assertThat(query("SELECT column_name, column_type FROM (DESCRIBE FROM read_parquet('" + target + "'))"))
                    .containsExactly(
                            "card VARCHAR", "event_time VARCHAR", "Count BIGINT", "amount DOUBLE", "city VARCHAR");
        }

        @Test
        void toCsvTellNullFromEmptyText() throws IOException {
            Path target = export("set.csv", "Ghent, \"old\"", null, "");

            assertThat(Files.readAllLines(target))
                    .startsWith("card,event_time,Count,amount,city")
                    .contains(
                            "card-0,2025-03-10T12:00:00.000000000Z,,,\"Ghent, \"\"old\"\"\"",
                            "card-1,2025-03-10T12:00:00.000000000Z,,,",
                            "card-2,2025-03-10T12:00:00.000000000Z,,,\"\"")
                    .hasSize(4);
        }

        @Test
        void doNotOverwrite() throws IOException {
            Path target = Files.writeString(folder.resolve("set.csv"), "mine");
            try (LocalOfflineStore local = open()) {
                assertThatThrownBy(() -> local.export(set(view(CARDS), NOON, "a"), target))
                        .isInstanceOf(QueryFailedException.class)
                        .hasMessageContaining("set.csv");
            }
            assertThat(target).hasContent("mine");
        }

        @Test
        void thatFailLeaveNoFile() throws IOException {
            Path out = Files.createDirectory(folder.resolve("out"));
            try (LocalOfflineStore local = open()) {
                over(local).group(CARDS).put(record(CARDS, "a", NOON, "Ghent"));
                TrainingSet broken = TrainingSet.of(
                        view(CARDS),
                        Spine.query("SELECT 'a' AS card, unnest(['2025-03-10T12:00:00Z', '" + SECRET
                                        + "']) AS event_time")
                                .time("event_time", LabelTime.ISO_8601));

                for (String name : List.of("set.parquet", "set.csv")) {
                    assertThatThrownBy(() -> local.export(broken, out.resolve(name)))
                            .isInstanceOf(QueryFailedException.class);
                }
                assertThat(files(out)).isEmpty();
            }
        }

        @Test
        void areParquetOrCsvByNameAndFilesByUri() {
            try (LocalOfflineStore local = open()) {
                assertThatThrownBy(() -> local.export(set(view(CARDS), NOON, "a"), folder.resolve("set.json")))
                        .isInstanceOf(UnsupportedCapabilityException.class)
                        .hasMessageContaining(".parquet or .csv");
                assertThatThrownBy(
                                () -> local.unload(set(view(CARDS), NOON, "a"), URI.create("s3://bucket/set.parquet")))
                        .isInstanceOf(UnsupportedCapabilityException.class)
                        .hasMessageContaining("s3");
                assertThat(local.unload(
                                set(view(CARDS), NOON, "a"),
                                folder.resolve("set.parquet").toUri()))
                        .isEqualTo(1);
            }
        }
    }

    @Nested
    class Queries {
        @Test
        void ofAnEmptyGroupHaveTheirRows() {
            try (LocalOfflineStore local = open()) {
                assertThat(city(local, view(CARDS), NOON, "a")).isEmpty();
            }
        }

        @Test
        void doNotSeeRowsWhoseWriteTimeIsToCome() {
            try (LocalOfflineStore local = open()) {
                InMemoryFeatureStore store = InMemoryFeatureStore.builder()
                        .clock(clock)
                        .behaviour(ServiceBehaviour.defaults().withOfflineDelay(Duration.ofMinutes(5)))
                        .offlineStore(local)
                        .build();
                store.group(CARDS).put(record(CARDS, "a", NOON, "Ghent"));
                assertThat(city(local, view(CARDS), NOON, "a")).isEmpty();

                clock.advance(Duration.ofMinutes(5));
                assertThat(city(local, view(CARDS), NOON, "a")).contains("Ghent");
            }
        }

        @Test
        void canBeClosedBeforeTheirEndAndTwice() {
            try (LocalOfflineStore local = open()) {
                InMemoryFeatureStore store = over(local);
                store.group(CARDS).put(record(CARDS, "a", NOON, "Ghent"));
                String[] cards = IntStream.range(0, 10_000).mapToObj(i -> "a").toArray(String[]::new);
                TrainingRows rows = local.run(set(view(CARDS), NOON, cards));
                Iterator<TrainingRow> iterator = rows.iterator();
                iterator.next();

                rows.close();
                rows.close();

                assertThatThrownBy(() -> iterator.forEachRemaining(row -> {}))
                        .isInstanceOf(FeatureStoreException.class);
                assertThat(city(local, view(CARDS), NOON, "a")).contains("Ghent");
            }
        }

        @Test
        void areStreamedOnce() {
            try (LocalOfflineStore local = open();
                    TrainingRows rows = local.run(set(view(CARDS), NOON, "a"))) {
                rows.iterator().next();

                assertThatThrownBy(rows::iterator)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("once");
            }
        }

        @Test
        void thatFailQuoteNoValues() {
            List<Spine> broken = List.of(
                    Spine.query("SELECT '" + SECRET + "' AS card, '" + SECRET + "' AS event_time")
                            .time("event_time", LabelTime.ISO_8601),
                    Spine.query(
                            "SELECT CAST('" + SECRET + "' AS INTEGER) AS card, TIMESTAMP '2025-03-10' AS event_time"),
                    Spine.query("SELECT '" + SECRET + "' AS card, nowhere AS event_time"),
                    Spine.query("SELECT '" + SECRET + "' AS card FROM missing WHERE city = '" + SECRET + "'"),
                    Spine.query("SELECT '" + SECRET + "' AS card, error('" + SECRET + "')::TIMESTAMP AS event_time"),
                    Spine.rows(
                            List.of(SpineRow.of(NOON, Map.of("card", SECRET)), SpineRow.of(NOON, Map.of("card", 1L)))));
            try (LocalOfflineStore local = open()) {
                over(local).group(CARDS).put(record(CARDS, SECRET, NOON, SECRET));
                for (Spine spine : broken) {
                    Throwable failure = catchThrowable(() -> consume(local, TrainingSet.of(view(CARDS), spine)));
                    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                        assertThat(cause.toString())
                                .as("failure over %s", spine)
                                .doesNotContain(SECRET);
                    }
                }
            }
        }

        private void consume(LocalOfflineStore local, TrainingSet set) {
            try (TrainingRows rows = local.run(set)) {
                rows.forEach(row -> {});
            }
        }
    }
}
