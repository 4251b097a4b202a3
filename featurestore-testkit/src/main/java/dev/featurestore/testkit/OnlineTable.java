package dev.featurestore.testkit;

import dev.featurestore.errors.InvalidRequestException;
import dev.featurestore.schema.DeletionMode;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.OnlineStoreSettings;
import dev.featurestore.schema.TargetStore;
import dev.featurestore.schema.Ttl;
import dev.featurestore.spi.DeleteCommand;
import dev.featurestore.spi.ListCommand;
import dev.featurestore.spi.ListPage;
import dev.featurestore.spi.PutCommand;
import dev.featurestore.spi.StoredRecord;
import dev.featurestore.spi.WireRecord;
import dev.featurestore.testkit.OnlineEntry.State;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One group in memory: the event-time rule of puts and deletes, time to live, and what each write leaves offline. The rules
 * are those of {@code docs/semantics.md}. One lock: writes of one group happen one after another.
 */
final class OnlineTable {
    private final InstantSource clock;

    private final ServiceBehaviour behaviour;

    private final OfflineLog offline;

    private final ChangeLog changes;

    private final Map<String, OnlineEntry> entries;

    private final Instant createdAt;

    private volatile FeatureGroup<?> group;

    private volatile WriteValidator validator;

    /** Whether the group is deleted: a write that had found the table before that is refused. */
    private boolean closed;

    OnlineTable(
            FeatureGroup<?> group,
            InstantSource clock,
            ServiceBehaviour behaviour,
            OfflineLog offline,
            ChangeLog changes,
            Map<String, OnlineEntry> stored) {
        this.group = group;
        this.clock = clock;
        this.createdAt = clock.instant();
        this.behaviour = behaviour;
        this.offline = offline;
        this.changes = changes;
        this.validator = new WriteValidator(group, behaviour);
        this.entries = new HashMap<>(stored);
    }

    FeatureGroup<?> group() {
        return group;
    }

    Instant createdAt() {
        return createdAt;
    }

    WriteValidator validator() {
        return validator;
    }

    /** Changes the definition. What is stored stays: it lacks the added features, and expires when it would have. */
    synchronized void redefine(FeatureGroup<?> changed) {
        requireThere();
        changes.redefined(changed);
        this.group = changed;
        this.validator = new WriteValidator(changed, behaviour);
    }

    synchronized void put(PutCommand command) {
        String identifier = validator.check(command.record());
        Instant eventTime = validator.eventTime(textOf(command.record()));
        if (command.ttl() != null && group.onlineStore().isEmpty()) {
            throw refused("A time to live needs an online store");
        }
        WireRecord record = validator.stored(command.record());
        Instant now = clock.instant();
        OnlineEntry entry = null;
        if (reachesOnline(command.targetStores())) {
            OnlineEntry stored = current(identifier);
            if (stored == null || replaces(eventTime, stored)) {
                entry = new OnlineEntry(State.LIVE, record, eventTime, expiry(eventTime, command.ttl()), now, null);
            }
        }
        commit(identifier, entry, reachesOffline(command.targetStores()) ? row(record, false, now) : null);
    }

    private boolean replaces(Instant eventTime, OnlineEntry stored) {
        int order = eventTime.compareTo(stored.eventTime());
        return order > 0 || (order == 0 && behaviour.equalEventTimePut() == ServiceBehaviour.EqualEventTimePut.REPLACE);
    }

    private @Nullable Instant expiry(Instant eventTime, @Nullable Ttl own) {
        Ttl ttl = own != null
                ? own
                : group.onlineStore().flatMap(OnlineStoreSettings::ttl).orElse(null);
        return ttl == null ? null : ttl.expiresAt(eventTime);
    }

    synchronized RecordUpdate.Outcome update(RecordUpdate update) {
        RecordUpdates.check(group, update);
        String identifier = validator.checkIdentifier(update.identifier());
        Instant now = clock.instant();
        OnlineEntry stored = current(identifier);
        if (stored == null || stored.state() != State.LIVE || stored.isExpired(now)) {
            return RecordUpdate.Outcome.NO_RECORD;
        }
        WireRecord merged = RecordUpdates.merge(group, stored.record(), update.features());
        validator.check(merged);
        Instant eventTime = validator.eventTime(textOf(merged));
        if (eventTime.isBefore(stored.eventTime())) {
            return RecordUpdate.Outcome.OLDER;
        }
        Instant expiresAt = RecordUpdates.expiry(eventTime, update.ttl(), stored.eventTime(), stored.expiresAt());
        commit(
                identifier,
                new OnlineEntry(State.LIVE, merged, eventTime, expiresAt, now, null),
                reachesOffline(update.targetStores()) ? row(merged, false, now) : null);
        return RecordUpdate.Outcome.APPLIED;
    }

