package dev.featurestore.testkit.contract;

import dev.featurestore.WriteOptions;
import dev.featurestore.schema.DeletionMode;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.spi.WireRecord;
import dev.featurestore.training.RowAudit;
import dev.featurestore.training.SpineRow;
import dev.featurestore.training.TrainingSet;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One golden case of the point-in-time rule, as data: what is written when, which labels ask, and what they must get.
 *
 * @param name a sentence that says what the case shows
 * @param arrivalPrecision how finely the service notes when a write arrived
 * @param history the writes in order of arrival
 * @param set the training set; its spine has a column {@value #NUMBER} that numbers the labels from 0
 * @param expected what the labels in the range get, by number
 */
public record PointInTimeScenario(
        String name,
        ChronoUnit arrivalPrecision,
        List<Arrival> history,
        TrainingSet set,
        Map<Long, Expected> expected) {
    /** The spine's column that numbers the labels. */
    public static final String NUMBER = "label_number";

    /** Copies the collections. */
    public PointInTimeScenario {
        history = List.copyOf(history);
        expected = Collections.unmodifiableMap(new LinkedHashMap<>(expected));
    }

    /**
     * A write and when it arrives.
     *
     * @param at not before the write before
     */
    public record Arrival(Instant at, Write write) {}

    /** Something that is written. */
    public sealed interface Write permits Put, OtherWriterPut, Delete {}

    /** A put by this library. */
    public record Put(FeatureGroup<FeatureRecord> group, FeatureRecord record, WriteOptions options) implements Write {}

    /** A put by a writer who knows nothing of this library. */
    public record OtherWriterPut(FeatureGroup<FeatureRecord> group, WireRecord record) implements Write {}

    /** A delete by this library. */
    public record Delete(FeatureGroup<FeatureRecord> group, Object identifier, Instant eventTime, DeletionMode mode)
            implements Write {}

    /**
     * What a label gets.
     *
     * @param label its time and columns, as they must come back
     * @param values of each column of the view; null where it must have none
     * @param used the rows used, by selection: an arrival that is null here is not looked at, and the age follows from the
     *     event time; selections that are not here are not looked at
     */
    public record Expected(SpineRow label, Map<String, @Nullable Object> values, Map<String, RowAudit> used) {
        /** Copies the maps. */
        public Expected {
            values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
            used = Collections.unmodifiableMap(new LinkedHashMap<>(used));
        }
    }

    /** The name. */
    @Override
    public String toString() {
        return name;
    }
}
