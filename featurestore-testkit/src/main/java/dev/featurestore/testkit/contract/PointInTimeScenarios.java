package dev.featurestore.testkit.contract;

import java.util.List;
import java.util.stream.Stream;

/** The golden cases of the point-in-time rule. A change of the rule begins here. */
public final class PointInTimeScenarios {
    private PointInTimeScenarios() {}

    /** All of them. */
    public static List<PointInTimeScenario> all() {
        return Stream.of(EventTimeScenarios.all(), AsServedScenarios.all(), ValueScenarios.all())
                .flatMap(List::stream)
                .toList();
    }
}
