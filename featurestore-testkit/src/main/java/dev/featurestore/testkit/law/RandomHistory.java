package dev.featurestore.testkit.law;

import dev.featurestore.FeatureStore;
import dev.featurestore.FeatureViewClient;
import dev.featurestore.FetchOptions;
import dev.featurestore.WriteOptions;
import dev.featurestore.errors.InvalidRequestException;
import dev.featurestore.schema.DeletionMode;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.schema.Ttl;
import dev.featurestore.spi.PutCommand;
import dev.featurestore.spi.WireRecord;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.ManualClock;
import dev.featurestore.training.SpineRow;
import dev.featurestore.view.FeatureView;
import dev.featurestore.view.GroupSelection;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A seeded random life of a view's groups: writes with the chosen troubles, and fetches in between. Played on a store with a
 * manual clock, it gives each label together with what was served for it, so that a training set over the same labels can be
 * compared.
 *
 * <p>Arrivals are in whole milliseconds, and no two writes arrive in the same one: where both are equal the offline store
 * cannot tell which came last. Identifiers must be text or whole numbers.
 */
public final class RandomHistory {
    private static final Duration SPAN = Duration.ofMinutes(2);

    private static final int ENTITIES = 3;

    private final FeatureView view;

    private final Random random;

    private final Set<Trouble> troubles;

    private final RandomValues values;

    private final String namespace;

    private FetchOptions options = FetchOptions.defaults();

    /** The last records written, to be resent. */
    private final List<FeatureRecord> written = new ArrayList<>();

    /**
     * A history.
     *
     * @param number sets its identifiers apart from those of other histories on the same store
     */
    public RandomHistory(FeatureView view, int number, long seed, Set<Trouble> troubles) {
        this.view = view;
        this.random = new Random(seed);
        this.troubles = Set.copyOf(troubles);
        this.values = new RandomValues(random);
        this.namespace = Integer.toString(number);
    }

    /** Fetches labels by these options instead of the defaults. */
    public RandomHistory fetching(FetchOptions fetchOptions) {
        this.options = fetchOptions;
        return this;
    }

    /**
     * Plays the history from the clock's time on.
     *
     * @param steps how many writes and fetches
     * @return the labels in the order they were served; a label may be there twice
     */
    public List<ServedLabel> play(InMemoryFeatureStore store, ManualClock clock, int steps) {
        return play(store, store, clock, steps);
    }

    /**
     * The same through other clients of the store.
     *
     * @param service what is behind them, whose groups are made if they are not there; writers other than the library use it
     *     directly
     */
    public List<ServedLabel> play(FeatureStore clients, InMemoryFeatureStore service, ManualClock clock, int steps) {
        List<ServedLabel> served = new ArrayList<>();
        FeatureViewClient client = clients.view(view, options);
        view.selections().forEach(selection -> service.group(selection.group()));
        for (int step = 0; step < steps; step++) {
            clock.advance(pause());
            if (random.nextInt(3) == 0) {
                if (random.nextInt(3) == 0) {
                    edge(clock.instant()).ifPresent(clock::set);
                }
                ServedLabel label = fetch(client, clock);
                served.add(label);
                if (random.nextInt(8) == 0) {
                    served.add(label);
                }
            } else {
                write(clients, service, clock);
                if (random.nextInt(4) == 0) {
                    // at the very instant of the arrival
                    served.add(fetch(client, clock));
                }
            }
        }
        return served;
    }

    private Duration pause() {
        return Duration.ofMillis(random.nextInt(3) == 0 ? 1 + random.nextInt(3) : 1 + random.nextInt(2000));
    }

    /** When some record reaches its maximum age or expires, to the instant, if that is soon. */
    private Optional<Instant> edge(Instant now) {
        if (written.isEmpty()) {
            return Optional.empty();
        }
        FeatureRecord record = written.get(random.nextInt(written.size()));
        return view.selections().stream()
                .filter(selection ->
                        selection.group().name().equals(record.group().name()))
                .flatMap(selection ->
                        Stream.concat(selection.maxAge().stream(), selection.ttl().map(Ttl::toDuration).stream()))
                .map(record.eventTime()::plus)
                .filter(edge -> edge.isAfter(now)
                        && edge.isBefore(now.plus(SPAN))
                        && edge.equals(edge.truncatedTo(ChronoUnit.MILLIS)))
                .findFirst();
    }

    private ServedLabel fetch(FeatureViewClient client, ManualClock clock) {
        Map<String, Object> keys = new LinkedHashMap<>();
        for (GroupSelection selection : view.selections()) {
            keys.computeIfAbsent(
                    selection.joinKey(), key -> identifier(selection.group(), random.nextInt(ENTITIES + 1)));
        }
        return new ServedLabel(SpineRow.of(clock.instant(), keys), client.fetch(keys));
    }

