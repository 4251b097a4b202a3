package dev.featurestore;

import dev.featurestore.errors.QueryFailedException;
import dev.featurestore.schema.Feature;
import dev.featurestore.spi.OfflineStore;
import dev.featurestore.training.LabelDay;
import dev.featurestore.training.ManifestStore;
import dev.featurestore.training.SliceUnit;
import dev.featurestore.training.Spine;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.GroupSelection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A training set that is built in slices of label time, each by a query of its own that writes its own files. A run that was
 * broken off is gone on with by the next; a run over a set that was complete computes only the slices that have new labels, or
 * labels that may see a row written since, and reuses the others. The result is the one of a run over everything.
 *
 * <p>What is done is in a manifest, written after each step. Two runs cannot share one at a time. Immutable; methods that
 * refine it return changed copies.
 */
public final class SlicedTrainingSet {
    private static final Logger LOG = LoggerFactory.getLogger(SlicedTrainingSet.class);

    private static final Duration MARGIN = Duration.ofHours(1);

    private final TrainingSet set;

    private final OfflineStore store;

    private final InstantSource clock;

    private final URI target;

    private final ManifestStore manifest;

    private final SliceUnit unit;

    private final Duration margin;

    private final int parallelism;

    private final Executor executor;

    private SlicedTrainingSet(
            TrainingSet set,
            OfflineStore store,
            InstantSource clock,
            URI target,
            ManifestStore manifest,
            SliceUnit unit,
            Duration margin,
            int parallelism,
            Executor executor) {
        this.set = set;
        this.store = store;
        this.clock = clock;
        this.target = target;
        this.manifest = manifest;
        this.unit = unit;
        this.margin = margin;
        this.parallelism = parallelism;
        this.executor = executor;
    }

    static SlicedTrainingSet of(
            TrainingSet set, OfflineStore store, InstantSource clock, URI target, ManifestStore manifest) {
        if (set.from().isEmpty() || set.until().isEmpty()) {
            throw new IllegalArgumentException(
                    "A training set in slices needs a range of labels: call labelsBetween(start, end) first");
        }
        String text = target.toString();
        // a folder's URI ends in a slash once the folder is there
        URI base = text.endsWith("/") ? target : URI.create(text + "/");
        return new SlicedTrainingSet(set, store, clock, base, manifest, SliceUnit.DAY, MARGIN, 1, Runnable::run);
    }

    /** The same in slices of this length; of a day unless set. */
    public SlicedTrainingSet by(SliceUnit sliceUnit) {
        return new SlicedTrainingSet(set, store, clock, target, manifest, sliceUnit, margin, parallelism, executor);
    }

    /**
     * The same with more than one query at a time; one after the other in the caller's thread unless set.
     *
     * @param queries how many at a time, at least 1
     * @param threads runs them; stays the caller's
     */
    public SlicedTrainingSet inParallel(int queries, Executor threads) {
        if (queries < 1) {
            throw new IllegalArgumentException("At least 1 query runs at a time, got " + queries);
        }
        return new SlicedTrainingSet(set, store, clock, target, manifest, unit, margin, queries, threads);
    }

