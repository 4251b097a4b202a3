package dev.featurestore.testkit.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.featurestore.FeatureStore;
import dev.featurestore.errors.ThrottledException;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.ManualClock;
import dev.featurestore.testkit.ServiceBehaviour;
import dev.featurestore.testkit.fault.Fault;
import dev.featurestore.testkit.fault.FaultPlan;
import dev.featurestore.testkit.fault.Operation;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

class FeatureStoreExtensionTest {
    private static final Feature<String> ID = Feature.string("id");
    private static final Feature<Instant> TIME = Feature.eventTime("event_time");
    private static final FeatureGroup<FeatureRecord> GROUP = FeatureGroup.named("cards")
            .recordIdentifier(ID)
            .eventTime(TIME)
            .features(Feature.integral("count"))
            .onlineStore(online -> online.ttl(Duration.ofDays(1)))
            .offlineStore(offline -> offline.s3Uri("s3://bucket/features"))
            .build();

    private static FeatureRecord record(Instant time) {
        return GROUP.newRecord().set(ID, "a").set(TIME, time).build();
    }

    @Nested
    @ExtendWith(FeatureStoreExtension.class)
    class ByDefault {
        private final FeatureStore ofConstructor;

        private final ManualClock clockOfConstructor;

        ByDefault(FeatureStore store, ManualClock clock) {
            this.ofConstructor = store;
            this.clockOfConstructor = clock;
        }

        @BeforeEach
        void setUp(InMemoryFeatureStore store, ManualClock clock) {
            assertThat(store).isSameAs(ofConstructor);
            assertThat(clock).isSameAs(clockOfConstructor);
            assertThat(store.group(GROUP).find("a")).isEmpty();
            store.group(GROUP).put(record(clock.instant()));
        }

        @AfterEach
        void tearDown(InMemoryFeatureStore store) {
            assertThat(store).isSameAs(ofConstructor);
            assertThat(store.history(GROUP)).isNotEmpty();
        }

        @RepeatedTest(2)
        void eachTestHasAStoreOfItsOwn(InMemoryFeatureStore store, ManualClock clock) {
            assertThat(store).isSameAs(ofConstructor);
            assertThat(store.history(GROUP)).hasSize(1);
            assertThat(clock.instant()).isEqualTo("2025-01-01T00:00:00Z");
            clock.advance(Duration.ofHours(1));
        }

        @Test
        void theStoreIsOnTheClock(InMemoryFeatureStore store, ManualClock clock) {
            assertThat(store.group(GROUP).find("a")).isPresent();

            clock.advance(Duration.ofDays(1));

            assertThat(store.group(GROUP).find("a")).isEmpty();
        }
    }

    @Nested
    class WithSettings {
        @RegisterExtension
        static final FeatureStoreExtension STORE = FeatureStoreExtension.builder()
                .startingAt(Instant.parse("2024-02-29T12:00:00Z"))
                .behaviour(
                        ServiceBehaviour.defaults().withEqualEventTimePut(ServiceBehaviour.EqualEventTimePut.HISTORIC))
                .faults(() ->
                        FaultPlan.script().fail(Operation.GET, Fault.THROTTLED).build())
                .build();

        @Test
        void theyCount(InMemoryFeatureStore store, ManualClock clock) {
            Feature<Long> count = GROUP.feature("count", Long.class);
            assertThat(clock.instant()).isEqualTo("2024-02-29T12:00:00Z");
            assertThatThrownBy(() -> store.group(GROUP).find("a")).isInstanceOf(ThrottledException.class);

            store.group(GROUP)
                    .put(GROUP.newRecord()
                            .set(ID, "a")
                            .set(TIME, clock.instant())
                            .set(count, 1L)
                            .build());
            store.group(GROUP).put(record(clock.instant()));

            assertThat(store.group(GROUP).find("a").flatMap(found -> found.find(count)))
                    .contains(1L);
        }

        @Test
        void eachTestHasAPlanOfItsOwn(InMemoryFeatureStore store) {
            assertThatThrownBy(() -> store.group(GROUP).find("a")).isInstanceOf(ThrottledException.class);
            assertThat(store.group(GROUP).find("a")).isEmpty();
        }
    }
}
