package dev.featurestore;

import static dev.featurestore.Fraud.CARDS;
import static dev.featurestore.Fraud.NOON;
import static dev.featurestore.Fraud.TRANSACTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.errors.ThrottledException;
import dev.featurestore.schema.DeletionMode;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureCodec;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.spi.BatchGetCommand;
import dev.featurestore.spi.BatchGetOutcome;
import dev.featurestore.spi.Deadline;
import dev.featurestore.spi.DeleteCommand;
import dev.featurestore.spi.GetCommand;
import dev.featurestore.spi.ListCommand;
import dev.featurestore.spi.ListPage;
import dev.featurestore.spi.PutCommand;
import dev.featurestore.spi.RecordKey;
import dev.featurestore.spi.StoredRecord;
import dev.featurestore.spi.WireRecord;
import dev.featurestore.training.RowAudit;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineRow;
import dev.featurestore.training.TrainingRow;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.FeatureVector;
import dev.featurestore.view.FeatureView;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Values and identifiers are in no message, no cause and no text of what carries them. */
class NoValueLeaksTest {
    private static final String SENTINEL = "S3NTINEL";

    /** A codec of a user's own that quotes what it refuses, as many parsers do. */
    private static final Feature<String> QUOTING = Feature.of(
            "quoting",
            FeatureCodec.string("quoting", String.class, NoValueLeaksTest::refuse, NoValueLeaksTest::refuse));

    private static final Feature<LocalDate> BORN = Feature.localDate("born");
    private static final Feature<String> ID = Feature.string("id");

    private static final FeatureGroup<FeatureRecord> PEOPLE = FeatureGroup.named("people")
            .recordIdentifier(ID)
            .eventTime(Feature.eventTime("t"))
            .features(BORN, QUOTING, Feature.integral("n"))
            .onlineStore()
            .offlineStore(offline -> offline.s3Uri("s3://features/offline"))
            .build();

    private static final FeatureView VIEW = FeatureView.named("v")
            .from(PEOPLE, select -> select.key("person").features(BORN))
            .from(CARDS, select -> select.key("card").allFeatures())
            .build();

    private final ScriptedOnlineStore store = new ScriptedOnlineStore();

    private final CallSettings settings =
            new CallSettings(() -> NOON, System::nanoTime, pause -> {}, AsyncSleeper.system(), Duration.ofSeconds(10));

    private final FeatureGroupClient<FeatureRecord> people = new FeatureGroupClient<>(PEOPLE, store, null, settings);

    private final FeatureViewClient view =
            new FeatureViewClient(VIEW, FetchOptions.defaults(), store.forViews(), new UnusedOfflineStore(), settings);

    private static String refuse(String value) {
        throw new IllegalStateException("Cannot take " + value, new IllegalArgumentException(value));
    }

    @TestFactory
    Stream<DynamicTest> failuresQuoteNothing() {
        String tooLong = SENTINEL.repeat(300);
        store.with("people", "id", stored("born", SENTINEL), null);
        FeatureGroupClient<FeatureRecord> cards = new FeatureGroupClient<>(CARDS, store, null, settings);
        FeatureGroupClient<FeatureRecord> quoted = new FeatureGroupClient<>(
                FeatureGroup.named("quoted")
                        .recordIdentifier(QUOTING)
                        .eventTime(Feature.eventTime("t"))
                        .onlineStore()
                        .build(),
                store,
                null,
                settings);
        return failures(Map.ofEntries(
                Map.entry("a stored text", () -> people.find("id")),
                Map.entry(
                        "a stored text of a view",
                        () -> view.fetch(Map.of("person", "id", "card", 1L)).values()),
                Map.entry("a stored event time", () -> stored("t", SENTINEL).decode(PEOPLE)),
                Map.entry(
                        "a stored text that a codec quotes",
                        () -> stored("quoting", SENTINEL).decode(PEOPLE)),
                Map.entry(
                        "a stored list",
                        () -> WireRecord.of(new String[] {"born"}, new Object[] {List.of(SENTINEL)})
                                .decode(PEOPLE)),
                Map.entry("an identifier of another type", () -> cards.find(SENTINEL)),
                Map.entry("an identifier that a codec quotes", () -> quoted.find(SENTINEL)),
                Map.entry("an identifier that is too long", () -> people.find(tooLong)),
                Map.entry("a deletion of one too long", () -> people.delete(tooLong, NOON)),
                Map.entry("a key of another type", () -> view.fetch(Map.of("person", "id", "card", SENTINEL))),
                Map.entry("a key that is missing", () -> view.fetch(Map.of("person", SENTINEL))),
                Map.entry(
                        "a value that a codec quotes", () -> PEOPLE.newRecord().set(QUOTING, SENTINEL)),
                Map.entry("a value of another type", () -> PEOPLE.newRecord().set("n", SENTINEL)),
                Map.entry(
                        "a value set twice",
                        () -> PEOPLE.newRecord().set(ID, SENTINEL).set(ID, SENTINEL)),
                Map.entry(
                        "an incomplete record",
                        () -> PEOPLE.newRecord().set(ID, SENTINEL).build()),
                Map.entry(
                        "a record that is too large",
                        () -> new FeatureGroupClient<>(TRANSACTIONS, store, null, settings).put(large()))));
    }

