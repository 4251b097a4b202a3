package dev.featurestore.aws;

import dev.featurestore.errors.QueryFailedException;
import dev.featurestore.schema.EventTimeFormat;
import dev.featurestore.schema.FeatureType;
import dev.featurestore.spi.ResultRow;
import dev.featurestore.training.LabelTime;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.athena.model.ColumnInfo;
import software.amazon.awssdk.services.athena.model.Datum;

/** Reads the texts of a result by the types of its columns. */
final class AthenaValues {
    private final String what;

    private final List<ColumnInfo> columns;

    /**
     * The columns of a result.
     *
     * @param what is told if it cannot be read, such as {@code Reading the rows of …}
     * @param expected how many columns there are to be
     * @throws QueryFailedException if there are more or fewer
     */
    AthenaValues(String what, List<ColumnInfo> columns, int expected) {
        this.what = what;
        this.columns = columns;
        if (columns.size() != expected) {
            throw new QueryFailedException(
                    what + ": expected " + expected + " columns, but the result has " + columns.size());
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

    ResultRow row(List<Datum> row) {
        return new Values(row);
    }

    private String type(int column) {
        return String.valueOf(columns.get(column).type()).toLowerCase(Locale.ROOT);
    }

    private QueryFailedException unreadable(int column, String expected) {
        return new QueryFailedException(what + ": column '"
                + columns.get(column).name() + "' of type " + type(column) + " has a value that is not " + expected);
    }

    private final class Values implements ResultRow {
        private final List<Datum> row;

        Values(List<Datum> row) {
            this.row = row;
        }

        /** A null is a member that is missing, and an empty text one that is empty. */
        @Override
        public @Nullable String text(int column) {
            return column < row.size() ? row.get(column).varCharValue() : null;
        }

        @Override
        public @Nullable Object value(int column) {
            String text = text(column);
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

        @Override
        public @Nullable Long wholeNumber(int column) {
            String text = text(column);
            try {
                return text == null ? null : Long.valueOf(text);
            } catch (NumberFormatException e) {
                throw unreadable(column, "one of type " + FeatureType.INTEGRAL.wireName());
            }
        }

        @Override
        public @Nullable Double number(int column) {
            String text = text(column);
            try {
                return text == null ? null : Double.valueOf(text);
            } catch (NumberFormatException e) {
                throw unreadable(column, "one of type " + FeatureType.FRACTIONAL.wireName());
            }
        }

        /** From whatever the spine's column is. */
        @Override
        public Instant labelTime(int column, LabelTime form) {
            String text = text(column);
            if (text == null) {
                throw unreadable(column, "a label's time, since it is null");
            }
            try {
                return switch (form) {
                    case ISO_8601 -> EventTimeFormat.iso8601(9).codec().decode(text);
                    case TIMESTAMP -> timestamp(text);
                    case EPOCH_SECONDS -> epoch(new BigDecimal(text));
                    case EPOCH_MILLIS -> epoch(new BigDecimal(text).movePointLeft(3));
                };
            } catch (DateTimeException | IllegalArgumentException e) {
                throw unreadable(column, "a label's time in the form " + form);
            }
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
