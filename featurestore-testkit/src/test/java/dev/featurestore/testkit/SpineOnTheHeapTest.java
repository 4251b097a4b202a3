package dev.featurestore.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featurestore.errors.RecordMappingException;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineRow;
import dev.featurestore.training.TrainingRows;
import dev.featurestore.view.FeatureView;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys of a spine in plain Java, without an engine that knows types of its own. */
class SpineOnTheHeapTest {
    private static final Instant NOON = Instant.parse("2025-03-10T12:00:00Z");

    private static final Feature<Long> COUNT = Feature.integral("count");

    @ParameterizedTest
    @ValueSource(strings = {"2", "002"})
    void aWholeNumberIsFoundByItsText(String key) {
        assertThat(trained(Feature.integral("household"), 2L, key)).contains(7L);
    }

    @Test
    void aWholeNumberIsFoundByANumber() {
        assertThat(trained(Feature.integral("household"), 2L, 2)).contains(7L);
        assertThat(trained(Feature.integral("household"), 2L, 2L)).contains(7L);
    }

    @Test
    void aDateIsFoundByItsStoredText() {
        assertThat(trained(Feature.localDate("day"), LocalDate.of(2025, 3, 10), "2025-03-10"))
                .contains(7L);
    }

    @Test
    void aKeyThatIsNoIdentifierIsRefused() {
        assertThatThrownBy(() -> trained(Feature.integral("household"), 2L, "two"))
                .isInstanceOf(RecordMappingException.class)
                .hasMessage("The spine's key 'key' holds a String that is no identifier of feature group 'groups'");
    }

    private static <T> Optional<Long> trained(Feature<T> identifier, T value, Object key) {
        Feature<Instant> time = Feature.eventTime("ts");
        FeatureGroup<FeatureRecord> group = FeatureGroup.named("groups")
                .recordIdentifier(identifier)
                .eventTime(time)
                .features(COUNT)
                .onlineStore()
                .offlineStore(offline -> offline.s3Uri("s3://bucket/features"))
                .build();
        FeatureView view = FeatureView.named("model")
                .from(group, select -> select.key("key").features(COUNT))
                .build();
        try (InMemoryFeatureStore heap = InMemoryFeatureStore.create(ManualClock.startingAt(NOON))) {
            heap.group(group)
                    .put(group.newRecord()
                            .set(identifier, value)
                            .set(time, NOON)
                            .set(COUNT, 7L)
                            .build());
            try (TrainingRows rows = heap.view(view)
                    .trainingSet(Spine.rows(List.of(SpineRow.of(NOON.plusSeconds(1), Map.of("key", key)))))
                    .withPointInTime(PointInTime.eventTime())
                    .run()) {
                return rows.iterator().next().vector().find(COUNT);
            }
        }
    }
}
