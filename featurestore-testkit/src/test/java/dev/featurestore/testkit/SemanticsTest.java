package dev.featurestore.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.featurestore.FeatureViewClient;
import dev.featurestore.WriteOptions;
import dev.featurestore.schema.DeletionMode;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.schema.TargetStore;
import dev.featurestore.spi.PutCommand;
import dev.featurestore.spi.WireRecord;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineRow;
import dev.featurestore.training.TrainingRows;
import dev.featurestore.view.FeatureVector;
import dev.featurestore.view.FeatureView;
import dev.featurestore.view.GroupResult;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * What an offline store cannot tell: each case in which a training row differs from what was served, though nothing in the
 * library is wrong. {@code docs/semantics.md} lists them by the names of these tests.
 */
class SemanticsTest {
    private static final Feature<String> ID = Feature.string("id");
    private static final Feature<Instant> TIME = Feature.eventTime("event_time");
    private static final Feature<Long> COUNT = Feature.integral("count");
    private static final Instant NOON = Instant.parse("2025-03-10T12:00:00Z");

    private static final FeatureGroup<FeatureRecord> PLAIN =
            group("plain").onlineStore().build();

    private static final FeatureGroup<FeatureRecord> HOURLY = group("hourly")
            .onlineStore(online -> online.ttl(Duration.ofHours(1)))
            .build();

    private static final FeatureGroup<FeatureRecord> STAMPED = group("stamped")
            .onlineStore()
            .stampArrivalTime(Feature.instant("arrived_at"))
            .stampWriteOrigin(Feature.string("write_origin"))
            .build();

    private static FeatureGroup.Builder<FeatureRecord> group(String name) {
        return FeatureGroup.named(name)
                .recordIdentifier(ID)
                .eventTime(TIME)
                .features(COUNT)
                .offlineStore(offline -> offline.s3Uri("s3://bucket/features"));
    }

    /** One store, one group, one record; what is served for it at a label, and what is trained on it. */
    private static final class Case {
        private final ManualClock clock = ManualClock.startingAt(NOON);
        private final InMemoryFeatureStore store;
        private final FeatureGroup<FeatureRecord> group;
        private final FeatureView view;
        private PointInTime rule = PointInTime.asServed(Duration.ZERO);

        Case(FeatureGroup<FeatureRecord> group, ServiceBehaviour behaviour) {
            this.store = InMemoryFeatureStore.builder()
                    .clock(clock)
                    .behaviour(behaviour)
                    .build();
            this.group = group;
            this.view = FeatureView.named("model")
                    .from(group, select -> select.key("id").features(COUNT))
                    .build();
            store.group(group);
        }

        /** Arrivals are known to the millisecond, so that what differs does not differ by that. */
        static Case of(FeatureGroup<FeatureRecord> group) {
            return new Case(group, sharp());
        }

        static ServiceBehaviour sharp() {
            return ServiceBehaviour.defaults().withArrivalPrecision(ChronoUnit.MILLIS);
        }

        Case by(PointInTime pointInTime) {
            this.rule = pointInTime;
            return this;
        }

        Case at(Duration sinceNoon) {
            clock.set(NOON.plus(sinceNoon));
            return this;
        }

        Case put(Duration eventTimeSinceNoon, long count, WriteOptions options) {
            store.group(group)
                    .put(
                            group.newRecord()
                                    .set(ID, "a")
                                    .set(TIME, NOON.plus(eventTimeSinceNoon))
                                    .set(COUNT, count)
                                    .build(),
                            options);
            return this;
        }

        Case put(Duration eventTimeSinceNoon, long count) {
            return put(eventTimeSinceNoon, count, WriteOptions.defaults());
        }

        Case delete(Duration eventTimeSinceNoon, DeletionMode mode) {
            store.group(group).delete("a", NOON.plus(eventTimeSinceNoon), mode);
            return this;
        }

        SpineRow label() {
            return SpineRow.of(clock.instant(), Map.of("id", "a"));
        }

        FeatureVector vector() {
            return store.view(view).fetch(Map.of("id", "a"));
        }

        Optional<Long> served() {
            return vector().find(COUNT);
        }

        Optional<Long> trained() {
            return trained(label());
        }

