package dev.featurestore.testkit.contract;

import static dev.featurestore.testkit.contract.ContractGroups.COUNT;
import static dev.featurestore.testkit.contract.ContractGroups.HOURLY;
import static dev.featurestore.testkit.contract.ContractGroups.ID;
import static dev.featurestore.testkit.contract.ContractGroups.LABEL;
import static dev.featurestore.testkit.contract.ContractGroups.OFFLINE_ONLY;
import static dev.featurestore.testkit.contract.ContractGroups.ONLINE_ONLY;
import static dev.featurestore.testkit.contract.ContractGroups.STANDARD;
import static dev.featurestore.testkit.contract.ContractGroups.TIME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.schema.DeletionMode;
import dev.featurestore.schema.TargetStore;
import dev.featurestore.schema.Ttl;
import dev.featurestore.spi.BatchGetCommand;
import dev.featurestore.spi.Deadline;
import dev.featurestore.spi.DeleteCommand;
import dev.featurestore.spi.GetCommand;
import dev.featurestore.spi.PutCommand;
import dev.featurestore.spi.WireRecord;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** No failure and no text of a command says a value or an identifier. */
abstract class SecrecyCases extends OnlineCases {
    private static final String SECRET = "4111-s3ntinel-1111";

    @TestFactory
    Stream<DynamicTest> failuresDoNotQuoteValues() {
        return failures().entrySet().stream()
                .map(failure -> DynamicTest.dynamicTest(failure.getKey(), () -> {
                    Throwable thrown = catchThrowable(failure.getValue());
                    assertThat(thrown).isInstanceOf(FeatureStoreException.class);
                    assertSilent(thrown);
                }));
    }

    private Map<String, ThrowingCallable> failures() {
        String time = iso(noon);
        Map<String, ThrowingCallable> failures = new LinkedHashMap<>();
        failures.put("no event time", () -> put(STANDARD, record(ID, SECRET, LABEL, SECRET)));
        failures.put("no identifier", () -> put(STANDARD, record(TIME, time, LABEL, SECRET)));
        failures.put("unknown feature", () -> put(STANDARD, record(SECRET, noon, "surprise", SECRET)));
        failures.put("feature there twice", () -> put(STANDARD, record(SECRET, noon, LABEL, SECRET, LABEL, SECRET)));
        failures.put("wrong type", () -> put(STANDARD, record(SECRET, noon, COUNT, SECRET)));
        failures.put(
                "list for a scalar",
                () -> put(
                        STANDARD,
                        WireRecord.of(new String[] {ID, TIME, LABEL}, new Object[] {SECRET, time, List.of(SECRET)})));
        failures.put("event time", () -> put(STANDARD, record(ID, SECRET, TIME, SECRET)));
        failures.put("too large", () -> put(STANDARD, record(SECRET, noon, LABEL, SECRET.repeat(20_000))));
        failures.put("identifier too large", () -> put(STANDARD, record(SECRET.repeat(200), noon)));
        failures.put("unknown group", () -> store.put(PutCommand.of("contract-missing", record(SECRET, noon))));
        failures.put("target store", () -> putTo(ONLINE_ONLY, record(SECRET, noon), TargetStore.OFFLINE_STORE));
        failures.put(
                "time to live",
                () -> put(OFFLINE_ONLY, record(SECRET, noon, LABEL, SECRET), Ttl.of(Duration.ofDays(1))));
        failures.put("read of no online store", () -> read(OFFLINE_ONLY, SECRET));
        failures.put("read of unknown group", () -> store.get(GetCommand.of("contract-missing", SECRET)));
        failures.put("delete's event time", () -> delete(STANDARD, SECRET, SECRET, DeletionMode.SOFT_DELETE));
        failures.put("late hard delete", () -> {
            put(HOURLY, record(SECRET + id, noon));
            delete(HOURLY, SECRET + id, iso(noon.minusSeconds(1)), DeletionMode.HARD_DELETE);
        });
        failures.put(
                "batch too large",
                () -> batch(part(
                        STANDARD,
                        Stream.generate(() -> SECRET)
                                .limit(BatchGetCommand.MAX_RECORDS + 1L)
                                .toList())));
        return failures;
    }

    @Test
    void failuresOfKeysInABatchDoNotQuoteThem() {
        batch(new BatchGetCommand.Part("contract-missing", List.of(SECRET), List.of()))
                .errors()
                .forEach((key, error) -> {
                    assertThat(key.toString()).doesNotContain(SECRET);
                    assertSilent(error);
                });
    }

    @Test
    void commandsAndAnswersPrintNoValues() {
        WireRecord record = record(SECRET + id, noon, LABEL, SECRET);
        put(STANDARD, record);

        assertThat(List.of(
                        PutCommand.of(STANDARD.name(), record),
                        GetCommand.of(STANDARD.name(), SECRET),
                        new DeleteCommand(
                                STANDARD.name(), SECRET, SECRET, DeletionMode.SOFT_DELETE, Set.of(), Deadline.none()),
                        new BatchGetCommand(List.of(part(STANDARD, List.of(SECRET))), Deadline.none()),
                        read(STANDARD, SECRET + id),
                        batch(part(STANDARD, List.of(SECRET + id))),
                        store,
                        backend.admin()))
                .allSatisfy(printed -> assertThat(printed.toString()).doesNotContain(SECRET));
    }

    private static void assertSilent(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            assertThat(cause.toString()).doesNotContain("s3ntinel");
            for (Throwable suppressed : cause.getSuppressed()) {
                assertSilent(suppressed);
            }
        }
    }
}