    private static FeatureRecord large() {
        return TRANSACTIONS
                .newRecord()
                .set(Fraud.TRANSACTION_ID, "t")
                .set(Fraud.TRANSACTION_TIME, NOON)
                .set(Fraud.MERCHANT, SENTINEL.repeat(50_000))
                .build();
    }

    private static Stream<DynamicTest> failures(Map<String, ThrowingCallable> calls) {
        return calls.entrySet().stream()
                .map(call -> DynamicTest.dynamicTest(call.getKey(), () -> {
                    FeatureStoreException failure = catchThrowableOfType(FeatureStoreException.class, call.getValue());
                    StringWriter trace = new StringWriter();
                    Objects.requireNonNull(failure).printStackTrace(new PrintWriter(trace));
                    assertThat(trace.toString()).doesNotContain(SENTINEL);
                }));
    }

    @Test
    void failuresOfManyKeysQuoteNothing() {
        store.with("people", "a", stored("born", SENTINEL), null);
        for (int i = 0; i < 8; i++) {
            store.nextBatch(command -> new BatchGetOutcome(
                    store.answer(command).records(), Map.of(), List.of(new RecordKey("people", SENTINEL))));
        }

        BatchResult<FeatureRecord> result = people.findAll(List.of("a", SENTINEL, "b" + SENTINEL));

        assertThat(result.failed().values().toString()).doesNotContain(SENTINEL);
        assertThat(result.toString()).doesNotContain(SENTINEL);
        assertThat(result.unprocessed()).containsExactly(SENTINEL);
    }

    @TestFactory
    Stream<DynamicTest> textQuotesNothing() {
        FeatureRecord record = PEOPLE.newRecord()
                .set(ID, SENTINEL)
                .set(PEOPLE.eventTime(), NOON)
                .build();
        WireRecord wire = WireRecord.encode(record);
        RecordKey key = new RecordKey("people", SENTINEL);
        StoredRecord found = new StoredRecord(wire, NOON);
        BatchGetCommand.Part part = new BatchGetCommand.Part("people", List.of(SENTINEL), List.of());
        FeatureVector vector = FeatureVector.builder(VIEW, NOON)
                .latest(0, record, null)
                .failed(1, new ThrottledException("Slow down"))
                .build();
        SpineRow label = SpineRow.of(NOON, Map.of("person", SENTINEL, "card", 1L));
        Spine rows = Spine.rows(List.of(label));
        Spine query = Spine.query("SELECT '" + SENTINEL + "' AS person");
        return Stream.of(
                        record,
                        record.values(),
                        wire,
                        key,
                        found,
                        part,
                        new BatchGetCommand(List.of(part), Deadline.none()),
                        new BatchGetOutcome(Map.of(key, found), Map.of(), List.of(key)),
                        new GetCommand("people", SENTINEL, List.of(), Deadline.none()),
                        PutCommand.of("people", wire),
                        new DeleteCommand("people", SENTINEL, "t", DeletionMode.SOFT_DELETE, Set.of(), Deadline.none()),
                        new ListCommand("people", false, 1, SENTINEL, Deadline.none()),
                        new ListPage(List.of(SENTINEL), SENTINEL),
                        vector,
                        vector.results(),
                        label,
                        rows,
                        rows.source(),
                        query,
                        query.source(),
                        TrainingSet.of(VIEW, rows),
                        new TrainingRow(label, vector, List.of(RowAudit.NO_ROW)))
                .map(object -> DynamicTest.dynamicTest(
                        object.getClass().getSimpleName(),
                        () -> assertThat(object.toString()).doesNotContain(SENTINEL)));
    }

    /** A record of one feature beside its event time. */
    private static WireRecord stored(String feature, String text) {
        return feature.equals("t")
                ? WireRecord.of(new String[] {"t"}, new Object[] {text})
                : WireRecord.of(new String[] {"t", feature}, new Object[] {"2026-03-01T12:00:00Z", text});
    }
}
