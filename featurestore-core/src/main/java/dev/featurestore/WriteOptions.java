package dev.featurestore;

import dev.featurestore.schema.Provenance;
import dev.featurestore.schema.TargetStore;
import dev.featurestore.schema.Ttl;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How one record is written. Immutable; methods return changed copies. */
public final class WriteOptions {
    private static final WriteOptions DEFAULTS = new WriteOptions(Set.of(), null, null, null, null, false);

    private final Set<TargetStore> targetStores;

    private final @Nullable Ttl ttl;

    private final @Nullable String backfillId;

    private final @Nullable Duration timeout;

    private final @Nullable String producer;

    private final boolean replacesOthers;

    private WriteOptions(
            Set<TargetStore> targetStores,
            @Nullable Ttl ttl,
            @Nullable String backfillId,
            @Nullable Duration timeout,
            @Nullable String producer,
            boolean replacesOthers) {
        if (backfillId != null && !targetStores.equals(Set.of(TargetStore.OFFLINE_STORE))) {
            throw new IllegalArgumentException(
                    "A backfill goes to the offline store only: write without withBackfillId(id) what is to be served");
        }
        this.targetStores = targetStores;
        this.ttl = ttl;
        this.backfillId = backfillId;
        this.timeout = timeout;
        this.producer = producer;
        this.replacesOthers = replacesOthers;
    }

    /** To every store the group has, with the group's time to live. */
    public static WriteOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Only to these stores. Training cannot see a record that went online only.
     *
     * @throws IllegalArgumentException if no store is named, or a backfill is to go to the online store
     */
    public WriteOptions withTargetStores(TargetStore... stores) {
        if (stores.length == 0) {
            throw new IllegalArgumentException(
                    "Name at least one store; without withTargetStores a record goes to all of them");
        }
        return new WriteOptions(Set.copyOf(Arrays.asList(stores)), ttl, backfillId, timeout, producer, replacesOthers);
    }

    /** With a time to live of its own, counted from the event time. Training knows only the group's. */
    public WriteOptions withTtl(Duration duration) {
        return new WriteOptions(targetStores, Ttl.of(duration), backfillId, timeout, producer, replacesOthers);
    }

    /**
     * As part of a backfill: to the offline store only, and marked with the backfill's id where the group stamps write
     * origins.
     *
     * @param id not blank, and not {@code live}
     */
    public WriteOptions withBackfillId(String id) {
        if (id.isBlank() || id.equals(Provenance.LIVE)) {
            throw new IllegalArgumentException("A backfill needs an id that is not blank and not 'live'");
        }
        if (targetStores.contains(TargetStore.ONLINE_STORE)) {
            throw new IllegalArgumentException(
                    "A backfill goes to the offline store only: leave out withTargetStores, or the online store in it");
        }
        return new WriteOptions(Set.of(TargetStore.OFFLINE_STORE), ttl, id, timeout, producer, replacesOthers);
    }

    /**
     * With this long for the write, repeats and pauses included; without it, the store's call timeout.
     *
     * @throws IllegalArgumentException if the time is not positive
     */
    public WriteOptions withTimeout(Duration time) {
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException("The time for a write is positive, got " + time);
        }
        return new WriteOptions(targetStores, ttl, backfillId, time, producer, replacesOthers);
    }

    /**
     * By this producer: the record may leave out features that it owns, and must have those of every
     * {@linkplain dev.featurestore.schema.Feature#ownedBy other} one.
     *
     * @param name not blank
     */
    public WriteOptions withProducer(String name) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("A producer needs a name that is not blank");
        }
        return new WriteOptions(targetStores, ttl, backfillId, timeout, name, replacesOthers);
    }

    /** Even if features that other producers own are left out, and their values gone: where there are none yet. */
    public WriteOptions withOthersReplaced() {
        return new WriteOptions(targetStores, ttl, backfillId, timeout, producer, true);
    }

    /** The stores; empty for all. */
    public Set<TargetStore> targetStores() {
        return targetStores;
    }

    /** The record's own time to live. */
    public Optional<Ttl> ttl() {
        return Optional.ofNullable(ttl);
    }

    /** The backfill the write is part of. */
    public Optional<String> backfillId() {
        return Optional.ofNullable(backfillId);
    }

    /** How long the write may take; empty for the store's call timeout. */
    public Optional<Duration> timeout() {
        return Optional.ofNullable(timeout);
    }

    /** Who writes; empty for nobody that the definition may know. */
    public Optional<String> producer() {
        return Optional.ofNullable(producer);
    }

    /** Whether features that other producers own may be left out. */
    public boolean replacesOthers() {
        return replacesOthers;
    }

    /** What differs from the defaults; of the ids and names only whether there is one. */
    @Override
    public String toString() {
        return "writing to " + (targetStores.isEmpty() ? "all stores" : targetStores)
                + (ttl == null ? "" : ", with its own time to live")
                + (backfillId == null ? "" : ", as part of a backfill")
                + (timeout == null ? "" : ", within " + timeout)
                + (producer == null ? "" : ", by a producer")
                + (replacesOthers ? ", replacing others" : "");
    }
}
