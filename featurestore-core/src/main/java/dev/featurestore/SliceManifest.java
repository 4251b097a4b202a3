package dev.featurestore;

import dev.featurestore.errors.InvalidRequestException;
import dev.featurestore.training.ManifestStore;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is done of a sliced training set, written down after each step. The text has a line for the set it belongs to, one for
 * the last attempt, one for each slice, and one for each target that is not part of the result any more.
 *
 * <p>Attempts are numbered from the millisecond in which the manifest was made, so that one made anew does not meet what its
 * forerunner left at the same place.
 */
final class SliceManifest {
    private static final String VERSION = "featurestore/slices/1";

    private static final String SLICE = "slice\t";

    private static final String ATTEMPT = "attempt\t";

    private static final String SUPERSEDED = "superseded\t";

    private final ManifestStore store;

    private final URI base;

    private final String set;

    private long lastAttempt;

    private final NavigableMap<String, Slice> slices = new TreeMap<>();

    private final List<URI> superseded = new ArrayList<>();

    private SliceManifest(ManifestStore store, URI base, String set, Instant now) {
        this.store = store;
        this.base = base;
        this.set = set;
        this.lastAttempt = now.toEpochMilli();
    }

    /**
     * The manifest as it was left.
     *
     * @param set what tells the training set and its target from all others
     * @throws InvalidRequestException if it is of another set, or is no manifest
     */
    static SliceManifest load(ManifestStore store, URI base, String set, Instant now) {
        SliceManifest manifest = new SliceManifest(store, base, set, now);
        String text = store.read().orElse(null);
        if (text != null) {
            manifest.read(text);
        }
        return manifest;
    }

    private void read(String text) {
        List<String> lines = text.lines().toList();
        if (lines.size() < 2 || !lines.get(0).equals(VERSION)) {
            throw new InvalidRequestException("The manifest of the slices at " + base
                    + " cannot be read: expected its first line to be " + VERSION + ", got " + lines.size() + " lines");
        }
        if (!lines.get(1).equals(set)) {
            throw new InvalidRequestException("The manifest of the slices at " + base
                    + " belongs to another training set, or to another version of this one: its view, spine, point-in-time"
                    + " rule or unit of slices differ. Choose another target and manifest, and build the whole set");
        }
        try {
            lines.subList(2, lines.size()).forEach(this::readLine);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw unreadable();
        }
    }

    private void readLine(String line) {
        if (line.startsWith(SLICE)) {
            Slice slice = Slice.ofLine(line.substring(SLICE.length()));
            slices.put(slice.name(), slice);
        } else if (line.startsWith(SUPERSEDED)) {
            superseded.add(URI.create(line.substring(SUPERSEDED.length())));
        } else if (line.startsWith(ATTEMPT)) {
            lastAttempt = Long.parseLong(line.substring(ATTEMPT.length()));
        } else {
            throw unreadable();
        }
    }

    private InvalidRequestException unreadable() {
        return new InvalidRequestException(
                "The manifest of the slices at " + base
                        + " has a line that cannot be read: restore it, or remove it and build the whole set at another target");
    }

    synchronized List<Slice> slices() {
        return List.copyOf(slices.values());
    }

    /** The slices that are not complete. */
    synchronized List<Slice> toDo() {
        return slices.values().stream().filter(slice -> !slice.isComplete()).toList();
    }

    /** Targets that may hold something and are not part of the result. */
    synchronized List<URI> superseded() {
        return List.copyOf(superseded);
    }

    @Nullable
    synchronized Slice slice(String name) {
        return slices.get(name);
    }

    /** Replaces all slices by a plan; what the plan does over or leaves out is superseded. */
    synchronized void plan(Map<String, Slice> plan) {
        for (Slice before : slices.values()) {
            Slice now = plan.get(before.name());
            if (before.isComplete() && (now == null || !now.isComplete())) {
                superseded.add(before.target(base));
            }
        }
        slices.clear();
        slices.putAll(plan);
        write();
    }

    /** Begins a slice at a target of its own; one that it was begun at before is superseded. */
    synchronized Slice begin(String name) {
        Slice before = Objects.requireNonNull(slices.get(name), name);
        if (before.state() == Slice.State.BEGUN) {
            superseded.add(before.target(base));
        }
        Slice begun = before.begun(++lastAttempt);
        slices.put(name, begun);
        write();
        return begun;
    }

    /** Completes a slice at the target that it was begun at. */
    synchronized void complete(String name, long rows) {
        slices.put(name, Objects.requireNonNull(slices.get(name), name).completed(rows));
        write();
    }

    private void write() {
        StringBuilder text = new StringBuilder(VERSION).append('\n').append(set).append('\n');
        text.append(ATTEMPT).append(lastAttempt).append('\n');
        slices.values().forEach(slice -> text.append(SLICE).append(slice.line()).append('\n'));
        superseded.forEach(target -> text.append(SUPERSEDED).append(target).append('\n'));
        store.write(text.toString());
    }
}
