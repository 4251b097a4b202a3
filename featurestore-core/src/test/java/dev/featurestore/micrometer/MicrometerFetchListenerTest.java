package dev.featurestore.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.FetchReports;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MicrometerFetchListenerTest {
    private final MeterRegistry registry = new SimpleMeterRegistry();

    private final MicrometerFetchListener listener = new MicrometerFetchListener(registry);

    @Test
    void countsFetches() {
        listener.fetched(FetchReports.of("model"));
        listener.fetched(FetchReports.of("model"));
        listener.fetched(FetchReports.of("other"));

        assertThat(registry.get("featurestore.fetch")
                        .tag("view", "model")
                        .timer()
                        .count())
                .isEqualTo(2);
        assertThat(registry.get("featurestore.fetch")
                        .tag("view", "model")
                        .timer()
                        .totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(20);
        assertThat(count("featurestore.fetch.vectors", "view", "model")).isEqualTo(56);
        assertThat(count("featurestore.fetch.requests", "view", "model", "operation", "GetRecord"))
                .isEqualTo(62);
        assertThat(count("featurestore.fetch.requests", "view", "other", "operation", "BatchGetRecord"))
                .isEqualTo(2);
        assertThat(count("featurestore.fetch.hedges", "view", "model")).isEqualTo(6);
        assertThat(count("featurestore.fetch.hedges.won", "view", "model")).isEqualTo(2);
        assertThat(count("featurestore.fetch.repeats", "view", "model")).isEqualTo(8);
        assertThat(count("featurestore.fetch.shared", "view", "model")).isEqualTo(10);
        assertThat(count("featurestore.fetch.defaults", "view", "model")).isEqualTo(12);
    }

    @Test
    void countsWhatGroupsGave() {
        listener.fetched(FetchReports.of("model"));

        List<String> results = List.of("found", "absent", "expired", "too_old", "throttled", "timed_out", "failed");
        for (int i = 0; i < results.size(); i++) {
            assertThat(count("featurestore.fetch.groups", "selection", "payer", "result", results.get(i)))
                    .as(results.get(i))
                    .isEqualTo(i + 1);
        }
        assertThat(count("featurestore.fetch.stale", "group", "cards")).isEqualTo(8);
        assertThat(registry.get("featurestore.fetch.latency")
                        .tag("group", "cards")
                        .timer()
                        .max(TimeUnit.MILLISECONDS))
                .isEqualTo(9);
        assertThat(registry.get("featurestore.fetch.age")
                        .tag("group", "cards")
                        .summary()
                        .max())
                .isEqualTo(90);
        assertThat(registry.get("featurestore.fetch.latency")
                        .tag("group", "shops")
                        .timer()
                        .count())
                .isZero();
    }

    private double count(String name, String... tags) {
        return registry.get(name).tags(tags).counter().count();
    }
}
