package dev.featurestore.testkit.contract;

import dev.featurestore.WriteOptions;
import dev.featurestore.schema.DeletionMode;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.spi.WireRecord;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.RowAudit;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineRow;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.FeatureView;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes a scenario down. Times such as {@code 12:00:00.5} are of 10 March 2025; with a date they are what they say. The
 * usual group has an {@code amount}, a {@code count} that is 0 by default and a {@code city}; the usual card is card 1.
 */
final class ScenarioBuilder {
    static final Feature<String> CARD_ID = Feature.string("card_id");
    static final Feature<Instant> EVENT_TS = Feature.eventTime("event_ts");
    static final Feature<Double> AMOUNT = Feature.fractional("amount");
    static final Feature<Long> COUNT = Feature.integral("count").withDefault(0L);
    static final Feature<String> CITY = Feature.string("city");
    static final Feature<Instant> ARRIVED_AT = Feature.instant("arrived_at");
    static final Feature<String> ORIGIN = Feature.string("write_origin");

    static final FeatureGroup<FeatureRecord> CARDS =
            cards("cards").onlineStore().build();

    /** With a time to live of 10 minutes. */
    static final FeatureGroup<FeatureRecord> EXPIRING = cards("expiring-cards")
            .onlineStore(online -> online.ttl(Duration.ofMinutes(10)))
            .build();

    static final FeatureGroup<FeatureRecord> STAMPED = cards("stamped-cards")
            .onlineStore()
            .stampArrivalTime(ARRIVED_AT)
            .stampWriteOrigin(ORIGIN)
            .build();

    private final String name;
    private final FeatureGroup<FeatureRecord> group;
    private final List<PointInTimeScenario.Arrival> history = new ArrayList<>();
    private final List<SpineRow> labels = new ArrayList<>();
    private final Map<Long, PointInTimeScenario.Expected> expected = new LinkedHashMap<>();
    private FeatureView view;
    private PointInTime rule = PointInTime.eventTime();
    private ChronoUnit arrivalPrecision = ChronoUnit.MILLIS;
    private @Nullable Instant from;
    private @Nullable Instant until;

    private ScenarioBuilder(String name, FeatureGroup<FeatureRecord> group) {
        this.name = name;
        this.group = group;
        this.view = FeatureView.named("model")
                .from(group, select -> select.key("card").allFeatures())
                .build();
    }

    private static FeatureGroup.Builder<FeatureRecord> cards(String name) {
        return FeatureGroup.named(name)
                .recordIdentifier(CARD_ID)
                .eventTime(EVENT_TS)
                .features(AMOUNT, COUNT, CITY)
                .offlineStore(offline -> offline.s3Uri("s3://bucket/features"));
    }

    /** A scenario of what was true. */
    static ScenarioBuilder eventTime(String name) {
        return new ScenarioBuilder(name, CARDS);
    }

    static ScenarioBuilder eventTime(String name, FeatureGroup<FeatureRecord> group) {
        return new ScenarioBuilder(name, group);
    }

    /** A scenario of what was served, with arrival times that are exact. */
    static ScenarioBuilder asServed(String name) {
        return asServed(name, CARDS);
    }

    static ScenarioBuilder asServed(String name, FeatureGroup<FeatureRecord> group) {
        return new ScenarioBuilder(name, group).rule(PointInTime.asServed(Duration.ZERO));
    }

    static Instant at(String time) {
        return Instant.parse(time.length() > 20 || time.endsWith("Z") ? time : "2025-03-10T" + time + "Z");
    }

    ScenarioBuilder rule(PointInTime pointInTime) {
        this.rule = pointInTime;
        return this;
    }

    /** The service notes arrivals in whole seconds. */
    ScenarioBuilder coarseArrivals() {
        this.arrivalPrecision = ChronoUnit.SECONDS;
        return this;
    }

    ScenarioBuilder view(FeatureView other) {
        this.view = other;
        return this;
    }

    ScenarioBuilder maxAge(Duration age) {
        return view(FeatureView.named("model")
                .from(group, select -> select.key("card").allFeatures().maxAge(age))
                .build());
    }

    ScenarioBuilder labelsBetween(String start, String end) {
        this.from = at(start);
        this.until = at(end);
        return this;
    }

    /** A record of card 1 that arrives at its event time: feature names and values in turn. */
    ScenarioBuilder put(String time, Object... values) {
        return arriving(time, time, values);
    }

    /** A record of card 1 with an event time of its own. */
    ScenarioBuilder arriving(String arrival, String eventTime, Object... values) {
        return put(arrival, record("card-1", eventTime, values), WriteOptions.defaults());
    }

    ScenarioBuilder putCard(Object card, String time, Object... values) {
        return put(time, record(card, time, values), WriteOptions.defaults());
    }

    ScenarioBuilder put(String arrival, FeatureRecord record, WriteOptions options) {
        return arrives(arrival, new PointInTimeScenario.Put(owner(record), record, options));
    }