    private void write(FeatureStore store, InMemoryFeatureStore service, ManualClock clock) {
        FeatureGroup<?> group =
                view.selections().get(random.nextInt(view.selections().size())).group();
        if (has(Trouble.PURGES) && random.nextInt(20) == 0) {
            service.purgeExpired();
        } else if (has(Trouble.SOFT_DELETES) && random.nextInt(6) == 0) {
            delete(store, group, clock, DeletionMode.SOFT_DELETE);
        } else if (has(Trouble.HARD_DELETES) && random.nextInt(6) == 0) {
            delete(store, group, clock, DeletionMode.HARD_DELETE);
        } else {
            put(store, service, group, clock);
        }
    }

    private void put(FeatureStore store, InMemoryFeatureStore service, FeatureGroup<?> group, ManualClock clock) {
        FeatureRecord record = record(group, clock);
        written.add(record);
        if (has(Trouble.OTHER_WRITERS) && random.nextBoolean()) {
            service.onlineStore().put(PutCommand.of(group.name(), otherPrecision(WireRecord.encode(record))));
        } else if (has(Trouble.BACKFILLS) && random.nextInt(5) == 0) {
            putRow(store, group, record, WriteOptions.defaults().withBackfillId("backfill-1"));
        } else {
            putRow(store, group, record, WriteOptions.defaults());
        }
    }

    @SuppressWarnings("unchecked") // a group's row mapper reads what it wrote
    private static <R> void putRow(
            FeatureStore store, FeatureGroup<R> group, FeatureRecord record, WriteOptions options) {
        store.group(group).put(group.rowMapper().fromRecord(record), options);
    }

    private FeatureRecord record(FeatureGroup<?> group, ManualClock clock) {
        if (has(Trouble.EQUAL_TIMES) && !written.isEmpty() && random.nextInt(8) == 0) {
            FeatureRecord before = written.get(random.nextInt(written.size()));
            if (before.group().name().equals(group.name())) {
                return before;
            }
        }
        FeatureRecord.Builder record = group.newRecord();
        record.set(group.recordIdentifier().name(), identifier(group, random.nextInt(ENTITIES)));
        record.set(group.eventTime(), eventTime(group, clock.instant()));
        for (Feature<?> feature : group.features()) {
            boolean isKey = feature.equals(group.recordIdentifier()) || feature.equals(group.eventTime());
            boolean isStamp = feature.equals(group.provenance().arrivalTime())
                    || feature.equals(group.provenance().writeOrigin());
            if (!isKey && !isStamp && (feature.isRequired() || random.nextInt(4) > 0)) {
                record.set(feature.name(), values.next(feature).orElse(null));
            }
        }
        return record.build();
    }

    private Instant eventTime(FeatureGroup<?> group, Instant now) {
        Instant time = now;
        if (has(Trouble.EQUAL_TIMES) && random.nextInt(3) == 0) {
            time = now.truncatedTo(ChronoUnit.MINUTES);
        } else if (has(Trouble.LATE_ROWS) && random.nextInt(3) == 0) {
            time = now.minus(Duration.ofNanos((long) (random.nextDouble() * SPAN.toNanos())));
        } else if (has(Trouble.FUTURE_EVENTS) && random.nextInt(8) == 0) {
            time = now.plus(Duration.ofNanos((long) (random.nextDouble() * SPAN.toNanos() / 4)));
        }
        return writable(group, time);
    }

    /** Cut to what the group's event time can hold. */
    private static Instant writable(FeatureGroup<?> group, Instant time) {
        Instant cut = time;
        for (ChronoUnit unit : List.of(ChronoUnit.NANOS, ChronoUnit.MICROS, ChronoUnit.MILLIS, ChronoUnit.SECONDS)) {
            cut = time.truncatedTo(unit);
            try {
                group.eventTime().codec().encode(cut);
                return cut;
            } catch (IllegalArgumentException e) {
                // too fine for the group's format: try the next coarser unit
            }
        }
        return cut;
    }

    private void delete(FeatureStore store, FeatureGroup<?> group, ManualClock clock, DeletionMode mode) {
        Object identifier = identifier(group, random.nextInt(ENTITIES));
        try {
            store.group(group).delete(identifier, eventTime(group, clock.instant()), mode);
        } catch (InvalidRequestException e) {
            // a hard delete that came too late is refused, and leaves nothing behind
        }
    }

    private Object identifier(FeatureGroup<?> group, int entity) {
        String text = namespace + entity;
        return group.recordIdentifier().codec().decode(text);
    }

    /** The same record with its event time in 0, 3 or 9 digits, as far as that keeps the instant. */
    private WireRecord otherPrecision(WireRecord record) {
        String[] names = new String[record.size()];
        Object[] texts = new Object[record.size()];
        for (int n = 0; n < names.length; n++) {
            names[n] = record.name(n);
            String text = String.valueOf(record.text(n));
            boolean isIsoTime = text.length() == 30 && text.charAt(10) == 'T' && text.endsWith("Z");
            texts[n] = isIsoTime ? shortened(text) : text;
        }
        return WireRecord.of(names, texts);
    }

    private String shortened(String time) {
        if (time.endsWith(".000000000Z") && random.nextBoolean()) {
            return time.substring(0, 19) + "Z";
        }
        return time.endsWith("000000Z") && random.nextBoolean() ? time.substring(0, 23) + "Z" : time;
    }

    private boolean has(Trouble trouble) {
        return troubles.contains(trouble);
    }
}
