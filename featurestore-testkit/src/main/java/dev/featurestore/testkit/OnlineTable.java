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

    private final Map<String, Entry> entries = new HashMap<>();

    private final Instant createdAt;

    private volatile FeatureGroup<?> group;

    private volatile WriteValidator validator;

    OnlineTable(FeatureGroup<?> group, InstantSource clock, ServiceBehaviour behaviour, OfflineLog offline) {
        this.group = group;
        this.clock = clock;
        this.createdAt = clock.instant();
        this.behaviour = behaviour;
        this.offline = offline;
        this.validator = new WriteValidator(group, behaviour);
    }

    /** What the online store holds of one identifier. */
    private enum State {
        LIVE,
        /** Softly deleted: the event time stays and keeps older puts out. */
        TOMBSTONE,
        /** Hard deleted or purged: nothing stays. Kept only while reads are delayed. */
        GONE
    }

    /**
     * One state of one identifier.
     *
     * @param before the state it replaced, while a delayed read may still see that
     */
    private record Entry(
            State state,
            WireRecord record,
            Instant eventTime,
            @Nullable Instant expiresAt,
            Instant arrivedAt,
            @Nullable Entry before) {
        boolean isExpired(Instant now) {
            return state == State.LIVE && expiresAt != null && !now.isBefore(expiresAt);
        }
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
        if (reachesOnline(command.targetStores())) {
            Entry stored = current(identifier);
            if (stored == null || replaces(eventTime, stored)) {
                Instant expiresAt = expiry(eventTime, command.ttl());
                store(identifier, new Entry(State.LIVE, record, eventTime, expiresAt, now, stored));
            }
        }
        if (reachesOffline(command.targetStores())) {
            appendOffline(record, false, now);
        }
    }

    private boolean replaces(Instant eventTime, Entry stored) {
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
        Entry stored = current(identifier);
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
        store(identifier, new Entry(State.LIVE, merged, eventTime, expiresAt, now, stored));
        if (reachesOffline(update.targetStores())) {
            appendOffline(merged, false, now);
        }
        return RecordUpdate.Outcome.APPLIED;
    }

    synchronized void delete(DeleteCommand command) {
        String identifier = validator.checkIdentifier(command.identifier());
        Instant eventTime = validator.eventTime(command.eventTime());
        WireRecord marker = WireRecord.of(
                new String[] {group.recordIdentifier().name(), group.eventTime().name()},
                new Object[] {identifier, command.eventTime()});
        Instant now = clock.instant();
        if (reachesOnline(command.targetStores())) {
            deleteOnline(command.mode(), identifier, eventTime, marker, now);
        }
        if (reachesOffline(command.targetStores())) {
            appendOffline(marker, true, now);
        }
    }

    private void deleteOnline(DeletionMode mode, String identifier, Instant eventTime, WireRecord marker, Instant now) {
        Entry stored = current(identifier);
        boolean takesEffect = stored == null || isLater(eventTime, stored);
        if (mode == DeletionMode.HARD_DELETE) {
            if (!takesEffect) {
                throw refused("EventTime: 400 ValidationException: a hard delete needs an event time later than the"
                        + " record's");
            }
            if (stored != null) {
                store(identifier, new Entry(State.GONE, marker, eventTime, null, now, stored));
            }
        } else if (takesEffect) {
            store(identifier, new Entry(State.TOMBSTONE, marker, eventTime, null, now, stored));
        }
    }

    private boolean isLater(Instant eventTime, Entry stored) {
        int order = eventTime.compareTo(stored.eventTime());
        return order > 0
                || (order == 0 && behaviour.equalEventTimeDelete() == ServiceBehaviour.EqualEventTimeDelete.DELETE);
    }

    /** The record a read sees now, or null. */
    synchronized @Nullable StoredRecord get(String identifier, List<String> features) {
        Instant now = clock.instant();
        Entry entry = visible(entries.get(identifier), now);
        if (entry == null || !isServed(entry, now)) {
            return null;
        }
        return new StoredRecord(entry.record().select(features), entry.expiresAt());
    }

    private boolean isServed(Entry entry, Instant now) {
        return entry.state() == State.LIVE
                && (behaviour.expiredRead() == ServiceBehaviour.ExpiredRead.SERVE_UNTIL_PURGED
                        || !entry.isExpired(now));
    }

    /** Identifiers in the order of their hashes, so that nobody takes them for sorted; the token is where to go on. */
    synchronized ListPage list(ListCommand command) {
        Instant now = clock.instant();
        TreeMap<Long, String> byHash = new TreeMap<>();
        entries.forEach((identifier, entry) -> {
            Entry seen = visible(entry, now);
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
            Entry entry = entries.get(identifier);
            Instant expiresAt = entry == null ? null : entry.expiresAt();
            if (entry == null || expiresAt == null || !entry.isExpired(now)) {
                continue;
            }
            store(identifier, new Entry(State.GONE, entry.record(), entry.eventTime(), null, now, entry));
            if (behaviour.ttlOfflineMarker() == ServiceBehaviour.TtlOfflineMarker.ON
                    && group.offlineStore().isPresent()) {
                String text = validator.eventTimeText(expiresAt);
                appendOffline(
                        WireRecord.of(
                                new String[] {
                                    group.recordIdentifier().name(),
                                    group.eventTime().name()
                                },
                                new Object[] {identifier, text}),
                        true,
                        now);
            }
        }
    }

    synchronized void clear() {
        entries.clear();
    }

    /** What the next write meets: the newest state, whether reads see it yet or not. */
    private @Nullable Entry current(String identifier) {
        Entry entry = entries.get(identifier);
        return entry == null || entry.state() == State.GONE ? null : entry;
    }

    private void store(String identifier, Entry entry) {
        boolean delayed = !behaviour.readDelay().isZero();
        if (!delayed && entry.state() == State.GONE) {
            entries.remove(identifier);
            return;
        }
        Entry before = delayed ? entries.get(identifier) : null;
        entries.put(
                identifier,
                new Entry(
                        entry.state(),
                        entry.record(),
                        entry.eventTime(),
                        entry.expiresAt(),
                        entry.arrivedAt(),
                        forget(before, clock.instant().minus(behaviour.readDelay()))));
    }

    /** Drops states that no delayed read can see any more. */
    private static @Nullable Entry forget(@Nullable Entry entry, Instant horizon) {
        if (entry == null || entry.before() == null) {
            return entry;
        }
        Entry before = entry.arrivedAt().isAfter(horizon) ? forget(entry.before(), horizon) : null;
        return new Entry(
                entry.state(), entry.record(), entry.eventTime(), entry.expiresAt(), entry.arrivedAt(), before);
    }

    private @Nullable Entry visible(@Nullable Entry newest, Instant now) {
        Instant horizon = now.minus(behaviour.readDelay());
        Entry entry = newest;
        while (entry != null && entry.arrivedAt().isAfter(horizon)) {
            entry = entry.before();
        }
        return entry;
    }

    private void appendOffline(WireRecord record, boolean deleted, Instant now) {
        Instant writeTime = now.plus(behaviour.offlineDelay()).truncatedTo(ChronoUnit.MILLIS);
        offline.append(
                group, new OfflineRow(record, deleted, now.truncatedTo(behaviour.arrivalPrecision()), writeTime, now));
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
