package dev.featurestore.examples.glue;

import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureColumns;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.schema.FeatureType;
import dev.featurestore.spi.WireRecord;
import java.io.Serializable;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a group as rows of its files, with the parts of the hour in UTC behind them.
 *
 * @param <R> the row type of the group
 */
final class OfflineFileRow<R> implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Sets the columns of the partitions apart from features of these names; taken off the folders again. */
    static final String PREFIX = "__fs_";

    static final List<String> HOUR = List.of(PREFIX + "year", PREFIX + "month", PREFIX + "day", PREFIX + "hour");

    private final FeatureGroup<R> group;

    private final String runId;

    private final Instant now;

    OfflineFileRow(FeatureGroup<R> group, String runId, Instant now) {
        this.group = group;
        this.runId = runId;
        this.now = now;
    }

    StructType columns() {
        StructType columns = OfflineFolders.columns(group);
        for (String part : HOUR) {
            columns = columns.add(part, DataTypes.StringType);
        }
        return columns;
    }

    /** By which rows are sorted: files by hour, and in each of them by identifier and event time. */
    List<String> order() {
        List<String> order = new ArrayList<>(HOUR);
        order.add(folded(group.recordIdentifier()));
        order.add(folded(group.eventTime()));
        return order;
    }

    static String folded(Feature<?> feature) {
        return feature.name().toLowerCase(Locale.ROOT);
    }

    /** @throws dev.featurestore.errors.RecordMappingException if no record can be made of it */
    Row of(R row) {
        FeatureRecord record = group.rowMapper().toRecord(group, row);
        FeatureColumns columns = group.columns();
        List<@Nullable Object> values = new ArrayList<>(columns.size() + 7);
        for (int i = 0; i < columns.size(); i++) {
            values.add(null);
        }
        WireRecord wire = WireRecord.encode(record);
        for (int n = 0; n < wire.size(); n++) {
            int i = columns.find(wire.name(n));
            values.set(i, stored(columns.feature(i).type(), wire.text(n)));
        }
        stamp(values);
        values.add(Timestamp.from(now.truncatedTo(ChronoUnit.MILLIS)));
        values.add(Timestamp.from(now.truncatedTo(ChronoUnit.SECONDS)));
        values.add(false);
        OffsetDateTime time = record.eventTime().atOffset(ZoneOffset.UTC);
        values.add(String.format(Locale.ROOT, "%04d", time.getYear()));
        values.add(twoDigits(time.getMonthValue()));
        values.add(twoDigits(time.getDayOfMonth()));
        values.add(twoDigits(time.getHour()));
        return RowFactory.create(values.toArray());
    }

    private void stamp(List<@Nullable Object> values) {
        Feature<Instant> arrivalTime = group.provenance().arrivalTime();
        if (arrivalTime != null) {
            values.set(group.columns().indexOf(arrivalTime), arrivalTime.codec().encode(now));
        }
        Feature<String> writeOrigin = group.provenance().writeOrigin();
        if (writeOrigin != null) {
            values.set(group.columns().indexOf(writeOrigin), runId);
        }
    }

    private static @Nullable Object stored(FeatureType type, @Nullable String text) {
        if (text == null) {
            return null;
        }
        return switch (type) {
            case STRING -> text;
            case INTEGRAL -> Long.valueOf(text);
            case FRACTIONAL -> Double.valueOf(text);
        };
    }

    private static String twoDigits(int number) {
        return String.format(Locale.ROOT, "%02d", number);
    }
}
