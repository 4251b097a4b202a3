package dev.featurestore.micrometer;

import dev.featurestore.FetchListener;
import dev.featurestore.FetchReport;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts fetches in a Micrometer registry. All names begin with {@code featurestore.fetch}; all meters have the tag
 * {@code view}, those of a group {@code selection} and {@code group} as well.
 *
 * <ul>
 *   <li>{@code featurestore.fetch}: a timer of fetches
 *   <li>{@code .vectors}, {@code .hedges}, {@code .hedges.won}, {@code .repeats}, {@code .shared}, {@code .defaults}: counters
 *       of what {@link FetchReport} says
 *   <li>{@code .requests}: a counter with tag {@code operation}
 *   <li>{@code .groups}: a counter of what a group gave, with tag {@code result}: {@code found}, {@code absent},
 *       {@code expired}, {@code too_old}, {@code throttled}, {@code timed_out} or {@code failed}; the absent rate is the share of
 *       one of them
 *   <li>{@code .stale}: a counter of records that were read before the fetch
 *   <li>{@code .latency}: a timer of a group's reads
 *   <li>{@code .age}: a summary, in seconds, of the greatest age of a group's records in each fetch
 * </ul>
 *
 * <p>Safe for use by many threads, and for several views.
 */
public final class MicrometerFetchListener implements FetchListener {
    private static final String PREFIX = "featurestore.fetch";

    private final MeterRegistry registry;

    private final Map<String, ViewMeters> views = new ConcurrentHashMap<>();

    private final Map<Tags, GroupMeters> groups = new ConcurrentHashMap<>();

    /** Counts in this registry. */
    @SuppressWarnings("exports") // whoever calls it has Micrometer; nobody else is made to
    public MicrometerFetchListener(MeterRegistry registry) {
        this.registry = Objects.requireNonNull(registry, "registry");
    }

    @Override
    public void fetched(FetchReport report) {
        views.computeIfAbsent(report.view(), ViewMeters::new).add(report);
        for (FetchReport.Group group : report.groups()) {
            Tags tags = Tags.of("view", report.view(), "selection", group.selection(), "group", group.group());
            groups.computeIfAbsent(tags, GroupMeters::new).add(group);
        }
    }

    private Counter counter(String name, Tags tags) {
        return registry.counter(PREFIX + name, tags);
    }

    private final class ViewMeters {
        private final Timer fetches;
        private final Counter vectors;
        private final Counter gets;
        private final Counter batches;
        private final Counter hedges;
        private final Counter hedgesWon;
        private final Counter repeats;
        private final Counter shared;
        private final Counter defaults;

        ViewMeters(String view) {
            Tags tags = Tags.of("view", view);
            this.fetches = registry.timer(PREFIX, tags);
            this.vectors = counter(".vectors", tags);
            this.gets = counter(".requests", tags.and("operation", "GetRecord"));
            this.batches = counter(".requests", tags.and("operation", "BatchGetRecord"));
            this.hedges = counter(".hedges", tags);
            this.hedgesWon = counter(".hedges.won", tags);
            this.repeats = counter(".repeats", tags);
            this.shared = counter(".shared", tags);
            this.defaults = counter(".defaults", tags);
        }

        void add(FetchReport report) {
            fetches.record(report.took());
            vectors.increment(report.vectors());
            gets.increment(report.getRecords());
            batches.increment(report.batchGetRecords());
            hedges.increment(report.hedges());
            hedgesWon.increment(report.hedgesWon());
            repeats.increment(report.repeats());
            shared.increment(report.shared());
            defaults.increment(report.defaultsUsed());
        }
    }

    private final class GroupMeters {
        private final Counter found;
        private final Counter absent;
        private final Counter expired;
        private final Counter tooOld;
        private final Counter throttled;
        private final Counter timedOut;
        private final Counter failed;
        private final Counter stale;
        private final Timer latency;
        private final DistributionSummary age;

        GroupMeters(Tags tags) {
            this.found = result("found", tags);
            this.absent = result("absent", tags);
            this.expired = result("expired", tags);
            this.tooOld = result("too_old", tags);
            this.throttled = result("throttled", tags);
            this.timedOut = result("timed_out", tags);
            this.failed = result("failed", tags);
            this.stale = counter(".stale", tags);
            this.latency = registry.timer(PREFIX + ".latency", tags);
            this.age = DistributionSummary.builder(PREFIX + ".age")
                    .baseUnit("seconds")
                    .tags(tags)
                    .register(registry);
        }

        private Counter result(String result, Tags tags) {
            return counter(".groups", tags.and("result", result));
        }

        void add(FetchReport.Group group) {
            found.increment(group.found());
            absent.increment(group.absent());
            expired.increment(group.expired());
            tooOld.increment(group.tooOld());
            throttled.increment(group.throttled());
            timedOut.increment(group.timedOut());
            failed.increment(group.failed());
            stale.increment(group.stale());
            if (group.latency() != null) {
                latency.record(group.latency());
            }
            if (group.oldest() != null) {
                // a record of the future has no age yet
                age.record(Math.max(0, group.oldest().toNanos() / 1e9));
            }
        }
    }
}
