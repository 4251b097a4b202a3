package dev.featurestore.aws;

import static dev.featurestore.aws.FaultyService.record;
import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.FeatureStore;
import dev.featurestore.errors.ErrorCode;
import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.schema.DeletionMode;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.spi.GetCommand;
import dev.featurestore.spi.StoredRecord;
import dev.featurestore.testkit.OfflineRow;
import dev.featurestore.testkit.emulator.LoggedRequest;
import dev.featurestore.testkit.emulator.WireFault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import software.amazon.awssdk.http.SdkHttpClient;

/**
 * Writes and deletes at random while faults happen at random, and then holds what the store reported of each write against
 * what is there.
 */
final class FaultCampaign {
    private static final int WRITES = 250;

    private static final int CARDS = 12;

    private static final double RATE = 0.06;

    private static final List<WireFault> FAULTS = List.of(
            WireFault.throttled(),
            WireFault.internalFailure(),
            WireFault.serviceUnavailable(),
            WireFault.droppedBefore(),
            WireFault.droppedAfter(),
            WireFault.groupNotFound());

    private final FeatureGroup<FeatureRecord> group = FaultyService.group("campaign");

    private final List<Written> log = new ArrayList<>();

    private final FaultyService service;

    private final Random random;

    /** What became of a write. */
    private enum Report {
        WRITTEN,
        UNKNOWN,
        FAILED
    }

    /**
     * A write and what is known of it.
     *
     * @param number of the write, which a put has as its value; its event time is as many seconds after the first
     * @param answered how many of its requests the service answered as done
     * @param dropped how many got no answer
     */
    private record Written(String id, int number, boolean isPut, Report report, int answered, int dropped) {
        @Override
        public String toString() {
            return (isPut ? "put " : "delete ") + number + " " + report;
        }
    }

    private FaultCampaign(FaultyService service, long seed) {
        this.service = service;
        this.random = new Random(seed);
    }

    static void run(SdkHttpClient http, long seed) {
        try (FaultyService service = new FaultyService(http, seed)) {
            FaultCampaign campaign = new FaultCampaign(service, seed);
            campaign.write();
            service.emulator().faults().clear();
            campaign.checkOffline();
            campaign.checkOnline();
        }
    }

    private void write() {
        service.truth().group(group);
        FeatureStore store = service.open(
                RetryPolicy.defaults().withAttempts(2).withPauses(Duration.ofMillis(1), Duration.ofMillis(1)),
                pause -> {});
        for (WireFault fault : FAULTS) {
            service.emulator().faults().atRate("PutRecord", RATE, fault).atRate("DeleteRecord", RATE, fault);
        }
        for (int number = 0; number < WRITES; number++) {
            String id = "card-" + random.nextInt(CARDS);
            boolean isPut = random.nextInt(10) < 7;
            service.emulator().clearRequests();
            service.clock().advance(Duration.ofSeconds(1));
            Report report = report(store, id, number, isPut);
            List<Integer> statuses = service.emulator().requests().stream()
                    .map(LoggedRequest::status)
                    .toList();
            log.add(new Written(
                    id,
                    number,
                    isPut,
                    report,
                    (int) statuses.stream().filter(status -> status == 200).count(),
                    (int) statuses.stream().filter(status -> status == 0).count()));
        }
        Set<Report> seen = EnumSet.noneOf(Report.class);
        log.forEach(write -> seen.add(write.report()));
        assertThat(seen).containsExactlyInAnyOrder(Report.values());
    }

    private Report report(FeatureStore store, String id, int number, boolean isPut) {
        try {
            if (isPut) {
                store.group(group).put(record(group, id, eventTime(number), number));
            } else {
                DeletionMode mode = random.nextBoolean() ? DeletionMode.HARD_DELETE : DeletionMode.SOFT_DELETE;
                store.group(group).delete(id, eventTime(number), mode);
            }
            return Report.WRITTEN;
        } catch (FeatureStoreException e) {
            return e.code() == ErrorCode.WRITE_OUTCOME_UNKNOWN ? Report.UNKNOWN : Report.FAILED;
        }
    }

    private static Instant eventTime(int number) {
        return Instant.parse("2025-03-10T12:00:00Z").plusSeconds(number);
    }

    /** Each write is there as often as its requests took effect: those answered, and some of those that were dropped. */
    private void checkOffline() {
        int rows = 0;
        for (Written write : log) {
            int there = rows(write);
            rows += there;
            switch (write.report()) {
                case WRITTEN -> assertThat(there).as("%s", write).isPositive();
                case UNKNOWN -> assertThat(write.answered()).as("%s", write).isZero();
                case FAILED -> assertThat(there).as("%s", write).isZero();
            }
            assertThat(there).as("%s", write).isBetween(write.answered(), write.answered() + write.dropped());
        }
        assertThat(service.truth().history(group)).as("rows that nobody wrote").hasSize(rows);
    }

    private int rows(Written write) {
        String time = group.eventTime().codec().encode(eventTime(write.number()));
        return (int) service.truth().history(group).stream()
                .filter(row -> Objects.equals(row.record().text(FaultyService.ID.name()), write.id()))
                .filter(row -> Objects.equals(row.record().text(FaultyService.TIME.name()), time))
                .filter(row -> row.deleted() != write.isPut() && hasValue(row, write))
                .count();
    }

    private static boolean hasValue(OfflineRow row, Written write) {
        String expected = write.isPut() ? String.valueOf(write.number()) : null;
        return Objects.equals(row.record().text(FaultyService.COUNT.name()), expected);
    }

    /** Online there is the last write that was reported as written, or a later one of unknown outcome. */
    private void checkOnline() {
        for (int card = 0; card < CARDS; card++) {
            String id = "card-" + card;
            List<Optional<String>> allowed = new ArrayList<>();
            allowed.add(Optional.empty());
            for (Written write : log) {
                if (write.id().equals(id) && write.report() != Report.FAILED) {
                    if (write.report() == Report.WRITTEN) {
                        allowed.clear();
                    }
                    allowed.add(write.isPut() ? Optional.of(String.valueOf(write.number())) : Optional.empty());
                }
            }
            Optional<String> online = service.truth()
                    .onlineStore()
                    .get(GetCommand.of(group.name(), id))
                    .map(StoredRecord::record)
                    .map(stored -> stored.text(FaultyService.COUNT.name()));
            assertThat(online)
                    .as(
                            "%s after %s",
                            id,
                            log.stream().filter(write -> write.id().equals(id)).toList())
                    .isIn(allowed);
        }
    }
}
