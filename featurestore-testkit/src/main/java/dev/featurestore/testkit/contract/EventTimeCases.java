package dev.featurestore.testkit.contract;

import static dev.featurestore.testkit.contract.ContractGroups.COUNT;
import static dev.featurestore.testkit.contract.ContractGroups.EPOCH;
import static dev.featurestore.testkit.contract.ContractGroups.ID;
import static dev.featurestore.testkit.contract.ContractGroups.STANDARD;
import static dev.featurestore.testkit.contract.ContractGroups.TIME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.schema.DeletionMode;
import dev.featurestore.testkit.ServiceBehaviour;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The forms of event times: UTC text, and epoch seconds. */
abstract class EventTimeCases extends OnlineCases {
    @TestFactory
    Stream<DynamicTest> documentedTextIsKeptAsItIs() {
        return Stream.of(
                        "2025-03-10T12:00:05Z",
                        "2025-03-10T12:00:05.123Z",
                        "2025-03-10T12:00:05.123456789Z",
                        "2024-02-29T23:59:59Z",
                        "0000-01-01T00:00:00.000000000Z",
                        "9999-12-31T23:59:59.999999999Z")
                .map(time -> DynamicTest.dynamicTest(time, () -> accept(time)));
    }

    @TestFactory
    Stream<DynamicTest> otherNumbersOfDigitsAreRefusedOrAcceptedAsTheBackendSays() {
        return Stream.of("1", "12", "1234", "12345", "123456", "1234567", "12345678")
                .map(digits -> "2025-03-10T12:00:05." + digits + "Z")
                .map(time -> DynamicTest.dynamicTest(time, () -> {
                    if (behaviour().eventTimeDigits() == ServiceBehaviour.EventTimeDigits.LENIENT) {
                        accept(time);
                    } else {
                        refuse(time);
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> otherTextIsRefusedInPutsAndDeletes() {
        return Stream.of(
                        "",
                        "2025-03-10",
                        "2025-03-10T12:00:05",
                        "2025-03-10T12:00:05+00:00",
                        "2025-03-10T13:00:05+01:00",
                        "2025-03-10T12:00:05z",
                        "2025-03-10t12:00:05Z",
                        "2025-03-10 12:00:05Z",
                        "2025-03-10T12:00Z",
                        "2025-03-10T12:00:05.Z",
                        "2025-03-10T12:00:05,123Z",
                        "2025-03-10T12:00:05.1234567890Z",
                        "2025-13-10T12:00:05Z",
                        "2025-02-29T12:00:05Z",
                        "2025-03-10T24:00:00Z",
                        "2025-03-10T12:00:60Z",
                        "+2025-03-10T12:00:05Z",
                        "1741608005")
                .map(time -> DynamicTest.dynamicTest("'" + time + "'", () -> refuse(time)));
    }

    private void accept(String time) {
        String fresh = newId();
        put(STANDARD, record(ID, fresh, TIME, time, COUNT, "1"));
        assertThat(get(fresh)).hasValueSatisfying(texts -> assertThat(texts).containsEntry(TIME, time));
    }

    private void refuse(String time) {
        String fresh = newId();
        refused(STANDARD, () -> put(STANDARD, record(ID, fresh, TIME, time, COUNT, "1")));
        refused(STANDARD, () -> delete(STANDARD, fresh, time, DeletionMode.SOFT_DELETE));
        assertThat(get(fresh)).isEmpty();
    }

    @Test
    void epochSecondsAreKeptAsTheyAreAndComparedAsNumbers() {
        putEpoch("999999999", "1");
        putEpoch("1741608005", "2");
        assertThat(epochCount()).contains("2");

        putEpoch("1741608005.5", "3");
        assertThat(epochCount()).contains("3");

        putEpoch("1741608005.25", "4");
        assertThat(epochCount()).contains("3");

        putEpoch("1741608005.500001", "5");
        assertThat(epochCount()).contains("5");
        assertThat(read(EPOCH, id, TIME))
                .hasValueSatisfying(
                        stored -> assertThat(texts(stored.record())).containsEntry(TIME, "1741608005.500001"));
    }

    @Test
    void timesBeforeTheEpochAreOlder() {
        putEpoch("-0.5", "1");
        putEpoch("-1.5", "2");
        assertThat(epochCount()).contains("1");

        putEpoch("0", "3");
        assertThat(epochCount()).contains("3");
    }

    @Test
    void aDeleteTakesEpochSecondsToo() {
        putEpoch("1741608005", "1");

        delete(EPOCH, id, "1741608005.5", DeletionMode.SOFT_DELETE);

        assertThat(read(EPOCH, id)).isEmpty();
    }

    @TestFactory
    Stream<DynamicTest> whatIsNoTimeIsRefusedAsEpochSeconds() {
        return Stream.of("", "2025-03-10T12:00:05Z", "now", "NaN", "Infinity", "1e400", "1e300", "-1e300", "1e12")
                .map(time -> DynamicTest.dynamicTest("'" + time + "'", () -> {
                    refused(EPOCH, () -> putEpoch(time, "1"));
                    refused(EPOCH, () -> delete(EPOCH, id, time, DeletionMode.SOFT_DELETE));
                }));
    }

    private void putEpoch(String time, String count) {
        put(EPOCH, record(ID, id, TIME, time, COUNT, count));
    }

    private Optional<String> epochCount() {
        return read(EPOCH, id).map(stored -> texts(stored.record()).getOrDefault(COUNT, ""));
    }
}
