package dev.featurestore;

import dev.featurestore.errors.ErrorCode;
import dev.featurestore.serving.ServingLog;
import dev.featurestore.spi.AsyncOnlineStore;
import dev.featurestore.spi.Deadline;
import dev.featurestore.spi.RecordKey;
import dev.featurestore.view.FeatureVector;
import dev.featurestore.view.GroupResult;
import dev.featurestore.view.GroupSelection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One call of a view's client, from requests to vectors, but for the waiting. For one thread at a time. */
final class VectorFetch {
    private static final Logger LOG = LoggerFactory.getLogger(VectorFetch.class);

    private final ViewReader reader;

    private final Instant asOf;

    private final long begun;

    private final List<List<RecordKey>> keys;

    private final ViewReader.Fetch fetch;

    /** @param shares as in {@link ViewReader#fetch} */
    VectorFetch(ViewReader reader, List<? extends Map<String, ?>> requests, Deadline deadline, boolean shares) {
        this.reader = reader;
        this.begun = reader.settings().nanoTime().getAsLong();
        this.asOf = reader.settings().clock().instant();
        this.keys = new ArrayList<>(requests.size());
        Set<RecordKey> distinct = new LinkedHashSet<>();
        for (Map<String, ?> request : requests) {
            List<RecordKey> requestKeys = reader.codec().keys(request);
            keys.add(requestKeys);
            distinct.addAll(requestKeys);
        }
        this.fetch = reader.fetch(distinct, asOf, deadline, shares);
    }

    boolean isOneRequest() {
        return fetch.isOneRequest();
    }

    FetchRun run(AsyncOnlineStore store) {
        return fetch.run(store);
    }

    /** Whether every record was answered for, once the run is over. */
    boolean isComplete() {
        return fetch.outcomes().values().stream().allMatch(outcome -> outcome.failure() == null);
    }

    /** The vectors in the order of the requests, once the run is over; throws as the options say. */
    List<FeatureVector> vectors() {
        Map<RecordKey, RecordOutcome> outcomes = fetch.outcomes();
        List<FeatureVector> vectors = new ArrayList<>(keys.size());
        int defaultsUsed = 0;
        for (List<RecordKey> requestKeys : keys) {
            FeatureVector.Builder vector = reader.codec().vector(asOf, requestKeys, outcomes);
            defaultsUsed += vector.defaultsUsed();
            vectors.add(vector.build());
        }
        report(vectors, defaultsUsed);
        reader.codec().check(vectors);
        log(vectors);
        return vectors;
    }

    private void log(List<FeatureVector> vectors) {
        ServingLog log = reader.options().servingLog();
        if (log == ServingLog.none()) {
            return;
        }
        for (int i = 0; i < vectors.size(); i++) {
            log.log(
                    vectors.get(i),
                    keys.get(i).stream().map(RecordKey::identifier).toList());
        }
    }

    private void report(List<FeatureVector> vectors, int defaultsUsed) {
        FetchListener listener = reader.options().listener();
        if (listener == FetchOptions.NO_LISTENER && !LOG.isDebugEnabled()) {
            return;
        }
        FetchReport report = reportOn(vectors, defaultsUsed);
        LOG.debug("Fetched [report={}]", report);
        try {
            listener.fetched(report);
        } catch (RuntimeException e) {
            // its message may be about anything
            LOG.warn("A fetch listener failed [failure={}]", e.getClass().getName());
        }
    }

    private FetchReport reportOn(List<FeatureVector> vectors, int defaultsUsed) {
        int gets = 0;
        int batches = 0;
        int hedges = 0;
        int hedgesWon = 0;
        int repeats = 0;
        int shared = 0;
        for (FetchRead read : fetch.reads()) {
            int requests = read.attempts() + read.hedges();
            gets += read.isBatch() ? 0 : requests;
            batches += read.isBatch() ? requests : 0;
            hedges += read.hedges();
            hedgesWon += read.isSettledByHedge() ? 1 : 0;
            repeats += Math.max(0, read.attempts() - 1);
            shared += read.isSettledByOther() ? 1 : 0;
        }
        List<GroupSelection> selections = reader.codec().view().selections();
        List<FetchReport.Group> groups = new ArrayList<>(selections.size());
        for (int s = 0; s < selections.size(); s++) {
            groups.add(group(selections.get(s), s, vectors));
        }
        return new FetchReport(
                reader.codec().view().name(),
                vectors.size(),
                Duration.ofNanos(reader.settings().nanoTime().getAsLong() - begun),
                gets,
                batches,
                hedges,
                hedgesWon,
                repeats,
                shared,
                defaultsUsed,
                groups);
    }

    private FetchReport.Group group(GroupSelection selection, int s, List<FeatureVector> vectors) {
        Map<GroupResult.Status, Integer> counts = new EnumMap<>(GroupResult.Status.class);
        int throttled = 0;
        int timedOut = 0;
        int stale = 0;
        Duration oldest = null;
        for (FeatureVector vector : vectors) {
            GroupResult result = vector.results().get(s);
            counts.merge(result.status(), 1, Integer::sum);
            ErrorCode code = result.failure() == null ? null : result.failure().code();
            throttled += code == ErrorCode.THROTTLED ? 1 : 0;
            timedOut += code == ErrorCode.DEADLINE_EXCEEDED ? 1 : 0;
            stale += result.staleness().isZero() ? 0 : 1;
            if (result.status() == GroupResult.Status.FOUND && result.eventTime() != null) {
                Duration age = Duration.between(result.eventTime(), asOf);
                oldest = oldest == null || age.compareTo(oldest) > 0 ? age : oldest;
            }
        }
        return new FetchReport.Group(
                selection.name(),
                selection.group().name(),
                counts.getOrDefault(GroupResult.Status.FOUND, 0),
                counts.getOrDefault(GroupResult.Status.ABSENT, 0),
                counts.getOrDefault(GroupResult.Status.EXPIRED, 0),
                counts.getOrDefault(GroupResult.Status.TOO_OLD, 0),
                throttled,
                timedOut,
                counts.getOrDefault(GroupResult.Status.FAILED, 0) - throttled - timedOut,
                stale,
                oldest,
                latency(selection.group().name()));
    }

    private @Nullable Duration latency(String group) {
        Duration latest = null;
        for (FetchRead read : fetch.reads()) {
            if (read.keys().stream().anyMatch(key -> key.group().equals(group))) {
                Duration latency = Duration.ofNanos(read.settledAt() - begun);
                latest = latest == null || latency.compareTo(latest) > 0 ? latency : latest;
            }
        }
        return latest;
    }
}
