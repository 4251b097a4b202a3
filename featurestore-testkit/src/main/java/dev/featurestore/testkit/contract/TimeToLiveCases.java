package dev.featurestore.testkit.contract;

import static dev.featurestore.testkit.contract.ContractGroups.COUNT;
import static dev.featurestore.testkit.contract.ContractGroups.HOURLY;
import static dev.featurestore.testkit.contract.ContractGroups.OFFLINE_ONLY;
import static dev.featurestore.testkit.contract.ContractGroups.STANDARD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.Ttl;
import dev.featurestore.testkit.ServiceBehaviour;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Time to live: whose counts, from when, and what reads say of a record whose time is over. */
abstract class TimeToLiveCases extends OnlineCases {
    @Test
    void aRecordExpiresTheGroupsTimeToLiveAfterItsEventTime() {
        put(HOURLY, record(id, noon, COUNT, "1"));

        assertThat(expiry(HOURLY)).contains(noon.plus(Duration.ofHours(1)));
    }

    @Test
    void aRecordsOwnTimeToLiveCountsInsteadOfTheGroupsWhetherShorterOrLonger() {
        put(HOURLY, record(id, noon), Ttl.of(Duration.ofMinutes(10)));
        assertThat(expiry(HOURLY)).contains(noon.plus(Duration.ofMinutes(10)));

        put(HOURLY, record(id, noon.plusSeconds(1)), Ttl.of(Duration.ofDays(10)));
        assertThat(expiry(HOURLY)).contains(noon.plusSeconds(1).plus(Duration.ofDays(10)));
    }

    @Test
    void aRecordMayHaveATimeToLiveInAGroupWithout() {
        put(STANDARD, record(id, noon), Ttl.of(Duration.ofMinutes(10)));

        assertThat(expiry(STANDARD)).contains(noon.plus(Duration.ofMinutes(10)));
    }

    @Test
    void withoutAnyTimeToLiveARecordDoesNotExpire() {
        put(STANDARD, record(id, noon.minus(Duration.ofDays(5000))));

        assertThat(read(STANDARD, id)).isPresent();
        assertThat(expiry(STANDARD)).isEmpty();
    }

    @Test
    void aPutReplacesTheTimeToLiveAsWell() {
        put(STANDARD, record(id, noon), Ttl.of(Duration.ofMinutes(10)));
        put(STANDARD, record(id, noon.plusSeconds(1)));

        assertThat(expiry(STANDARD)).isEmpty();
    }

    @Test
    void anOlderPutDoesNotChangeWhenTheRecordExpires() {
        put(HOURLY, record(id, noon));
        put(HOURLY, record(id, noon.minusSeconds(1)), Ttl.of(Duration.ofDays(10)));

        assertThat(expiry(HOURLY)).contains(noon.plus(Duration.ofHours(1)));
    }

    @TestFactory
    Stream<DynamicTest> unitsAreAsLongAsTheySay() {
        return Stream.of(Ttl.Unit.values())
                .map(unit -> DynamicTest.dynamicTest("3 " + unit, () -> {
                    String fresh = newId();
                    put(STANDARD, record(fresh, noon), new Ttl(3, unit));
                    Ttl ttl = new Ttl(3, unit);
                    boolean expired = !backend.now().isBefore(ttl.expiresAt(noon));
                    assertThat(read(STANDARD, fresh).map(stored -> at(stored.expiresAt())))
                            .isEqualTo(expired && filters() ? Optional.empty() : Optional.of(ttl.expiresAt(noon)));
                }));
    }

    @Test
    void aTimeToLiveNeedsAnOnlineStore() {
        refused(OFFLINE_ONLY, () -> put(OFFLINE_ONLY, record(id, noon), Ttl.of(Duration.ofDays(1))));

        assertThat(offline(OFFLINE_ONLY, id)).isEmpty();
    }

    @Test
    void anOldEventTimeIsExpiredAtBirth() {
        Instant old = backend.now().minus(Duration.ofHours(2));
        put(HOURLY, record(id, old, COUNT, "1"));

        isExpired();
        assertThat(offline(HOURLY, id)).hasSize(1);
    }

    @Test
    void aRecordLivesUntilTheVeryInstantOfItsExpiry() {
        Consumer<Duration> advance = timeTravel();
        Instant eventTime = backend.now();
        put(HOURLY, record(id, eventTime, COUNT, "1"));

        advance.accept(Duration.between(backend.now(), eventTime.plus(Duration.ofMinutes(59))));
        assertThat(read(HOURLY, id)).isPresent();

        advance.accept(Duration.between(backend.now(), eventTime.plus(Duration.ofHours(1))));
        isExpired();
    }

    @Test
    void expiryLeavesTheHistoryAlone() {
        Consumer<Duration> advance = timeTravel();
        put(HOURLY, record(id, backend.now(), COUNT, "1"));
        advance.accept(Duration.ofHours(2));

        assertThat(offline(HOURLY, id))
                .singleElement()
                .satisfies(row -> assertThat(row.deleted()).isFalse());
    }

    @Test
    void aRecordPutAfterTheExpiryIsRead() {
        Consumer<Duration> advance = timeTravel();
        put(HOURLY, record(id, backend.now(), COUNT, "1"));
        advance.accept(Duration.ofHours(2));
        put(HOURLY, record(id, backend.now(), COUNT, "2"));

        assertThat(read(HOURLY, id))
                .hasValueSatisfying(stored -> assertThat(texts(stored.record())).containsEntry(COUNT, "2"));
    }

    private Consumer<Duration> timeTravel() {
        Optional<Consumer<Duration>> travel = backend.timeTravel();
        Assumptions.assumeTrue(travel.isPresent(), "the backend's time cannot be moved");
        return travel.orElseThrow();
    }

    private boolean filters() {
        return behaviour().expiredRead() == ServiceBehaviour.ExpiredRead.FILTER;
    }

    /** Not read, or read with an expiry that is over, as the backend says; the same one by one and in a batch. */
    private void isExpired() {
        assertThat(read(HOURLY, id).isEmpty()).isEqualTo(filters());
        assertThat(batch(part(HOURLY, List.of(id))).records().isEmpty()).isEqualTo(filters());
        expiry(HOURLY).ifPresent(expiry -> assertThat(expiry).isBeforeOrEqualTo(backend.now()));
    }

    private Optional<Instant> expiry(FeatureGroup<?> group) {
        return read(group, id).flatMap(stored -> Optional.ofNullable(stored.expiresAt()));
    }

    private static Instant at(@Nullable Instant expiresAt) {
        assertThat(expiresAt).isNotNull();
        return expiresAt == null ? Instant.MIN : expiresAt;
    }
}
