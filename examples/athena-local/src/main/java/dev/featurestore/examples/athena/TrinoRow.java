package dev.featurestore.examples.athena;

import dev.featurestore.schema.EventTimeFormat;
import dev.featurestore.spi.ResultRow;
import dev.featurestore.training.LabelTime;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The row that a result of Trino is at. */
final class TrinoRow implements ResultRow {
    private final ResultSet result;

    private final String what;

    /** @param what is told if a column cannot be read, such as {@code read the rows of …} */
    TrinoRow(ResultSet result, String what) {
        this.result = result;
        this.what = what;
    }

    private interface Column<T> {
        @Nullable
        T read() throws SQLException;
    }

    private <T> @Nullable T told(Column<T> column) {
        try {
            return column.read();
        } catch (SQLException e) {
            throw TrinoErrors.failed(what, e);
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
        return told(() -> result.getObject(column + 1) == null ? null : result.getLong(column + 1));
    }

    @Override
    public @Nullable Double number(int column) {
        return told(() -> result.getObject(column + 1) == null ? null : result.getDouble(column + 1));
    }

    /** From whatever the spine's column is; as text, since JDBC's own types are of other zones. */
    @Override
    public Instant labelTime(int column, LabelTime form) {
        String text = Objects.requireNonNull(told(() -> result.getString(column + 1)), "a label's time");
        return switch (form) {
            case ISO_8601 -> EventTimeFormat.iso8601(9).codec().decode(text);
            case EPOCH_SECONDS -> epoch(text, 0);
            case EPOCH_MILLIS -> epoch(text, 3);
            case TIMESTAMP -> timestamp(text);
        };
    }

    private static Instant epoch(String number, int digits) {
        BigDecimal seconds = new BigDecimal(number).movePointLeft(digits);
        return Instant.ofEpochSecond(
                seconds.longValue(),
                seconds.remainder(BigDecimal.ONE).movePointRight(9).longValue());
    }

    /** Such as {@code 2025-03-10}, {@code 2025-03-10 12:00:00.123456789} or {@code 2025-03-10 12:00:00.123 UTC}. */
    private static Instant timestamp(String text) {
        String[] parts = text.split(" ", 3);
        if (parts.length == 1) {
            return LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
        }
        ZoneId zone = parts.length == 3 ? ZoneId.of(parts[2]) : ZoneOffset.UTC;
        return LocalDateTime.parse(parts[0] + "T" + parts[1]).atZone(zone).toInstant();
    }
}
