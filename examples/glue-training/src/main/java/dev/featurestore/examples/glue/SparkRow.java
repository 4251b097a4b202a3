package dev.featurestore.examples.glue;

import dev.featurestore.schema.EventTimeFormat;
import dev.featurestore.spi.ResultRow;
import dev.featurestore.training.LabelTime;
import java.math.BigDecimal;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/** A row of a frame. */
record SparkRow(Row row) implements ResultRow {
    @Override
    public @Nullable Object value(int column) {
        return row.get(column);
    }

    @Override
    public @Nullable String text(int column) {
        return row.getString(column);
    }

    @Override
    public @Nullable Long wholeNumber(int column) {
        return row.isNullAt(column) ? null : row.getLong(column);
    }

    @Override
    public @Nullable Double number(int column) {
        return row.isNullAt(column) ? null : row.getDouble(column);
    }

    /** From whatever the spine's column is and whichever classes the session gives for it. */
    @Override
    public Instant labelTime(int column, LabelTime form) {
        Object value = row.get(column);
        if (value instanceof Instant instant) {
            return instant;
        }
        if (value instanceof Timestamp timestamp) {
            return timestamp.toInstant();
        }
        if (value instanceof LocalDateTime local) {
            return local.toInstant(ZoneOffset.UTC);
        }
        if (value instanceof LocalDate date) {
            return date.atStartOfDay().toInstant(ZoneOffset.UTC);
        }
        if (value instanceof Date date) {
            return date.toLocalDate().atStartOfDay().toInstant(ZoneOffset.UTC);
        }
        return switch (form) {
            case EPOCH_SECONDS -> epoch(value, 0);
            case EPOCH_MILLIS -> epoch(value, 3);
            case ISO_8601, TIMESTAMP -> EventTimeFormat.iso8601(9).codec().decode(value.toString());
        };
    }

    private static Instant epoch(Object number, int digits) {
        BigDecimal seconds = new BigDecimal(number.toString()).movePointLeft(digits);
        return Instant.ofEpochSecond(
                seconds.longValue(),
                seconds.remainder(BigDecimal.ONE).movePointRight(9).longValue());
    }
}
