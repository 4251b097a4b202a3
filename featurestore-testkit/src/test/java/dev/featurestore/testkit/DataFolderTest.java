package dev.featurestore.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.featurestore.errors.FeatureGroupNotFoundException;
import dev.featurestore.schema.DeletionMode;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.schema.OnlineStorageType;
import dev.featurestore.schema.TargetStore;
import dev.featurestore.schema.Ttl;
import dev.featurestore.spi.Deadline;
import dev.featurestore.spi.DeleteCommand;
import dev.featurestore.spi.GetCommand;
import dev.featurestore.spi.ListCommand;
import dev.featurestore.spi.PutCommand;
import dev.featurestore.spi.StoredRecord;
import dev.featurestore.spi.WireRecord;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineRow;
import dev.featurestore.training.TrainingRows;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.FeatureView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A store that keeps its state in a folder. A copy of a folder in use is what a killed process leaves. */
class DataFolderTest {
    private static final Feature<String> ID = Feature.string("id");
    private static final Feature<Instant> TIME = Feature.eventTime("at");
    private static final Feature<Long> COUNT = Feature.integral("count").withDefault(-1L);
    private static final Feature<DayOfWeek> DAY = Feature.enumeration("day", DayOfWeek.class);
    private static final Feature<List<String>> TAGS =
            Feature.list("tags", Feature.string("any").codec());
    private static final Instant NOON = Instant.parse("2025-03-10T12:00:00.000000001Z");
    private static final String SECRET = "s3ntinel";

    private static final FeatureGroup<FeatureRecord> CARDS = FeatureGroup.named("cards")
            .description("Cards")
            .recordIdentifier(ID)
            .eventTime(TIME)
            .features(COUNT.required(), DAY)
            .onlineStore(online -> online.ttl(Duration.ofDays(1)))
            .offlineStore(offline -> offline.s3Uri("s3://bucket/features"))
            .tag("team", "fraud")
            .build();

    @TempDir
    Path folder;

    private final ManualClock clock = ManualClock.startingAt(NOON);

    private Path data() {
        return folder.resolve("data");
    }

    private InMemoryFeatureStore open(Path data) {
        return InMemoryFeatureStore.builder().clock(clock).data(data).build();
    }