    synchronized void delete(DeleteCommand command) {
        String identifier = validator.checkIdentifier(command.identifier());
        Instant eventTime = validator.eventTime(command.eventTime());
        WireRecord marker = WireRecord.of(
                new String[] {group.recordIdentifier().name(), group.eventTime().name()},
                new Object[] {identifier, command.eventTime()});
        Instant now = clock.instant();
        OnlineEntry entry = reachesOnline(command.targetStores())
                ? deleted(command.mode(), current(identifier), eventTime, marker, now)
                : null;
        commit(identifier, entry, reachesOffline(command.targetStores()) ? row(marker, true, now) : null);
    }

    /** What is there after a delete; null if that changes nothing. */
    private @Nullable OnlineEntry deleted(
            DeletionMode mode, @Nullable OnlineEntry stored, Instant eventTime, WireRecord marker, Instant now) {
        boolean takesEffect = stored == null || isLater(eventTime, stored);
        if (mode == DeletionMode.HARD_DELETE) {
            if (!takesEffect) {
                throw refused("EventTime: 400 ValidationException: a hard delete needs an event time later than the"
                        + " record's");
            }
            return stored == null ? null : new OnlineEntry(State.GONE, marker, eventTime, null, now, null);
        }
        return takesEffect ? new OnlineEntry(State.TOMBSTONE, marker, eventTime, null, now, null) : null;
    }

    private boolean isLater(Instant eventTime, OnlineEntry stored) {
        int order = eventTime.compareTo(stored.eventTime());
        return order > 0
                || (order == 0 && behaviour.equalEventTimeDelete() == ServiceBehaviour.EqualEventTimeDelete.DELETE);
    }

    /**
     * The record a read sees now, or null.
     *
     * @param lag the read does not see an identifier's latest change if that is younger
     */
    synchronized @Nullable StoredRecord get(String identifier, List<String> features, Duration lag) {
        Instant now = clock.instant();
        OnlineEntry entry = visible(entries.get(identifier), now);
        if (entry != null
                && !lag.isZero()
                && Duration.between(entry.arrivedAt(), now).compareTo(lag) < 0) {
            entry = entry.before();
        }
        if (entry == null || !isServed(entry, now)) {
            return null;
        }
        return new StoredRecord(entry.record().select(features), entry.expiresAt());
    }

    private boolean isServed(OnlineEntry entry, Instant now) {
        return entry.state() == State.LIVE
                && (behaviour.expiredRead() == ServiceBehaviour.ExpiredRead.SERVE_UNTIL_PURGED
                        || !entry.isExpired(now));
    }

    /** Identifiers in the order of their hashes, so that nobody takes them for sorted; the token is where to go on. */
    synchronized ListPage list(ListCommand command) {
        Instant now = clock.instant();
        TreeMap<Long, String> byHash = new TreeMap<>();
        entries.forEach((identifier, entry) -> {
            OnlineEntry seen = visible(entry, now);
            boolean alive = seen != null && isServed(seen, now);
            boolean softlyDeleted = seen != null && seen.state() == State.TOMBSTONE;
            boolean listed = alive || (softlyDeleted && command.softDeleted());
            if (listed) {
                byHash.put(scattered(identifier), identifier);
            }
        });
        Iterator<Map.Entry<Long, String>> rest = (command.nextToken() == null
                        ? byHash
                        : byHash.tailMap(position(command.nextToken()), false))
                .entrySet()
                .iterator();
        List<String> page = new ArrayList<>();
        long last = 0;
        while (rest.hasNext() && page.size() < command.pageSize()) {
            Map.Entry<Long, String> next = rest.next();
            page.add(next.getValue());
            last = next.getKey();
        }
        return new ListPage(page, rest.hasNext() ? Long.toString(last) : null);
    }

    private long position(String token) {
        try {
            return Long.parseLong(token);
        } catch (NumberFormatException e) {
            throw refused("The token is not one that a page before returned");
        }
    }

