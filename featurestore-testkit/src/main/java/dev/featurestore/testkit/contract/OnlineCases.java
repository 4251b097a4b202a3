package dev.featurestore.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.featurestore.errors.ErrorCode;
import dev.featurestore.errors.FeatureGroupNotFoundException;
import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.errors.InvalidRequestException;
import dev.featurestore.schema.DeletionMode;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.TargetStore;
import dev.featurestore.schema.Ttl;
import dev.featurestore.spi.BatchGetCommand;
import dev.featurestore.spi.BatchGetOutcome;
import dev.featurestore.spi.Deadline;
import dev.featurestore.spi.DeleteCommand;
import dev.featurestore.spi.GetCommand;
import dev.featurestore.spi.OnlineStore;
import dev.featurestore.spi.PutCommand;
import dev.featurestore.spi.StoredRecord;
import dev.featurestore.spi.WireRecord;
import dev.featurestore.testkit.OfflineRow;
import dev.featurestore.testkit.ServiceBehaviour;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;

/** What the cases of one operation have in common: a backend with its groups, and short words for requests. */
abstract class OnlineCases {
    OnlineBackend backend;

    OnlineStore store;

    /** An identifier that nobody else has. */
    String id;

    /** A whole second a minute ago. */
    Instant noon;

    abstract OnlineBackend open();

    @BeforeEach
    void setUp() {
        backend = open();
        store = backend.onlineStore();
        id = newId();
        noon = backend.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(60);
        ContractGroups.scalars().forEach(this::ensure);
    }

    @AfterEach
    void tearDown() {
        backend.close();
    }

    final void ensure(FeatureGroup<?> group) {
        if (!backend.admin().exists(group.name())) {
            backend.admin().create(group);
        }
    }

    final ServiceBehaviour behaviour() {
        return backend.behaviour();
    }

    static String newId() {
        return "id-" + UUID.randomUUID();
    }

    /** With 9 fraction digits. */
    static String iso(Instant time) {
        return Feature.instant("any").codec().encode(time);
    }

    /** A record of alternating names and texts. */
    static WireRecord record(String... namesAndTexts) {
        String[] names = new String[namesAndTexts.length / 2];
        Object[] texts = new Object[names.length];
        for (int n = 0; n < names.length; n++) {
            names[n] = namesAndTexts[2 * n];
            texts[n] = namesAndTexts[2 * n + 1];
        }
        return WireRecord.of(names, texts);
    }

    static WireRecord record(String id, Instant time, String... namesAndTexts) {
        return record(Stream.concat(
                        Stream.of(ContractGroups.ID, id, ContractGroups.TIME, iso(time)), Stream.of(namesAndTexts))
                .toArray(String[]::new));
    }

    final void put(FeatureGroup<?> group, WireRecord record) {
        store.put(PutCommand.of(group.name(), record));
    }

    /** A record of {@link ContractGroups#STANDARD} with this count. */
    final void put(String identifier, Instant time, int count) {
        put(ContractGroups.STANDARD, record(identifier, time, ContractGroups.COUNT, Integer.toString(count)));
    }

    final void putTo(FeatureGroup<?> group, WireRecord record, TargetStore... stores) {
        store.put(new PutCommand(group.name(), record, Set.of(stores), null, Deadline.none()));
    }

    final void put(FeatureGroup<?> group, WireRecord record, @Nullable Ttl ttl) {
        store.put(new PutCommand(group.name(), record, Set.of(), ttl, Deadline.none()));
    }

    final void softDelete(String identifier, Instant time) {
        delete(ContractGroups.STANDARD, identifier, iso(time), DeletionMode.SOFT_DELETE);
    }

    final void hardDelete(String identifier, Instant time) {
        delete(ContractGroups.STANDARD, identifier, iso(time), DeletionMode.HARD_DELETE);
    }

    final void delete(FeatureGroup<?> group, String identifier, String time, DeletionMode mode, TargetStore... stores) {
        store.delete(new DeleteCommand(group.name(), identifier, time, mode, Set.of(stores), Deadline.none()));
    }

    final Optional<StoredRecord> read(FeatureGroup<?> group, String identifier, String... features) {
        backend.awaitWrites();
        return store.get(new GetCommand(group.name(), identifier, List.of(features), Deadline.none()));
    }

    /** The features of the record in {@link ContractGroups#STANDARD}; empty if there is none. */
    final Optional<Map<String, String>> get(String identifier, String... features) {
        return read(ContractGroups.STANDARD, identifier, features).map(stored -> texts(stored.record()));
    }

    /** The count of the record in {@link ContractGroups#STANDARD}; empty if there is no record. */
    final Optional<String> count(String identifier) {
        return get(identifier).map(texts -> texts.get(ContractGroups.COUNT));
    }

    static Map<String, String> texts(WireRecord record) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (int n = 0; n < record.size(); n++) {
            String text = record.text(n);
            assertThat(texts.put(record.name(n), text == null ? String.valueOf(record.texts(n)) : text))
                    .as("second feature '%s'", record.name(n))
                    .isNull();
        }
        return texts;
    }

    static BatchGetCommand.Part part(FeatureGroup<?> group, List<String> ids, String... features) {
        return new BatchGetCommand.Part(group.name(), ids, List.of(features));
    }

    final BatchGetOutcome batch(BatchGetCommand.Part... parts) {
        backend.awaitWrites();
        return store.batchGet(new BatchGetCommand(List.of(parts), Deadline.none()));
    }

    /** The offline rows of an identifier, in order of arrival; skips the case if they cannot be seen. */
    final List<OfflineRow> offline(FeatureGroup<?> group, String identifier) {
        backend.awaitWrites();
        Optional<List<OfflineRow>> rows = backend.offlineRows(group);
        Assumptions.assumeTrue(rows.isPresent(), "the offline store cannot be seen from here");
        return rows.orElseThrow().stream()
                .filter(row -> identifier.equals(row.record().text(ContractGroups.ID)))
                .toList();
    }

    /** Such as {@code 1, 2, deleted}. */
    final List<String> offlineCounts(String identifier) {
        return offline(ContractGroups.STANDARD, identifier).stream()
                .map(row ->
                        row.deleted() ? "deleted" : String.valueOf(row.record().text(ContractGroups.COUNT)))
                .toList();
    }

    /** The request is refused for good, naming the group. */
    static InvalidRequestException refused(FeatureGroup<?> group, ThrowingCallable request) {
        Throwable thrown = catchThrowable(request);
        assertThat(thrown).isInstanceOf(InvalidRequestException.class);
        InvalidRequestException refusal = (InvalidRequestException) thrown;
        assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(refusal.retryable()).isFalse();
        assertThat(refusal.featureGroupName()).contains(group.name());
        assertThat(refusal).hasMessageContaining("'" + group.name() + "'");
        return refusal;
    }

    static void notFound(String group, @Nullable Throwable thrown) {
        assertThat(thrown).isInstanceOf(FeatureGroupNotFoundException.class);
        FeatureStoreException failure = (FeatureStoreException) thrown;
        assertThat(failure.code()).isEqualTo(ErrorCode.FEATURE_GROUP_NOT_FOUND);
        assertThat(failure.retryable()).isFalse();
        assertThat(failure.featureGroupName()).contains(group);
        assertThat(failure).hasMessageContaining("'" + group + "'");
    }
}