    /** The folder as it is now, as if the process had been killed. */
    private Path killed(String name) throws IOException {
        Path copy = folder.resolve(name);
        try (Stream<Path> files = Files.walk(data())) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(data().relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        return copy;
    }

    private static FeatureRecord card(String id, Instant time, long count) {
        return CARDS.newRecord()
                .set(ID, id)
                .set(TIME, time)
                .set(COUNT, count)
                .set(DAY, DayOfWeek.MONDAY)
                .build();
    }

    private static void put(InMemoryFeatureStore store, String id, Instant time, long count) {
        store.group(CARDS).put(card(id, time, count));
    }

    private static void delete(InMemoryFeatureStore store, String id, DeletionMode mode, Instant time) {
        store.onlineStore().delete(new DeleteCommand("cards", id, time.toString(), mode, Set.of(), Deadline.none()));
    }

    private static Optional<StoredRecord> get(InMemoryFeatureStore store, String id) {
        return store.onlineStore().get(GetCommand.of("cards", id));
    }

    /** What a history has of these cards at a time. */
    private static List<Long> trained(InMemoryFeatureStore store, Instant time, String... cards) {
        FeatureView view = FeatureView.named("model")
                .from(CARDS, select -> select.key("card").features(COUNT))
                .build();
        List<SpineRow> labels = Stream.of(cards)
                .map(card -> SpineRow.of(time, Map.of("card", card)))
                .toList();
        TrainingSet set = TrainingSet.of(view, Spine.rows(labels)).withPointInTime(PointInTime.eventTime());
        try (TrainingRows rows = store.offlineStore().run(set)) {
            return StreamSupport.stream(rows.spliterator(), false)
                    .map(row -> row.vector().find(COUNT).orElseThrow())
                    .sorted()
                    .toList();
        }
    }

    /** How many rows are in the files of a group. */
    private static long rows(InMemoryFeatureStore store) throws Exception {
        LocalOfflineStore local = (LocalOfflineStore) store.offlineStore();
        local.flush();
        try (java.sql.Connection connection = java.sql.DriverManager.getConnection("jdbc:duckdb:");
                java.sql.Statement statement = connection.createStatement();
                java.sql.ResultSet result = statement.executeQuery("SELECT count(*) FROM read_parquet('"
                        + local.tables().of(CARDS).get(0) + "', union_by_name = true)")) {
            result.next();
            return result.getLong(1);
        }
    }

    @Test
    void everythingIsThereAfterACleanCloseAndAfterAKill() throws Exception {
        try (InMemoryFeatureStore store = open(data())) {
            assertThat(store.data()).contains(data().toRealPath());
            put(store, "kept", NOON, 1);
            put(store, "kept", NOON.minusSeconds(1), 2);
            put(store, "soft", NOON, 3);
            put(store, "hard", NOON, 4);
            delete(store, "soft", DeletionMode.SOFT_DELETE, NOON.plusSeconds(1));
            delete(store, "hard", DeletionMode.HARD_DELETE, NOON.plusSeconds(1));
            store.onlineStore()
                    .put(new PutCommand(
                            "cards",
                            WireRecord.encode(card("own", NOON, 5)),
                            Set.of(),
                            Ttl.of(Duration.ofHours(1)),
                            Deadline.none()));
            assertThat(trained(store, NOON, "kept")).containsExactly(1L);
            store.onlineStore()
                    .put(new PutCommand(
                            "cards",
                            WireRecord.encode(card("online", NOON, 6)),
                            Set.of(TargetStore.ONLINE_STORE),
                            null,
                            Deadline.none()));
            put(store, "late", NOON, 7);

            checkAll(killed("killed"));
        }
        checkAll(data());
        checkAll(data());
    }

    private void checkAll(Path data) throws Exception {
        try (InMemoryFeatureStore store = open(data)) {
            assertThat(store.admin().list()).containsExactly("cards");
            assertThat(store.definition("cards").orElseThrow().tags()).containsExactly(Map.entry("team", "fraud"));
            assertThat(store.definition("cards").orElseThrow().description()).isEqualTo("Cards");
            assertThat(get(store, "kept").orElseThrow().record()).isEqualTo(WireRecord.encode(card("kept", NOON, 1)));
            assertThat(get(store, "kept").orElseThrow().expiresAt()).isEqualTo(NOON.plus(Duration.ofDays(1)));
            assertThat(get(store, "own").orElseThrow().expiresAt()).isEqualTo(NOON.plus(Duration.ofHours(1)));
            assertThat(get(store, "online")).isPresent();
            assertThat(get(store, "late")).isPresent();
            assertThat(get(store, "soft")).isEmpty();
            assertThat(get(store, "hard")).isEmpty();
            assertThat(store.onlineStore()
                            .list(new ListCommand("cards", true, 100, null, Deadline.none()))
                            .identifiers())
                    .containsExactlyInAnyOrder("kept", "soft", "own", "online", "late");
            // a tombstone keeps older puts out, what was hard deleted does not
            assertThat(store.group(CARDS).find("kept").orElseThrow().get(DAY)).isEqualTo(DayOfWeek.MONDAY);
            assertThat(rows(store)).isEqualTo(8);
            assertThat(trained(store, NOON, "kept", "late", "soft", "online")).containsExactly(-1L, 1L, 3L, 7L);
            assertThat(trained(store, NOON.plusSeconds(1), "soft")).containsExactly(-1L);
        }
    }

    @Test
    void aTombstoneStillKeepsOlderPutsOut() {
        try (InMemoryFeatureStore store = open(data())) {
            put(store, "a", NOON, 1);
            delete(store, "a", DeletionMode.SOFT_DELETE, NOON.plusSeconds(2));
        }
        try (InMemoryFeatureStore store = open(data())) {
            put(store, "a", NOON.plusSeconds(1), 2);
            assertThat(get(store, "a")).isEmpty();
            put(store, "a", NOON.plusSeconds(3), 3);
            assertThat(get(store, "a")).isPresent();
        }
    }

    @Test
    void timeToLiveGoesOnWhileNothingRuns() {
        try (InMemoryFeatureStore store = open(data())) {
            put(store, "a", NOON, 1);
        }
        clock.advance(Duration.ofDays(1));
        try (InMemoryFeatureStore store = open(data())) {
            assertThat(get(store, "a")).isEmpty();
            store.purgeExpired();
        }
        try (InMemoryFeatureStore store = open(data())) {
            assertThat(store.onlineStore()
                            .list(new ListCommand("cards", true, 100, null, Deadline.none()))
                            .identifiers())
                    .isEmpty();
        }
    }

    @Test
    void addedFeaturesAndCollectionsAreThere() throws IOException {
        Feature<String> note = Feature.string("note");
        FeatureGroup<FeatureRecord> wider = FeatureGroup.named("cards")
                .recordIdentifier(ID)
                .eventTime(TIME)
                .features(COUNT, DAY, note)
                .onlineStore()
                .offlineStore(offline -> offline.s3Uri("s3://bucket/features"))
                .build();
        FeatureGroup<FeatureRecord> tagged = FeatureGroup.named("tagged")
                .recordIdentifier(ID)
                .eventTime(TIME)
                .features(TAGS)
                .onlineStore(online -> online.storageType(OnlineStorageType.IN_MEMORY))
                .build();
        FeatureRecord noted =
                wider.newRecord().set(ID, "b").set(TIME, NOON).set(note, "x").build();
        FeatureRecord list = tagged.newRecord()
                .set(ID, "c")
                .set(TIME, NOON)
                .set(TAGS, List.of("x", ""))
                .build();
        try (InMemoryFeatureStore store = open(data())) {
            put(store, "a", NOON, 1);
            store.admin().apply(wider);
            store.group(wider).put(noted);
            store.group(tagged).put(list);

            for (Path left : List.of(killed("killed"), killed("again"))) {
                try (InMemoryFeatureStore after = open(left)) {
                    assertThat(after.group(wider).find("b")).contains(noted);
                    assertThat(after.group(wider).find("a").orElseThrow().find(note))
                            .isEmpty();
                    assertThat(after.group(tagged).find("c")).contains(list);
                    assertThat(trained(after, NOON, "a")).containsExactly(1L);
                }
            }
        }
    }

    @Test
    void aClockThatIsSetBackHidesNothing() {
        AtomicReference<Instant> now = new AtomicReference<>(NOON);
        InMemoryFeatureStore store = InMemoryFeatureStore.create(now::get);
        put(store, "a", NOON, 1);
        now.set(NOON.minusSeconds(1));

        assertThat(get(store, "a")).isPresent();
    }

    @Test
    void aGroupThatWasDeletedIsGoneAndOneMadeAgainHasAHistoryOfItsOwn() throws IOException {
        try (InMemoryFeatureStore store = open(data())) {
            put(store, "a", NOON, 1);
            store.admin().delete("cards");
            assertThatThrownBy(() -> get(store, "a")).isInstanceOf(FeatureGroupNotFoundException.class);
            try (InMemoryFeatureStore after = open(killed("deleted"))) {
                assertThat(after.admin().list()).isEmpty();
                store.admin().apply(CARDS);
                put(after, "b", NOON, 2);
                assertThat(trained(after, NOON, "a", "b")).containsExactly(-1L, 2L);
            }
            put(store, "c", NOON, 3);
            try (InMemoryFeatureStore after = open(killed("again"))) {
                assertThat(get(after, "a")).isEmpty();
                assertThat(trained(after, NOON, "a", "c")).containsExactly(-1L, 3L);
            }
        }
    }

    @Test
    void rowsThatAreInFilesAlreadyAreNotWrittenTwiceAndEqualOnesStayApart() throws Exception {
        try (InMemoryFeatureStore store = open(data())) {
            put(store, "a", NOON, 1);
            put(store, "a", NOON, 1);
            assertThat(rows(store)).isEqualTo(2);
            put(store, "a", NOON, 1);

            try (InMemoryFeatureStore after = open(killed("killed"))) {
                assertThat(rows(after)).isEqualTo(3);
            }
        }
        try (InMemoryFeatureStore store = open(data())) {
            assertThat(rows(store)).isEqualTo(3);
        }
    }

    @Test
    void aLastLineThatWasCutOffIsPassedOver() throws IOException {
        try (InMemoryFeatureStore store = open(data())) {
            put(store, "a", NOON, 1);
        }
        Files.writeString(data().resolve("journal.jsonl"), "{\"write\":\"cards\",\"id", StandardOpenOption.APPEND);

        try (InMemoryFeatureStore store = open(data())) {
            assertThat(get(store, "a")).isPresent();
            put(store, "b", NOON, 2);
        }
        try (InMemoryFeatureStore store = open(data())) {
            assertThat(get(store, "b")).isPresent();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"write\":\"cards\",\"id\":\"s3ntinel | it is not JSON",
                "{} {} | it is not JSON",
                "{\"other\":\"s3ntinel\"} | it is of no known kind",
                "{\"write\":\"none\"} | there is no feature group 'none' by then",
                "{\"write\":\"cards\",\"arrived\":\"s3ntinel\"} | its member 'arrived' is not a time",
                "{\"format\":\"featurestore/journal/2\"} | its format is not featurestore/journal/1",
                "{\"create\":{\"name\":\"cards\"}} | format",
            })
    void anyOtherDamageIsAnErrorThatNamesTheLine(String damage, String reason) throws IOException {
        try (InMemoryFeatureStore store = open(data())) {
            put(store, "a", NOON, 1);
        }
        Path journal = data().resolve("journal.jsonl");
        List<String> lines = Files.readAllLines(journal);
        assertThat(lines).hasSize(3);
        Files.write(journal, List.of(lines.get(0), lines.get(1), damage, lines.get(2)));

        Throwable thrown = catchThrowable(() -> open(data()));

        assertThat(thrown)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Line 3 of " + journal.toRealPath())
                .hasMessageContaining(reason)
                .hasMessageNotContaining(SECRET)
                .hasNoCause();
        Files.write(journal, lines);
        try (InMemoryFeatureStore store = open(data())) {
            assertThat(get(store, "a")).isPresent();
        }
    }

    @Test
    void aFolderHasOneStoreAtATime() throws IOException {
        try (InMemoryFeatureStore store = open(data())) {
            put(store, "a", NOON, 1);
            assertThatThrownBy(() -> open(data()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("in use by another feature store")
                    .hasMessageContaining(data().toString());
            put(store, "b", NOON, 1);
        }
        open(data()).close();
        Files.writeString(folder.resolve("file"), "");
        assertThatThrownBy(() -> open(folder.resolve("file")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("Cannot use the data folder");
    }

    @Test
    void aStoreThatIsClosedWritesNothing() {
        InMemoryFeatureStore store = open(data());
        put(store, "a", NOON, 1);
        store.close();
        store.close();

        assertThatThrownBy(() -> put(store, "b", NOON, 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        try (InMemoryFeatureStore after = open(data())) {
            assertThat(get(after, "a")).isPresent();
            assertThat(get(after, "b")).isEmpty();
        }
    }

    @Test
    void aStoreHasAFolderOrAnOfflineStore() {
        try (LocalOfflineStore local = LocalOfflineStore.at(folder.resolve("other"))) {
            assertThatThrownBy(() -> InMemoryFeatureStore.builder()
                            .data(data())
                            .offlineStore(local)
                            .build())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("leave out offlineStore(), or data()");
        }
    }
}
