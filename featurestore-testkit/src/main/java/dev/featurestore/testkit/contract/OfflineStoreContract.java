package dev.featurestore.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.featurestore.FeatureViewClient;
import dev.featurestore.TrainingSetClient;
import dev.featurestore.spi.PutCommand;
import dev.featurestore.testkit.ManualClock;
import dev.featurestore.testkit.ServiceBehaviour;
import dev.featurestore.training.RowAudit;
import dev.featurestore.training.TrainingRow;
import dev.featurestore.training.TrainingRows;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.GroupResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The point-in-time rule, held up to an offline store by {@link PointInTimeScenarios}. Extend it in a test and supply a store
 * on the given clock; each scenario gets a store of its own.
 */
public abstract class OfflineStoreContract {
    /** Before all that the scenarios write. */
    private static final Instant START = Instant.parse("2025-03-10T00:00:00Z");

    /** For subclasses. */
    protected OfflineStoreContract() {}

    /**
     * Called before each scenario.
     *
     * @param clock what the store must tell all times by
     * @param behaviour how the service behind it must behave
     */
    protected abstract OfflineBackend openBackend(ManualClock clock, ServiceBehaviour behaviour);

    /** Every scenario. */
    @TestFactory
    Stream<DynamicTest> scenarios() {
        return PointInTimeScenarios.all().stream()
                .map(scenario -> DynamicTest.dynamicTest(scenario.name(), () -> check(scenario)));
    }

    private void check(PointInTimeScenario scenario) {
        ManualClock clock = ManualClock.startingAt(START);
        ServiceBehaviour behaviour = ServiceBehaviour.defaults().withArrivalPrecision(scenario.arrivalPrecision());
        try (OfflineBackend backend = openBackend(clock, behaviour)) {
            FeatureViewClient view = backend.store().view(scenario.set().view());
            for (PointInTimeScenario.Arrival arrival : scenario.history()) {
                clock.set(arrival.at());
                write(backend, arrival.write());
            }
            clock.advance(Duration.ofDays(1));
            compare(scenario, rows(view, scenario.set()));
        }
    }

    private static void write(OfflineBackend backend, PointInTimeScenario.Write write) {
        if (write instanceof PointInTimeScenario.Put put) {
            backend.store().group(put.group()).put(put.record(), put.options());
        } else if (write instanceof PointInTimeScenario.OtherWriterPut put) {
            backend.store().group(put.group());
            backend.onlineStore().put(PutCommand.of(put.group().name(), put.record()));
        } else if (write instanceof PointInTimeScenario.Delete delete) {
            backend.store().group(delete.group()).delete(delete.identifier(), delete.eventTime(), delete.mode());
        }
    }

    private static List<TrainingRow> rows(FeatureViewClient view, TrainingSet set) {
        TrainingSetClient client =
                view.trainingSet(set.spine()).withPointInTime(set.pointInTime()).withAudit();
        if (set.from().isPresent() && set.until().isPresent()) {
            client = client.labelsBetween(set.from().get(), set.until().get());
        }
        try (TrainingRows running = client.run()) {
            return running.toList();
        }
    }

    private static void compare(PointInTimeScenario scenario, List<TrainingRow> rows) {
        assertThat(rows)
                .as("one row for each label in the range")
                .extracting(row -> row.spine().get(PointInTimeScenario.NUMBER))
                .containsExactlyInAnyOrderElementsOf(scenario.expected().keySet());
        for (TrainingRow row : rows) {
            Long number = (Long) Objects.requireNonNull(row.spine().get(PointInTimeScenario.NUMBER));
            PointInTimeScenario.Expected expected =
                    Objects.requireNonNull(scenario.expected().get(number));
            assertThat(row.spine()).as("label %s", number).isEqualTo(expected.label());
            expected.values()
                    .forEach((column, value) -> assertThat(
                                    row.vector().find(column).orElse(null))
                            .as(
                                    "'%s' of label %s at %s",
                                    column, number, row.spine().time())
                            .isEqualTo(value));
            expected.used().forEach((selection, used) -> compare(row, number, selection, used));
        }
    }

    private static void compare(TrainingRow row, Long number, String selection, RowAudit used) {
        List<String> selections =
                row.vector().results().stream().map(GroupResult::selection).toList();
        RowAudit actual = row.audits().get(selections.indexOf(selection));
        assertThat(actual.eventTime())
                .as("event time of '%s' for label %s", selection, number)
                .isEqualTo(used.eventTime());
        if (used.arrivalTime() != null) {
            assertThat(actual.arrivalTime())
                    .as("arrival of '%s' for label %s", selection, number)
                    .isEqualTo(used.arrivalTime());
        }
        if (used.eventTime() == null) {
            assertThat(actual).as("row of '%s' for label %s", selection, number).isEqualTo(RowAudit.NO_ROW);
        } else {
            Duration age = Duration.between(used.eventTime(), row.spine().time());
            assertThat(actual.ageSeconds())
                    .as("age of '%s' for label %s", selection, number)
                    .isCloseTo(age.getSeconds() + age.getNano() / 1e9, within(1e-6));
        }
    }
}
