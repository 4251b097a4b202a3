package dev.featurestore.testkit.contract;

import static dev.featurestore.testkit.contract.ScenarioBuilder.EXPIRING;
import static dev.featurestore.testkit.contract.ScenarioBuilder.STAMPED;
import static dev.featurestore.testkit.contract.ScenarioBuilder.asServed;

import dev.featurestore.training.PointInTime;
import java.time.Duration;
import java.util.List;

/** Scenarios of what was served: arrival, and how sharply it is known. */
final class AsServedScenarios {
    private AsServedScenarios() {}

    static List<PointInTimeScenario> all() {
        return List.of(
                asServed("A row counts from the very instant of its arrival")
                        .arriving("12:00:00.005", "11:00:00", "amount", 1.0, "count", 2L, "city", "Ghent")
                        .labelWithoutRow("12:00:00.004999999")
                        .label("12:00:00.005", 1.0, 2L, "Ghent")
                        .usedRowOf("11:00:00", "12:00:00.005")
                        .build(),
                asServed("A late row is not seen by labels before its arrival")
                        .arriving("18:00:00", "12:00:00", "amount", 1.0)
                        .labelWithoutRow("12:00:00")
                        .labelWithoutRow("17:59:59.999")
                        .label("18:00:00", 1.0, 0L, null)
                        .build(),
                asServed("A row ahead of the clock is served from its arrival")
                        .put("12:00:00", "amount", 1.0)
                        .arriving("12:01:00", "12:30:00", "amount", 2.0)
                        .label("12:00:59.999", 1.0, 0L, null)
                        .label("12:01:00", 2.0, 0L, null)
                        .usedRowOf("12:30:00", "12:01:00")
                        .build(),
                asServed("A late row with an older event time never replaces the newer one")
                        .arriving("12:00:00", "12:00:00", "amount", 1.0)
                        .arriving("12:01:00", "11:59:00", "amount", 2.0)
                        .label("12:00:30", 1.0, 0L, null)
                        .label("12:02:00", 1.0, 0L, null)
                        .build(),
                asServed("A row written twice is one row, from its first arrival")
                        .arriving("12:00:00", "12:00:00", "amount", 1.0)
                        .arriving("12:05:00", "12:00:00", "amount", 1.0)
                        .labelWithoutRow("11:59:59")
                        .label("12:01:00", 1.0, 0L, null)
                        .label("12:06:00", 1.0, 0L, null)
                        .build(),
                asServed("Equal labels are rows of their own, between versions too")
                        .put("12:00:00", "amount", 1.0)
                        .put("12:01:00", "amount", 2.0)
                        .label("12:00:30", 1.0, 0L, null)
                        .label("12:01:00", 2.0, 0L, null)
                        .label("12:00:30", 1.0, 0L, null)
                        .label("12:01:00", 2.0, 0L, null)
                        .build(),
                asServed("A correction with an equal event time is served from its arrival")
                        .arriving("12:00:00", "12:00:00", "amount", 1.0, "city", "Ghent")
                        .arriving("12:05:00", "12:00:00", "amount", 2.0)
                        .label("12:04:59.999", 1.0, 0L, "Ghent")
                        .label("12:05:00", 2.0, 0L, null)
                        .build(),
                asServed("Versions that arrived out of order are served as they came")
                        .arriving("12:01:00", "11:03:00", "amount", 3.0)
                        .arriving("12:02:00", "11:01:00", "amount", 1.0)
                        .arriving("12:03:00", "11:04:00", "amount", 4.0)
                        .arriving("12:04:00", "11:02:00", "amount", 2.0)
                        .label("12:01:30", 3.0, 0L, null)
                        .label("12:02:30", 3.0, 0L, null)
                        .label("12:03:30", 4.0, 0L, null)
                        .label("12:04:30", 4.0, 0L, null)
                        .build(),
                asServed("A delete is served from its arrival, however old its event time")
                        .arriving("12:00:00", "11:00:00", "amount", 1.0)
                        .delete("12:05:00", "11:30:00")
                        .label("12:04:59.999", 1.0, 0L, null)
                        .labelWithoutRow("12:05:00")
                        .build(),
                asServed("A delete older than the record has no effect")
                        .arriving("12:00:00", "12:00:00", "amount", 1.0)
                        .delete("12:05:00", "11:59:59")
                        .label("12:06:00", 1.0, 0L, null)
                        .build(),
                asServed("A delete with the record's event time has no effect")
                        .arriving("12:00:00", "12:00:00", "amount", 1.0)
                        .delete("12:05:00", "12:00:00")
                        .label("12:04:00", 1.0, 0L, null)
                        .label("12:06:00", 1.0, 0L, null)
                        .build(),
                asServed("A record written again behind the delete's event time stays invisible")
                        .arriving("12:00:00", "11:00:00", "amount", 1.0)
                        .delete("12:05:00", "11:30:00")
                        .arriving("12:06:00", "11:15:00", "amount", 2.0)
                        .labelWithoutRow("12:07:00")
                        .build(),
                asServed("A record written again with the delete's event time or a later one is served")
                        .delete("12:05:00", "11:30:00")
                        .arriving("12:06:00", "11:30:00", "amount", 2.0)
                        .arriving("12:07:00", "11:31:00", "amount", 3.0)
                        .labelWithoutRow("12:05:30")
                        .label("12:06:00", 2.0, 0L, null)
                        .label("12:07:00", 3.0, 0L, null)
                        .build(),
                asServed("A feature without value is not taken from an older version")
                        .put("12:00:00", "amount", 1.0, "count", 2L, "city", "Ghent")
                        .put("12:01:00", "amount", 2.0)
                        .label("12:02:00", 2.0, 0L, null)
                        .build(),
                asServed("A maximum age is counted from the event time, not from the arrival")
                        .maxAge(Duration.ofMinutes(5))
                        .arriving("12:03:00", "12:00:00", "amount", 1.0)
                        .label("12:05:00", 1.0, 0L, null)
                        .labelWithoutRow("12:05:00.000000001")
                        .build(),
                asServed("A newer version that is too old hides an older one that came before it")
                        .maxAge(Duration.ofMinutes(5))
                        .arriving("12:00:00", "11:00:00", "amount", 1.0)
                        .arriving("12:01:00", "11:30:00", "amount", 2.0)
                        .labelWithoutRow("12:02:00")
                        .build(),
                asServed("At the very instant of its expiry a record is gone, and may be gone at its arrival", EXPIRING)
                        .arriving("12:03:00", "12:00:00", "amount", 1.0)
                        .label("12:09:59.999999999", 1.0, 0L, null)
                        .labelWithoutRow("12:10:00")
                        .arriving("12:30:00", "12:15:00", "amount", 2.0)
                        .labelWithoutRow("12:30:00")
                        .build(),
                asServed("With arrivals in whole seconds a row counts once its second is over")
                        .coarseArrivals()
                        .rule(PointInTime.asServed())
                        .arriving("12:00:10.700", "12:00:00", "amount", 1.0)
                        .labelWithoutRow("12:00:10.500")
                        .labelWithoutRow("12:00:10.999999999")
                        .label("12:00:11", 1.0, 0L, null)
                        .usedRowOf("12:00:00", "12:00:11")
                        .build(),
                asServed("With arrivals in whole seconds the first of two rows of one second is passed over")
                        .coarseArrivals()
                        .rule(PointInTime.asServed())
                        .arriving("12:00:10.100", "12:00:00", "amount", 1.0)
                        .arriving("12:00:10.900", "12:00:01", "amount", 2.0)
                        .labelWithoutRow("12:00:10.500")
                        .label("12:00:11", 2.0, 0L, null)
                        .build(),
                asServed("Of two rows of one event time and one second of arrival the one written last is served")
                        .coarseArrivals()
                        .rule(PointInTime.asServed())
                        .arriving("12:00:10.100", "12:00:00", "amount", 1.0)
                        .arriving("12:00:10.500", "12:00:00", "amount", 2.0)
                        .arriving("12:00:10.900", "12:00:00", "amount", 3.0)
                        .label("12:00:11", 3.0, 0L, null)
                        .build(),
                asServed("A delete of one event time and one second of arrival with a row does not hide it")
                        .coarseArrivals()
                        .rule(PointInTime.asServed())
                        .arriving("12:00:10.100", "12:00:00", "amount", 1.0)
                        .delete("12:00:10.900", "12:00:00")
                        .label("12:00:11", 1.0, 0L, null)
                        .build(),
                asServed("An arrival unit of zero takes the service's whole seconds at their word")
                        .coarseArrivals()
                        .arriving("12:00:10.700", "12:00:00", "amount", 1.0)
                        .labelWithoutRow("12:00:09.999999999")
                        .label("12:00:10", 1.0, 0L, null)
                        .build(),
                asServed("An arrival unit may be longer than the service's")
                        .rule(PointInTime.asServed(Duration.ofMinutes(1)))
                        .arriving("12:00:10", "12:00:00", "amount", 1.0)
                        .labelWithoutRow("12:01:09.999999999")
                        .label("12:01:10", 1.0, 0L, null)
                        .build(),
                asServed("A stamped arrival is exact whatever the service's unit", STAMPED)
                        .coarseArrivals()
                        .rule(PointInTime.asServed())
                        .arriving("12:00:10.700000001", "12:00:00", "amount", 1.0)
                        .labelWithoutRow("12:00:10.700")
                        .label("12:00:10.700000001", 1.0, 0L, null)
                        .usedRowOf("12:00:00", "12:00:10.700000001")
                        .build(),
                asServed("Of two stamped rows of one second each is seen in its turn", STAMPED)
                        .coarseArrivals()
                        .rule(PointInTime.asServed())
                        .arriving("12:00:10.100", "12:00:00", "amount", 1.0)
                        .arriving("12:00:10.900", "12:00:01", "amount", 2.0)
                        .label("12:00:10.500", 1.0, 0L, null)
                        .label("12:00:10.900", 2.0, 0L, null)
                        .build(),
                asServed("A row that nobody stamped counts once its second is over", STAMPED)
                        .coarseArrivals()
                        .rule(PointInTime.asServed())
                        .otherWriter("12:00:10.700", "2025-03-10T12:00:00Z", "amount", "1.0")
                        .labelWithoutRow("12:00:10.999999999")
                        .label("12:00:11", 1.0, 0L, null)
                        .build(),
                asServed("A stamp counts no earlier than the second in which the service got the row", STAMPED)
                        .coarseArrivals()
                        .rule(PointInTime.asServed())
                        .otherWriter(
                                "12:00:13.400",
                                "2025-03-10T12:00:00Z",
                                "amount",
                                "1.0",
                                "arrived_at",
                                "2025-03-10T12:00:10.2Z")
                        .labelWithoutRow("12:00:12.999999999")
                        .label("12:00:13", 1.0, 0L, null)
                        .build(),
                asServed("A row marked as backfill was not served", STAMPED)
                        .arriving("12:00:00", "11:00:00", "amount", 1.0)
                        .backfill("12:01:00", "11:30:00", "amount", 2.0)
                        .label("12:02:00", 1.0, 0L, null)
                        .build(),
                asServed("A backfill of a group that does not mark them looks as if it had been served")
                        .arriving("12:00:00", "11:00:00", "amount", 1.0)
                        .backfill("12:01:00", "11:30:00", "amount", 2.0)
                        .label("12:02:00", 2.0, 0L, null)
                        .build(),
                asServed("A row that nobody marked was served", STAMPED)
                        .otherWriter("12:01:00", "2025-03-10T11:30:00Z", "amount", "2.0")
                        .label("12:02:00", 2.0, 0L, null)
                        .build());
    }
}
