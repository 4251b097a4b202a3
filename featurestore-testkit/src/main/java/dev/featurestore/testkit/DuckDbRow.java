package dev.featurestore.testkit;

import dev.featurestore.schema.EventTimeFormat;
import dev.featurestore.spi.ResultRow;
import dev.featurestore.training.LabelTime;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The row that a result of DuckDB is at. */
final class DuckDbRow implements ResultRow {
    private final ResultSet result;

    private final String what;

    /** @param what is told if a column cannot be read, such as {@code read the rows of …} */
    DuckDbRow(ResultSet result, String what) {
        this.result = result;
        this.what = what;
    }

    private interface DuckDbColumn<T> {
        @Nullable
        T read() throws SQLException;
    }

    private <T> @Nullable T told(DuckDbColumn<T> column) {
        try {
            return column.read();
        } catch (SQLException e) {
            throw DuckDbErrors.failed(what, DuckDbTrainingRows.HINT, e);
        }
    }

    @Override
    public @Nullable Object value(int column) {
        return told(() -> result.getObject(column + 1));
    }

    @Override
    public @Nullable String text(int column) {
        return told(() -> result.getString(column + 1));
    }

    @Override
    public @Nullable Long wholeNumber(int column) {
        return told(() -> {
            long value = result.getLong(column + 1);
            return result.wasNull() ? null : value;
        });
    }

    @Override
    public @Nullable Double number(int column) {
        return told(() -> {
            double value = result.getDouble(column + 1);
            return result.wasNull() ? null : value;
        });
    }

    @Override
    public Instant labelTime(int column, LabelTime form) {
        return Objects.requireNonNull(told(() -> time(column + 1, form)));
    }

    /** From whatever the spine's column is. */
    private Instant time(int column, LabelTime form) throws SQLException {
        Object value = result.getObject(column);
        if (value == null) {
            throw new SQLException("Invalid Input Error: a label time is null");
        }
        if (form == LabelTime.ISO_8601) {
            return EventTimeFormat.iso8601(9).codec().decode(value.toString());
        }
        if (value instanceof OffsetDateTime zoned) {
            return zoned.toInstant();
        }
        if (value instanceof LocalDate date) {
            return date.atStartOfDay().toInstant(ZoneOffset.UTC);
        }
        if (value instanceof Number number) {
            int digits = form == LabelTime.EPOCH_MILLIS ? 3 : 0;
            BigDecimal seconds = new BigDecimal(number.toString()).movePointLeft(digits);
            long nanos = seconds.remainder(BigDecimal.ONE).movePointRight(9).longValue();
            return Instant.ofEpochSecond(seconds.longValue(), nanos);
        }
        return result.getObject(column, LocalDateTime.class).toInstant(ZoneOffset.UTC);
    }
}