    @SuppressWarnings("unchecked") // all groups here have records for rows
    private static FeatureGroup<FeatureRecord> owner(FeatureRecord record) {
        return (FeatureGroup<FeatureRecord>) record.group();
    }

    private FeatureRecord record(Object card, String eventTime, Object... values) {
        return recordOf(group, card, eventTime, values);
    }

    static FeatureRecord recordOf(FeatureGroup<FeatureRecord> group, Object card, String eventTime, Object... values) {
        FeatureRecord.Builder record =
                group.newRecord().set(group.recordIdentifier().name(), card).set(group.eventTime(), at(eventTime));
        for (int i = 0; i < values.length; i += 2) {
            record.set((String) values[i], values[i + 1]);
        }
        return record.build();
    }

    ScenarioBuilder backfill(String arrival, String eventTime, Object... values) {
        return put(
                arrival,
                record("card-1", eventTime, values),
                WriteOptions.defaults().withBackfillId("backfill-7"));
    }

    /** A record of card 1 by another writer: names and texts in turn, the event time as it is. */
    ScenarioBuilder otherWriter(String arrival, String eventTimeText, String... texts) {
        String[] names = new String[2 + texts.length / 2];
        Object[] values = new Object[names.length];
        names[0] = group.recordIdentifier().name();
        values[0] = "card-1";
        names[1] = group.eventTime().name();
        values[1] = eventTimeText;
        for (int i = 0; i < texts.length; i += 2) {
            names[2 + i / 2] = texts[i];
            values[2 + i / 2] = texts[i + 1];
        }
        return arrives(arrival, new PointInTimeScenario.OtherWriterPut(group, WireRecord.of(names, values)));
    }

    ScenarioBuilder delete(String arrival, String eventTime) {
        return arrives(
                arrival, new PointInTimeScenario.Delete(group, "card-1", at(eventTime), DeletionMode.SOFT_DELETE));
    }

    private ScenarioBuilder arrives(String arrival, PointInTimeScenario.Write write) {
        history.add(new PointInTimeScenario.Arrival(at(arrival), write));
        return this;
    }

    /** A label of card 1, and the amount, count and city it gets. */
    ScenarioBuilder label(String time, @Nullable Double amount, @Nullable Long count, @Nullable String city) {
        return label(time, "card-1", amount, count, city);
    }

    ScenarioBuilder label(
            String time, @Nullable Object card, @Nullable Double amount, @Nullable Long count, @Nullable String city) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("amount", amount);
        values.put("count", count);
        values.put("city", city);
        Map<String, @Nullable Object> keys = new LinkedHashMap<>();
        keys.put("card", card);
        return label(time, keys, values);
    }

    /** A label of card 1 that gets nothing but the default. */
    ScenarioBuilder labelWithoutRow(String time) {
        return label(time, null, 0L, null).usedRowOf(null);
    }

    ScenarioBuilder label(
            String time, Map<String, ? extends @Nullable Object> keys, Map<String, ? extends @Nullable Object> values) {
        long number = labels.size();
        Map<String, @Nullable Object> columns = new LinkedHashMap<>(keys);
        columns.put(PointInTimeScenario.NUMBER, number);
        SpineRow label = SpineRow.of(at(time), columns);
        labels.add(label);
        expected.put(number, new PointInTimeScenario.Expected(label, new LinkedHashMap<>(values), Map.of()));
        return this;
    }

    /** The event time of the row that the last label used; null if it used none. */
    ScenarioBuilder usedRowOf(@Nullable String eventTime) {
        return used(eventTime == null ? RowAudit.NO_ROW : new RowAudit(at(eventTime), null, null));
    }

    /** The event time and the arrival of the row that the last label used. */
    ScenarioBuilder usedRowOf(String eventTime, String arrivalTime) {
        return used(new RowAudit(at(eventTime), at(arrivalTime), null));
    }

    private ScenarioBuilder used(RowAudit row) {
        Map<String, RowAudit> used = Map.of(view.selections().get(0).name(), row);
        expected.computeIfPresent(
                labels.size() - 1L,
                (number, before) -> new PointInTimeScenario.Expected(before.label(), before.values(), used));
        return this;
    }

    PointInTimeScenario build() {
        Spine spine = Spine.rows(labels);
        if (!labels.isEmpty()) {
            List<String> kept = labels.get(0).values().keySet().stream()
                    .filter(column -> !view.joinKeys().contains(column))
                    .toList();
            spine = spine.keep(kept.toArray(String[]::new));
        }
        TrainingSet set = TrainingSet.of(view, spine).withPointInTime(rule);
        Instant start = from;
        if (start != null) {
            Instant end = Objects.requireNonNull(until);
            set = set.labelsBetween(start, end);
            expected.values()
                    .removeIf(label -> label.label().time().isBefore(start)
                            || !label.label().time().isBefore(end));
        }
        return new PointInTimeScenario(name, arrivalPrecision, history, set, expected);
    }
}