    /** A hash of 64 bits: two identifiers with one would hide each other, which does not happen in a test's lifetime. */
    private static long scattered(String identifier) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < identifier.length(); i++) {
            hash = (hash ^ identifier.charAt(i)) * 0x100000001b3L;
        }
        return hash ^ (hash >>> 32);
    }

    synchronized void purgeExpired() {
        Instant now = clock.instant();
        for (String identifier : List.copyOf(entries.keySet())) {
            OnlineEntry entry = entries.get(identifier);
            Instant expiresAt = entry == null ? null : entry.expiresAt();
            if (entry == null || expiresAt == null || !entry.isExpired(now)) {
                continue;
            }
            boolean marked = behaviour.ttlOfflineMarker() == ServiceBehaviour.TtlOfflineMarker.ON
                    && group.offlineStore().isPresent();
            WireRecord marker = WireRecord.of(
                    new String[] {
                        group.recordIdentifier().name(), group.eventTime().name()
                    },
                    new Object[] {identifier, validator.eventTimeText(expiresAt)});
            commit(
                    identifier,
                    new OnlineEntry(State.GONE, marker, entry.eventTime(), null, now, null),
                    marked ? row(marker, true, now) : null);
        }
    }

    synchronized void clear() {
        entries.clear();
    }

    /** Forgets the records and refuses writes from now on, once the deletion went well; false if it did already. */
    synchronized boolean close(Runnable deletion) {
        if (closed) {
            return false;
        }
        deletion.run();
        closed = true;
        entries.clear();
        return true;
    }

    private void requireThere() {
        if (closed) {
            throw InMemoryOnlineStore.notFound(group.name());
        }
    }

    /** Returns when the write that is under way is done. */
    synchronized void settle() {
        // the monitor was waited for
    }

    /** What the next write meets: the newest state, whether reads see it yet or not. */
    private @Nullable OnlineEntry current(String identifier) {
        OnlineEntry entry = entries.get(identifier);
        return entry == null || entry.state() == State.GONE ? null : entry;
    }

    /** Notes what a write does, then does it. */
    private void commit(String identifier, @Nullable OnlineEntry entry, @Nullable OfflineRow row) {
        requireThere();
        changes.written(group.name(), identifier, entry, row);
        if (entry != null) {
            store(identifier, entry);
        }
        if (row != null) {
            offline.append(group, row);
        }
    }

    private void store(String identifier, OnlineEntry entry) {
        boolean delayed = !behaviour.readDelay().isZero();
        if (!delayed && entry.state() == State.GONE) {
            entries.remove(identifier);
            return;
        }
        Instant horizon = clock.instant().minus(behaviour.readDelay());
        entries.put(identifier, entry.after(entries.get(identifier), horizon));
    }

    /** What reads see; without a delay the newest, even if the clock was set back since. */
    private @Nullable OnlineEntry visible(@Nullable OnlineEntry newest, Instant now) {
        if (behaviour.readDelay().isZero()) {
            return newest;
        }
        Instant horizon = now.minus(behaviour.readDelay());
        OnlineEntry entry = newest;
        while (entry != null && entry.arrivedAt().isAfter(horizon)) {
            entry = entry.before();
        }
        return entry;
    }

    private OfflineRow row(WireRecord record, boolean deleted, Instant now) {
        Instant writeTime = now.plus(behaviour.offlineDelay()).truncatedTo(ChronoUnit.MILLIS);
        return new OfflineRow(record, deleted, now.truncatedTo(behaviour.arrivalPrecision()), writeTime, now);
    }

    private boolean reachesOnline(Set<TargetStore> targets) {
        return group.onlineStore().isPresent() && (targets.isEmpty() || targets.contains(TargetStore.ONLINE_STORE));
    }

    private boolean reachesOffline(Set<TargetStore> targets) {
        return group.offlineStore().isPresent() && (targets.isEmpty() || targets.contains(TargetStore.OFFLINE_STORE));
    }

    private String textOf(WireRecord record) {
        String text = record.text(group.eventTime().name());
        if (text == null) {
            throw refused("The event time is missing");
        }
        return text;
    }

    private InvalidRequestException refused(String why) {
        return new InvalidRequestException(
                "Feature group '" + group.name() + "' refuses the request: " + why, group.name(), null, null);
    }
}