    /**
     * The same with another margin; an hour unless set. Rows with a write time up to this much before the last run count as
     * new, since their file may have become visible, or their clock may have been, later.
     */
    public SlicedTrainingSet withMargin(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("A margin is not negative, got " + duration);
        }
        return new SlicedTrainingSet(set, store, clock, target, manifest, unit, duration, parallelism, executor);
    }

    /**
     * Completes the set: first what an earlier run left undone, then what is new. Blocks.
     *
     * @throws QueryFailedException if slices failed; the others are done, and another run goes on from there
     * @throws dev.featurestore.errors.InvalidRequestException if the manifest belongs to another set
     * @throws IllegalStateException if another run has the manifest
     */
    public SliceReport run() {
        ManifestStore.Lock lock = manifest.lock();
        try {
            return runAlone();
        } finally {
            lock.close();
        }
    }

    private SliceReport runAlone() {
        SliceManifest progress = SliceManifest.load(manifest, target, identity(), clock.instant());
        Set<String> computed = new HashSet<>(compute(progress));
        plan(progress);
        computed.addAll(compute(progress));
        List<Slice> slices = progress.slices();
        boolean counted = slices.stream().allMatch(slice -> slice.rows() >= 0);
        return new SliceReport(
                slices.stream().map(slice -> slice.target(target)).toList(),
                (int) slices.stream()
                        .filter(slice -> computed.contains(slice.name()))
                        .count(),
                (int) slices.stream()
                        .filter(slice -> !computed.contains(slice.name()))
                        .count(),
                counted ? slices.stream().mapToLong(Slice::rows).sum() : -1,
                progress.superseded());
    }

    /** What the result depends on, apart from the labels, the history and the range. */
    private String identity() {
        List<String> parts = new ArrayList<>();
        parts.add(set.view().fingerprint());
        for (GroupSelection selection : set.view().selections()) {
            parts.add(selection.ttl().map(ttl -> ttl.toDuration().toString()).orElse(""));
            parts.add(name(selection.group().provenance().arrivalTime()));
            parts.add(name(selection.group().provenance().writeOrigin()));
        }
        Spine spine = set.spine();
        parts.add(spine.source() instanceof Spine.Query query ? query.sql() : "");
        parts.add(
                spine.source() instanceof Spine.Table table ? table.nameParts().toString() : "");
        if (spine.source() instanceof Spine.Files files) {
            parts.add(files.toString());
        }
        parts.add(set.spineColumns().toString());
        parts.add(spine.timeColumn() + " " + spine.labelTime());
        parts.add(set.audit().toString());
        parts.add(set.pointInTime().toString());
        parts.add(unit + " " + target);
        return sha256(parts);
    }

    private static String name(@Nullable Feature<?> feature) {
        return feature == null ? "" : feature.name();
    }

    private static String sha256(List<String> parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                digest.update((part.length() + ":" + part + "\n").getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** Finds what has to be done, and writes it down before it is. */
    private void plan(SliceManifest progress) {
        Instant now = clock.instant();
        Instant since = progress.slices().stream()
                .map(Slice::asOf)
                .min(Instant::compareTo)
                .orElse(now)
                .minus(margin);
        Map<String, List<LabelDay>> days = new TreeMap<>();
        for (LabelDay day : labelDays(since)) {
            days.computeIfAbsent(unit.name(unit.first(day.day())), name -> new ArrayList<>())
                    .add(day);
        }
        Map<String, Slice> plan = new TreeMap<>();
        days.forEach((name, ofSlice) -> {
            Slice wanted = wanted(name, ofSlice, now);
            Slice done = progress.slice(name);
            boolean isTouched = ofSlice.stream().anyMatch(day -> day.touched() > 0);
            plan.put(name, done != null && done.isOf(wanted) && !isTouched ? done.checked(now) : wanted);
        });
        progress.plan(plan);
    }

    /** No rows in memory have no types either, which some engines need. */
    private List<LabelDay> labelDays(Instant since) {
        return set.spine().source() instanceof Spine.Rows rows && rows.rows().isEmpty()
                ? List.of()
                : store.labelDays(set, since);
    }

    private Slice wanted(String name, List<LabelDay> days, Instant now) {
        LocalDate first = unit.first(days.get(0).day());
        Instant start = first.atStartOfDay(ZoneOffset.UTC).toInstant();
        Instant end = unit.next(first).atStartOfDay(ZoneOffset.UTC).toInstant();
        Instant from = set.from().orElse(start);
        Instant until = set.until().orElse(end);
        List<String> digests = days.stream()
                .map(day -> day.day() + " " + day.labels() + " " + day.digest())
                .sorted()
                .toList();
        return new Slice(
                name,
                start.isBefore(from) ? from : start,
                end.isAfter(until) ? until : end,
                Slice.State.OPEN,
                0,
                now,
                sha256(digests),
                -1);
    }

    /** Computes what is open; returns which slices that was. */
    private Set<String> compute(SliceManifest progress) {
        Queue<Slice> queue = new ConcurrentLinkedQueue<>(progress.toDo());
        Set<String> open = queue.stream().map(Slice::name).collect(Collectors.toSet());
        Queue<Exception> failures = new ConcurrentLinkedQueue<>();
        List<CompletableFuture<Void>> workers = new ArrayList<>();
        for (int n = 0; n < Math.min(parallelism, open.size()); n++) {
            workers.add(CompletableFuture.runAsync(() -> work(progress, queue, failures), executor));
        }
        CompletableFuture.allOf(workers.toArray(CompletableFuture[]::new)).join();
        Exception first = failures.poll();
        if (first == null) {
            return open;
        }
        QueryFailedException failure = new QueryFailedException(
                "Building " + set + " in slices: " + progress.toDo().size() + " of "
                        + progress.slices().size()
                        + " slices are not done; run it again to go on from here. The first failure: "
                        + first.getMessage(),
                null,
                null,
                first);
        failures.forEach(failure::addSuppressed);
        throw failure;
    }

    /** Takes slices until there are none, or one has failed. */
    private void work(SliceManifest progress, Queue<Slice> queue, Queue<Exception> failures) {
        while (failures.isEmpty()) {
            Slice slice = queue.poll();
            if (slice == null) {
                return;
            }
            try {
                compute(progress, slice);
            } catch (RuntimeException e) {
                failures.add(e);
            }
        }
    }

    private void compute(SliceManifest progress, Slice slice) {
        if (slice.state() == Slice.State.BEGUN) {
            try {
                // a store that knows the piece of work goes on with it
                finish(progress, slice);
                return;
            } catch (QueryFailedException e) {
                LOG.info(
                        "A slice that was begun before is begun anew [slice={}] [attempt={}]",
                        slice.name(),
                        slice.attempt());
            }
        }
        finish(progress, progress.begin(slice.name()));
    }

    private void finish(SliceManifest progress, Slice slice) {
        long rows = store.unload(
                set.labelsBetween(slice.from(), slice.until()), slice.target(target), "attempt " + slice.attempt());
        progress.complete(slice.name(), rows);
    }

    /** The set and where it goes. */
    @Override
    public String toString() {
        return set + " in slices of a " + unit.name().toLowerCase(Locale.ROOT) + " at " + target;
    }
}