        Optional<Long> trained(SpineRow label) {
            try (TrainingRows rows = store.view(view)
                    .trainingSet(Spine.rows(List.of(label)))
                    .withPointInTime(rule)
                    .run()) {
                return rows.iterator().next().vector().find(COUNT);
            }
        }
    }

    private static Duration minutes(long minutes) {
        return Duration.ofMinutes(minutes);
    }

    private static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }

    @Nested
    class WritesToOneStore {
        @Test
        void anOfflineOnlyWriteWithoutOriginLooksServed() {
            Case one = Case.of(PLAIN)
                    .put(minutes(0), 1)
                    .at(minutes(1))
                    .put(minutes(1), 2, WriteOptions.defaults().withTargetStores(TargetStore.OFFLINE_STORE))
                    .at(minutes(2));

            assertThat(one.served()).contains(1L);
            assertThat(one.trained()).contains(2L);
        }

        @Test
        void anOfflineOnlyWriteWithItsOriginDoesNotLookServed() {
            Case one = Case.of(STAMPED)
                    .put(minutes(0), 1)
                    .at(minutes(1))
                    .put(minutes(1), 2, WriteOptions.defaults().withTargetStores(TargetStore.OFFLINE_STORE))
                    .at(minutes(2))
                    .put(minutes(2), 3, WriteOptions.defaults().withBackfillId("backfill-1"))
                    .at(minutes(3));

            assertThat(one.served()).contains(1L);
            assertThat(one.trained()).contains(1L);
        }

        @Test
        void anOnlineOnlyWriteIsServedAndNotTrained() {
            Case one = Case.of(PLAIN)
                    .put(minutes(0), 1)
                    .at(minutes(1))
                    .put(minutes(1), 2, WriteOptions.defaults().withTargetStores(TargetStore.ONLINE_STORE))
                    .at(minutes(2));

            assertThat(one.served()).contains(2L);
            assertThat(one.trained()).contains(1L);
        }
    }

    @Nested
    class Deletes {
        @Test
        void anOlderPutAfterAHardDeleteIsServedAndNotTrained() {
            Case one = Case.of(PLAIN)
                    .at(minutes(1))
                    .put(minutes(0), 1)
                    .delete(minutes(1), DeletionMode.HARD_DELETE)
                    .at(minutes(2))
                    .put(minutes(-5), 2)
                    .at(minutes(3));

            assertThat(one.served()).contains(2L);
            assertThat(one.trained()).isEmpty();
        }

        @Test
        void anOlderPutAfterASoftDeleteIsNeitherServedNorTrained() {
            Case one = Case.of(PLAIN)
                    .at(minutes(1))
                    .put(minutes(0), 1)
                    .delete(minutes(1), DeletionMode.SOFT_DELETE)
                    .at(minutes(2))
                    .put(minutes(-5), 2)
                    .at(minutes(3));

            assertThat(one.served()).isEmpty();
            assertThat(one.trained()).isEmpty();
        }
    }

    @Nested
    class TimeToLive {
        @Test
        void aRecordsOwnShorterTimeToLiveIsNotKnownToTraining() {
            Case one = Case.of(PLAIN)
                    .put(minutes(0), 1, WriteOptions.defaults().withTtl(minutes(1)))
                    .at(minutes(2));

            assertThat(one.served()).isEmpty();
            assertThat(one.trained()).contains(1L);
        }

        @Test
        void aRecordsOwnLongerTimeToLiveIsNotKnownToTraining() {
            Case one = Case.of(HOURLY)
                    .put(minutes(0), 1, WriteOptions.defaults().withTtl(minutes(180)))
                    .at(minutes(120));

            assertThat(one.served()).contains(1L);
            assertThat(one.trained()).isEmpty();
        }

        @Test
        void aMarkerLeftByExpiryHidesAnOlderPutThatIsServed() {
            Case one = new Case(HOURLY, Case.sharp().withTtlOfflineMarker(ServiceBehaviour.TtlOfflineMarker.ON));
            one.put(minutes(0), 1).at(minutes(61)).store.purgeExpired();
            one.at(minutes(62)).put(minutes(30), 2).at(minutes(63));

            assertThat(one.served()).contains(2L);
            assertThat(one.trained()).isEmpty();
        }

        @Test
        void withoutSuchAMarkerTheOlderPutIsTrained() {
            Case one = Case.of(HOURLY);
            one.put(minutes(0), 1).at(minutes(61)).store.purgeExpired();
            one.at(minutes(62)).put(minutes(30), 2).at(minutes(63));

            assertThat(one.served()).contains(2L);
            assertThat(one.trained()).contains(2L);
        }

        @Test
        void anExpiredRecordThatTheServiceStillReturnsIsFilteredByTheClient() {
            Case one = new Case(HOURLY, Case.sharp().withExpiredRead(ServiceBehaviour.ExpiredRead.SERVE_UNTIL_PURGED));
            one.put(minutes(0), 1).at(minutes(60));

            assertThat(one.vector().result("hourly").status()).isEqualTo(GroupResult.Status.EXPIRED);
            assertThat(one.served()).isEmpty();
            assertThat(one.trained()).isEmpty();
        }

        @Test
        void aTimeToLiveThatWasChangedIsTrainedAsTheDefinitionHasIt() {
            Case deployed = Case.of(HOURLY).put(minutes(0), 1).at(minutes(90));
            FeatureGroup<FeatureRecord> changed = group("hourly")
                    .onlineStore(online -> online.ttl(Duration.ofHours(2)))
                    .build();
            FeatureView view = FeatureView.named("model")
                    .from(changed, select -> select.key("id").features(COUNT))
                    .build();

            assertThat(deployed.store.view(view).fetch(Map.of("id", "a")).find(COUNT))
                    .isEmpty();
            try (TrainingRows rows = deployed.store
                    .view(view)
                    .trainingSet(Spine.rows(List.of(deployed.label())))
                    .run()) {
                assertThat(rows.iterator().next().vector().find(COUNT)).contains(1L);
            }
        }
    }

    @Nested
    class Staleness {
        private final Case one = Case.of(PLAIN);

        private final FeatureViewClient client = one.store.view(FeatureView.named("model")
                .from(PLAIN, select -> select.key("id").features(COUNT).maxStaleness(minutes(5)))
                .build());

        private final FeatureVector served = served();

        private FeatureVector served() {
            one.put(minutes(0), 1).at(minutes(1));
            client.fetch(Map.of("id", "a"));
            one.at(minutes(2)).put(minutes(2), 2).at(minutes(6));
            return client.fetch(Map.of("id", "a"));
        }

        @Test
        void aRecordOfTheCacheIsServedAndTheNewerOneIsTrained() {
            assertThat(served.find(COUNT)).contains(1L);
            assertThat(one.trained()).contains(2L);
        }

        @Test
        void asOfTheTimeOfTheReadTheRecordOfTheCacheIsTrained() {
            Instant readAt = served.asOf().minus(served.result("plain").staleness());

            assertThat(readAt).isEqualTo(NOON.plus(minutes(1)));
            assertThat(one.trained(SpineRow.of(readAt, Map.of("id", "a")))).contains(1L);
        }

        @Test
        void aRecordIsReadAnewOnceItIsTooStale() {
            one.at(minutes(6).plusNanos(1));

            assertThat(client.fetch(Map.of("id", "a")).find(COUNT)).contains(2L);
        }
    }

    @Nested
    class Arrival {
        private Case coarse(FeatureGroup<FeatureRecord> group) {
            return new Case(group, ServiceBehaviour.defaults()).by(PointInTime.asServed());
        }

        @Test
        void aRowOfTheLabelsOwnSecondIsServedAndNotTrained() {
            Case one = coarse(PLAIN).at(millis(100)).put(minutes(0), 1).at(millis(500));

            assertThat(one.served()).contains(1L);
            assertThat(one.trained()).isEmpty();
        }

        @Test
        void takingArrivalSecondsAtTheirWordTrainsOnTheFuture() {
            Case one = coarse(PLAIN).by(PointInTime.asServed(Duration.ZERO)).at(millis(500));
            SpineRow label = one.label();
            assertThat(one.served()).isEmpty();

            one.at(millis(900)).put(minutes(0), 1);

            assertThat(one.trained(label)).contains(1L);
        }

        @Test
        void aStampedArrivalTellsTheRowsOfOneSecondApart() {
            Case one = coarse(STAMPED).at(millis(100)).put(millis(100), 1).at(millis(500));
            SpineRow label = one.label();
            assertThat(one.served()).contains(1L);

            one.at(millis(900)).put(millis(900), 2);

            assertThat(one.trained(label)).contains(1L);
        }

        @Test
        void aStampedRowThatWasLongUnderWayIsTrainedFromTheSecondItArrivedIn() {
            Case one = coarse(STAMPED).at(millis(3_100));
            SpineRow secondBefore = SpineRow.of(NOON.plusMillis(2_900), Map.of("id", "a"));
            SpineRow sameSecond = one.label();
            assertThat(one.served()).isEmpty();

            // stamped at 0.2 s, there at 3.4 s
            one.at(millis(3_400)).store.onlineStore().put(PutCommand.of("stamped", stamped("2025-03-10T12:00:00.2Z")));

            assertThat(one.served()).contains(1L);
            assertThat(one.trained(secondBefore)).isEmpty();
            assertThat(one.trained(sameSecond)).contains(1L);
        }

        private static WireRecord stamped(String arrivedAt) {
            return WireRecord.of(
                    new String[] {"id", "event_time", "count", "arrived_at"},
                    new Object[] {"a", "2025-03-10T12:00:00Z", "1", arrivedAt});
        }

        @Test
        void aDeleteIsNotStampedSoItsSecondIsNotToldApart() {
            Case one = coarse(STAMPED)
                    .at(millis(100))
                    .put(millis(100), 1)
                    .at(millis(5_300))
                    .delete(millis(5_300), DeletionMode.SOFT_DELETE)
                    .at(millis(5_500));

            assertThat(one.served()).isEmpty();
            assertThat(one.trained()).contains(1L);
            assertThat(one.at(millis(6_300)).trained()).isEmpty();
        }

        @Test
        void aStampedAndAnUnstampedRowOfOneSecondMayChangePlaces() {
            Case one = coarse(STAMPED).at(millis(100));
            one.store
                    .onlineStore()
                    .put(PutCommand.of(
                            "stamped", WireRecord.of(new String[] {"id", "event_time", "count"}, new Object[] {
                                "a", "2025-03-10T12:00:00Z", "1"
                            })));
            one.at(millis(900)).put(minutes(0), 2).at(minutes(1));

            assertThat(one.served()).contains(2L);
            assertThat(one.trained()).contains(1L);
        }

        @Test
        void aFullTieIsSettledByNothing() {
            Case one = Case.of(PLAIN).put(minutes(0), 1).put(minutes(0), 2).at(minutes(1));

            assertThat(one.served()).contains(2L);
            assertThat(one.store.history(PLAIN))
                    .hasSize(2)
                    .extracting(
                            row -> row.record().text("event_time"),
                            OfflineRow::apiInvocationTime,
                            OfflineRow::writeTime)
                    .containsOnly(tuple("2025-03-10T12:00:00.000000000Z", NOON, NOON));
            assertThat(one.trained())
                    .hasValueSatisfying(count -> assertThat(count).isIn(1L, 2L));
        }

        @Test
        void aReadThatComesBeforeTheWriteIsVisibleIsNotKnownToTraining() {
            Case one = new Case(PLAIN, Case.sharp().withReadDelay(millis(50)));
            one.put(minutes(0), 1).at(millis(49));

            assertThat(one.served()).isEmpty();
            assertThat(one.trained()).contains(1L);
        }
    }

    @Nested
    class EqualEventTimes {
        @Test
        void aPutThatTheServiceTookForHistoricIsTrainedAsACorrection() {
            Case one = new Case(PLAIN, Case.sharp().withEqualEventTimePut(ServiceBehaviour.EqualEventTimePut.HISTORIC));
            one.put(minutes(0), 1).at(minutes(1)).put(minutes(0), 2).at(minutes(2));

            assertThat(one.served()).contains(1L);
            assertThat(one.trained()).contains(2L);
        }

        @Test
        void aDeleteThatTookEffectWithTheRecordsEventTimeIsNotTrained() {
            Case one = new Case(
                    PLAIN, Case.sharp().withEqualEventTimeDelete(ServiceBehaviour.EqualEventTimeDelete.DELETE));
            one.put(minutes(0), 1)
                    .at(minutes(1))
                    .delete(minutes(0), DeletionMode.SOFT_DELETE)
                    .at(minutes(2));

            assertThat(one.served()).isEmpty();
            assertThat(one.trained()).contains(1L);
        }
    }
}
