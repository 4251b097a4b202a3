package dev.featurestore.aws;

import dev.featurestore.errors.QueryFailedException;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureCodec;
import dev.featurestore.schema.FeatureType;
import dev.featurestore.schema.FeatureValues;
import dev.featurestore.training.LabelTime;
import dev.featurestore.training.SpineRow;
import dev.featurestore.training.TrainingRow;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.FeatureVector;
import dev.featurestore.view.FeatureView;
import dev.featurestore.view.GroupResult;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.athena.model.ColumnInfo;
import software.amazon.awssdk.services.athena.model.Datum;

/** Turns the texts of a result into training rows, by the types of its columns: spine, view, event times. */
final class AthenaValues {
    private static final FeatureCodec<Instant> TIME = Feature.instant("any").codec();

    private final TrainingSet set;

    private final List<String> spineColumns;

    private final List<ColumnInfo> columns;

    /** @throws QueryFailedException if the result has not the columns of the set */
    AthenaValues(TrainingSet set, List<ColumnInfo> columns) {
        this.set = set;
        this.spineColumns = set.spineColumns();
        this.columns = columns;
        FeatureView view = set.view();
        int expected =
                spineColumns.size() + view.columns().size() + view.selections().size();
        if (columns.size() != expected) {
            throw new QueryFailedException("Reading the rows of " + set + ": expected " + expected
                    + " columns, but the result has " + columns.size());
        }
    }

    /** Whether a row repeats the names of the columns, as the first one of a result does. */
    boolean isHeader(List<Datum> row) {
        if (row.size() != columns.size()) {
            return false;
        }
        for (int c = 0; c < columns.size(); c++) {
            if (!columns.get(c).name().equalsIgnoreCase(row.get(c).varCharValue())) {
                return false;
            }
        }
        return true;
    }

    TrainingRow row(List<Datum> row) {
        Map<String, @Nullable Object> kept = new LinkedHashMap<>();
        Instant time = Instant.EPOCH;
        int c = 0;
        for (String name : spineColumns) {
            if (name.equals(set.spine().timeColumn())) {
                time = time(c, row);
            } else {
                kept.put(name, value(c, row));
            }
            c++;
        }
        FeatureView view = set.view();
        FeatureValues.Builder values = FeatureValues.builder(view.columns());
        for (int i = 0; i < view.columns().size(); i++) {
            feature(c++, row, i, values);
        }
        List<GroupResult> groups = new ArrayList<>();
        for (int s = 0; s < view.selections().size(); s++) {
            groups.add(group(c++, row, view.selections().get(s).name()));
        }
        return new TrainingRow(SpineRow.of(time, kept), FeatureVector.of(view, time, values.build(), groups));
    }

    /** A null is a member that is missing, and an empty text one that is empty. */
    private static @Nullable String text(int column, List<Datum> row) {
        return column < row.size() ? row.get(column).varCharValue() : null;
    }

    private String type(int column) {
        return String.valueOf(columns.get(column).type()).toLowerCase(Locale.ROOT);
    }

    private QueryFailedException unreadable(int column, String expected) {
        return new QueryFailedException("Reading the rows of " + set + ": column '"
                + columns.get(column).name() + "' of type " + type(column) + " has a value that is not " + expected);
    }

    /** A column of the spine, in the Java type of its own. */
    private @Nullable Object value(int column, List<Datum> row) {
        String text = text(column, row);
        if (text == null) {
            return null;
        }
        try {
            return switch (type(column)) {
                case "tinyint", "smallint", "integer", "int" -> Integer.valueOf(text);
                case "bigint" -> Long.valueOf(text);
                case "double" -> Double.valueOf(text);
                case "float", "real" -> Float.valueOf(text);
                case "boolean" -> Boolean.valueOf(text);
                case "decimal" -> new BigDecimal(text);
                default -> text;
            };
        } catch (NumberFormatException e) {
            throw unreadable(column, "of that type");
        }
    }

    private void feature(int column, List<Datum> row, int i, FeatureValues.Builder values) {
        String text = text(column, row);
        if (text == null) {
            return;
        }
        FeatureType type = set.view().columns().feature(i).type();
        try {
            switch (type) {
                case INTEGRAL -> values.setLong(i, Long.parseLong(text));
                case FRACTIONAL -> values.setDouble(i, Double.parseDouble(text));
                case STRING -> values.setText(i, text);
            }
        } catch (NumberFormatException e) {
            throw unreadable(column, "one of type " + type.wireName());
        }
    }

    private GroupResult group(int column, List<Datum> row, String selection) {
        String text = text(column, row);
        if (text == null) {
            return new GroupResult(selection, GroupResult.Status.ABSENT, null, null);
        }
        return new GroupResult(selection, GroupResult.Status.FOUND, iso(column, text), null);
    }

    private Instant iso(int column, String text) {
        try {
            return TIME.decode(text);
        } catch (RuntimeException e) {
            throw unreadable(column, "a UTC time such as 2025-01-31T23:59:59.123Z");
        }
    }

    /** The label's time, from whatever the spine's column is. */
    private Instant time(int column, List<Datum> row) {
        String text = text(column, row);
        if (text == null) {
            throw unreadable(column, "a label's time, since it is null");
        }
        LabelTime form = set.spine().labelTime();
        if (form == LabelTime.ISO_8601) {
            return iso(column, text);
        }
        try {
            return switch (form) {
                case TIMESTAMP, ISO_8601 -> timestamp(text);
                case EPOCH_SECONDS -> epoch(new BigDecimal(text));
                case EPOCH_MILLIS -> epoch(new BigDecimal(text).movePointLeft(3));
            };
        } catch (DateTimeException | NumberFormatException e) {
            throw unreadable(column, "a label's time in the form " + form);
        }
    }

    private static Instant epoch(BigDecimal seconds) {
        BigDecimal nanos = seconds.remainder(BigDecimal.ONE).movePointRight(9);
        return Instant.ofEpochSecond(seconds.longValue(), nanos.longValue());
    }

    /** Such as {@code 2025-01-31 23:59:59.123}, which is UTC, the same with a zone behind it, or a date. */
    private static Instant timestamp(String text) {
        String[] parts = text.split(" ", 3);
        if (parts.length == 1) {
            return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
        }
        LocalDateTime time = LocalDateTime.parse(parts[0] + "T" + parts[1]);
        return time.atZone(parts.length == 3 ? ZoneId.of(parts[2]) : ZoneOffset.UTC)
                .toInstant();
    }
}
