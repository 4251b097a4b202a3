package dev.featurestore.testkit.contract;

import static dev.featurestore.testkit.contract.ScenarioBuilder.EXPIRING;
import static dev.featurestore.testkit.contract.ScenarioBuilder.eventTime;

import dev.featurestore.WriteOptions;
import dev.featurestore.schema.TargetStore;
import java.time.Duration;
import java.util.List;

/** Scenarios of what was true: which version belongs to a label, deletes, ages, labels. */
final class EventTimeScenarios {
    private EventTimeScenarios() {}

    static List<PointInTimeScenario> all() {
        return List.of(
                eventTime("A row counts from the very instant of its event time")
                        .put("12:00:00.000000005", "amount", 1.0, "count", 2L, "city", "Ghent")
                        .labelWithoutRow("12:00:00.000000004")
                        .label("12:00:00.000000005", 1.0, 2L, "Ghent")
                        .usedRowOf("12:00:00.000000005")
                        .label("12:00:00.000000006", 1.0, 2L, "Ghent")
                        .build(),
                eventTime("Each of several labels of one card gets the version of its time")
                        .put("12:00:00", "amount", 1.0)
                        .put("12:01:00", "amount", 2.0)
                        .put("12:02:00", "amount", 3.0)
                        .labelWithoutRow("11:59:59")
                        .label("12:00:30", 1.0, 0L, null)
                        .label("12:01:59.999999999", 2.0, 0L, null)
                        .label("12:02:00", 3.0, 0L, null)
                        .label("23:00:00", 3.0, 0L, null)
                        .build(),
                eventTime("Versions that arrived out of order are in the order of their event times")
                        .arriving("12:03:00", "12:03:00", "amount", 3.0)
                        .arriving("12:04:00", "12:01:00", "amount", 1.0)
                        .arriving("12:05:00", "12:02:00", "amount", 2.0)
                        .label("12:01:30", 1.0, 0L, null)
                        .label("12:02:30", 2.0, 0L, null)
                        .label("12:03:30", 3.0, 0L, null)
                        .build(),
                eventTime("A late row counts for labels before its arrival")
                        .arriving("18:00:00", "12:00:00", "amount", 1.0)
                        .label("12:00:00", 1.0, 0L, null)
                        .usedRowOf("12:00:00", "18:00:00")
                        .build(),
                eventTime("A backfill counts", ScenarioBuilder.STAMPED)
                        .backfill("18:00:00", "12:00:00", "amount", 1.0)
                        .label("12:00:00", 1.0, 0L, null)
                        .build(),
                eventTime("A row that went to the offline store only counts")
                        .put(
                                "12:00:00",
                                ScenarioBuilder.recordOf(ScenarioBuilder.CARDS, "card-1", "12:00:00", "amount", 1.0),
                                WriteOptions.defaults().withTargetStores(TargetStore.OFFLINE_STORE))
                        .label("12:00:00", 1.0, 0L, null)
                        .build(),
                eventTime("A row that went to the online store only is not known to training")
                        .put("12:00:00", "amount", 1.0)
                        .put(
                                "12:01:00",
                                ScenarioBuilder.recordOf(ScenarioBuilder.CARDS, "card-1", "12:01:00", "amount", 2.0),
                                WriteOptions.defaults().withTargetStores(TargetStore.ONLINE_STORE))
                        .label("12:02:00", 1.0, 0L, null)
                        .build(),
                eventTime("A row ahead of the clock does not count before its event time")
                        .arriving("12:00:00", "12:10:00", "amount", 1.0)
                        .labelWithoutRow("12:05:00")
                        .label("12:10:00", 1.0, 0L, null)
                        .build(),
                eventTime("A row written twice gives one row")
                        .put("12:00:00", "amount", 1.0)
                        .arriving("12:00:30", "12:00:00", "amount", 1.0)
                        .label("12:01:00", 1.0, 0L, null)
                        .build(),
                eventTime("Of two rows of one event time the one that arrived later counts, whatever the label's time")
                        .arriving("12:00:00", "12:00:00", "amount", 1.0, "city", "Ghent")
                        .arriving("18:00:00", "12:00:00", "amount", 2.0)
                        .label("12:00:00", 2.0, 0L, null)
                        .label("19:00:00", 2.0, 0L, null)
                        .build(),
                eventTime("A delete counts from the very instant of its event time")
                        .put("12:00:00", "amount", 1.0)
                        .delete("12:05:00", "12:05:00")
                        .label("12:04:59.999999999", 1.0, 0L, null)
                        .labelWithoutRow("12:05:00")
                        .labelWithoutRow("23:00:00")
                        .build(),
                eventTime("A record written again after a delete counts, and brings nothing of the old one back")
                        .put("12:00:00", "amount", 1.0, "city", "Ghent")
                        .delete("12:05:00", "12:05:00")
                        .put("12:10:00", "amount", 2.0)
                        .labelWithoutRow("12:07:00")
                        .label("12:10:00", 2.0, 0L, null)
                        .build(),
                eventTime("A delete that came late counts from its event time, and ends with the next version")
                        .put("12:00:00", "amount", 1.0)
                        .put("12:10:00", "amount", 2.0)
                        .delete("18:00:00", "12:05:00")
                        .label("12:04:00", 1.0, 0L, null)
                        .labelWithoutRow("12:05:00")
                        .labelWithoutRow("12:09:00")
                        .label("12:10:00", 2.0, 0L, null)
                        .build(),
                eventTime("Of a record and a delete of one event time the record counts, whichever came first")
                        .arriving("12:00:00", "12:00:00", "amount", 1.0)
                        .delete("12:01:00", "12:00:00")
                        .delete("12:02:00", "12:30:00")
                        .arriving("12:03:00", "12:30:00", "amount", 2.0)
                        .label("12:10:00", 1.0, 0L, null)
                        .label("12:30:00", 2.0, 0L, null)
                        .build(),
                eventTime("A delete of a card that never was is no row")
                        .delete("12:00:00", "12:00:00")
                        .labelWithoutRow("12:01:00")
                        .build(),
                eventTime("A feature without value is not taken from an older version")
                        .put("12:00:00", "amount", 1.0, "count", 2L, "city", "Ghent")
                        .put("12:01:00", "amount", 2.0)
                        .label("12:02:00", 2.0, 0L, null)
                        .build(),
                eventTime("A record with nothing but its key counts, and its columns are empty or defaults")
                        .put("12:00:00", "amount", 1.0)
                        .put("12:01:00")
                        .label("12:02:00", null, 0L, null)
                        .usedRowOf("12:01:00")
                        .build(),
                eventTime("A maximum age is inclusive")
                        .maxAge(Duration.ofMinutes(5))
                        .put("12:00:00", "amount", 1.0, "count", 2L, "city", "Ghent")
                        .label("12:05:00", 1.0, 2L, "Ghent")
                        .labelWithoutRow("12:05:00.000000001")
                        .build(),
                eventTime("A version within the maximum age is not looked for behind a newer delete")
                        .maxAge(Duration.ofMinutes(30))
                        .put("12:00:00", "amount", 1.0)
                        .delete("12:01:00", "12:01:00")
                        .labelWithoutRow("12:02:00")
                        .build(),
                eventTime("A default is given for a record that is too old, and does not make it younger")
                        .maxAge(Duration.ofNanos(1))
                        .put("12:00:00", "amount", 1.0)
                        .label("12:00:00.000000001", 1.0, 0L, null)
                        .usedRowOf("12:00:00")
                        .labelWithoutRow("12:00:00.000000002")
                        .build(),
                eventTime("At the very instant of its expiry a record is gone", EXPIRING)
                        .put("12:00:00", "amount", 1.0)
                        .label("12:09:59.999999999", 1.0, 0L, null)
                        .labelWithoutRow("12:10:00")
                        .build(),
                eventTime("Of a maximum age and a time to live the shorter counts", EXPIRING)
                        .maxAge(Duration.ofMinutes(10))
                        .put("12:00:00", "amount", 1.0)
                        .label("12:09:59.999999999", 1.0, 0L, null)
                        .labelWithoutRow("12:10:00")
                        .build(),
                eventTime("Equal labels are rows of their own")
                        .put("12:00:00", "amount", 1.0)
                        .label("12:01:00", 1.0, 0L, null)
                        .label("12:01:00", 1.0, 0L, null)
                        .label("12:01:00", 1.0, 0L, null)
                        .build(),
                eventTime("A label of a card without history has a row without values")
                        .put("12:00:00", "amount", 1.0)
                        .label("12:01:00", "card-2", null, 0L, null)
                        .build(),
                eventTime("A label without key has a row without values")
                        .put("12:00:00", "amount", 1.0)
                        .label("12:01:00", null, null, 0L, null)
                        .label("12:01:00", 1.0, 0L, null)
                        .build(),
                eventTime("Labels without any history have rows")
                        .labelWithoutRow("12:00:00")
                        .build(),
                eventTime("A range of labels has its start and not its end")
                        .labelsBetween("12:01:00", "12:02:00")
                        .put("12:00:00", "amount", 1.0)
                        .label("12:00:59.999999999", 1.0, 0L, null)
                        .label("12:01:00", 1.0, 0L, null)
                        .label("12:01:59.999999999", 1.0, 0L, null)
                        .label("12:02:00", 1.0, 0L, null)
                        .build());
    }
}
