package dev.featurestore.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.FeatureStore;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.LocalOfflineStore;
import dev.featurestore.testkit.OfflineRow;
import dev.featurestore.testkit.emulator.WireFault;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineRow;
import dev.featurestore.training.TrainingRow;
import dev.featurestore.training.TrainingRows;
import dev.featurestore.view.FeatureVector;
import dev.featurestore.view.FeatureView;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

/** A put that was repeated after it had taken effect is twice in the offline store, and counts once. */
class RepeatedPutTest {
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(30);

    private final SdkHttpClient http = UrlConnectionHttpClient.create();

    private final FeatureGroup<FeatureRecord> cards = FaultyService.group("cards");

    private final FeatureView view = FeatureView.named("model")
            .from(cards, select -> select.key("card").allFeatures())
            .build();

    @AfterEach
    void close() {
        http.close();
    }

    @Test
    void theRowIsThereOnceForEachAttempt() {
        try (FaultyService service = new FaultyService(http, 1)) {
            List<FeatureVector> served = putTwice(service);

            List<OfflineRow> rows = service.history(cards, "one");
            assertThat(rows).hasSize(2);
            assertThat(rows.get(1).record()).isEqualTo(rows.get(0).record());
            assertThat(rows.get(1).apiInvocationTime())
                    .isEqualTo(rows.get(0).apiInvocationTime().plus(BETWEEN_ATTEMPTS));
            assertTrainedAsServed(service.truth(), served);
        }
    }

    @Test
    void soItIsInTheQueryOverFiles(@TempDir Path folder) {
        try (LocalOfflineStore files = LocalOfflineStore.at(folder);
                FaultyService service = new FaultyService(
                        http, 1, InMemoryFeatureStore.builder().offlineStore(files))) {
            assertTrainedAsServed(service.truth(), putTwice(service));
        }
    }

    /** What is served after the first attempt, which took effect and got no answer, and what after the second. */
    private List<FeatureVector> putTwice(FaultyService service) {
        service.truth().group(cards);
        List<FeatureVector> served = new ArrayList<>();
        FeatureStore store = service.open(pause -> {
            service.clock().advance(BETWEEN_ATTEMPTS.dividedBy(2));
            served.add(service.truth().view(view).fetch(Map.of("card", "one")));
            service.clock().advance(BETWEEN_ATTEMPTS.dividedBy(2));
        });
        Instant happened = service.clock().instant().minusSeconds(60);
        service.emulator().faults().next("PutRecord", 1, WireFault.droppedAfter());
        store.group(cards).put(FaultyService.record(cards, "one", happened, 7));
        service.clock().advance(Duration.ofSeconds(10));
        served.add(service.truth().view(view).fetch(Map.of("card", "one")));
        assertThat(served)
                .hasSize(2)
                .allSatisfy(
                        vector -> assertThat(vector.find(FaultyService.COUNT)).contains(7L));
        return served;
    }

    private void assertTrainedAsServed(InMemoryFeatureStore truth, List<FeatureVector> served) {
        assertThat(trained(truth, served, PointInTime.asServed())).isEqualTo(served);
        assertThat(trained(truth, served, PointInTime.eventTime())).isEqualTo(served);
    }

    private List<FeatureVector> trained(InMemoryFeatureStore truth, List<FeatureVector> served, PointInTime rule) {
        List<SpineRow> labels = served.stream()
                .map(vector -> SpineRow.of(vector.asOf(), Map.of("card", "one")))
                .toList();
        List<FeatureVector> trained = new ArrayList<>();
        try (TrainingRows rows = truth.view(view)
                .trainingSet(Spine.rows(labels))
                .withPointInTime(rule)
                .run()) {
            for (TrainingRow row : rows) {
                trained.add(row.vector());
            }
        }
        return trained;
    }
}
