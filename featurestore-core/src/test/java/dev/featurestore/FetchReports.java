package dev.featurestore;

import java.time.Duration;
import java.util.List;

/** Reports with another number in each place, for tests in other packages. */
public final class FetchReports {
    private FetchReports() {}

    /** The report of a fetch of two groups: one gave something of everything, the other nothing. */
    public static FetchReport of(String view) {
        FetchReport.Group cards = new FetchReport.Group(
                "payer", "cards", 1, 2, 3, 4, 5, 6, 7, 8, Duration.ofSeconds(90), Duration.ofMillis(9));
        FetchReport.Group shops = new FetchReport.Group("shops", "shops", 0, 28, 0, 0, 0, 0, 0, 0, null, null);
        return new FetchReport(view, 28, Duration.ofMillis(10), 31, 2, 3, 1, 4, 5, 6, List.of(cards, shops));
    }
}
