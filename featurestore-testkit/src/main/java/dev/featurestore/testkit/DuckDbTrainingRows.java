package dev.featurestore.testkit;

import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureCodec;
import dev.featurestore.schema.FeatureValues;
import dev.featurestore.spi.TrainingRows;
import dev.featurestore.training.LabelTime;
import dev.featurestore.training.SpineRow;
import dev.featurestore.training.TrainingRow;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.FeatureVector;
import dev.featurestore.view.FeatureView;
import dev.featurestore.view.GroupResult;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The rows of a running query, in constant memory: spine columns, the view's columns, then event times. */
final class DuckDbTrainingRows implements TrainingRows {
    /** What to look at if a query fails for what it was given. */
    static final String HINT = "Check the types of the spine's columns";

    private static final FeatureCodec<Instant> TIME = Feature.instant("any").codec();

    private final Connection connection;

    private final Statement statement;

    private final ResultSet result;

    private final TrainingSet set;

    private final List<String> spineColumns;

    private boolean iterated;

    private DuckDbTrainingRows(Connection connection, Statement statement, ResultSet result, TrainingSet set) {
        this.connection = connection;
        this.statement = statement;
        this.result = result;
        this.set = set;
        this.spineColumns = set.spineColumns();
    }

    /** Starts the query; what is returned closes the connection. */
    static DuckDbTrainingRows start(Connection connection, TrainingSet set, String sql) throws SQLException {
        Statement statement = connection.createStatement();
        return new DuckDbTrainingRows(connection, statement, statement.executeQuery(sql), set);
    }

    @Override
    public Iterator<TrainingRow> iterator() {
        if (iterated) {
            throw new IllegalStateException("The rows of a training set are streamed once: run it again");
        }
        iterated = true;
        return new Iterator<>() {
            private boolean advanced;
            private boolean more;

            @Override
            public boolean hasNext() {
                if (!advanced) {
                    more = advance();
                    advanced = true;
                }
                return more;
            }

            @Override
            public TrainingRow next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                advanced = false;
                return row();
            }
        };
    }

    private boolean advance() {
        try {
            return result.next();
        } catch (SQLException e) {
            throw DuckDbErrors.failed("read the rows of " + set, HINT, e);
        }
    }

    private TrainingRow row() {
        try {
            Map<String, @Nullable Object> kept = new LinkedHashMap<>();
            Instant time = Instant.EPOCH;
            int column = 1;
            for (String name : spineColumns) {
                if (name.equals(set.spine().timeColumn())) {
                    time = time(column);
                } else {
                    kept.put(name, result.getObject(column));
                }
                column++;
            }
            FeatureView view = set.view();
            FeatureValues.Builder values = FeatureValues.builder(view.columns());
            for (int i = 0; i < view.columns().size(); i++) {
                read(column++, i, values);
            }
            List<GroupResult> groups = new ArrayList<>();
            for (int s = 0; s < view.selections().size(); s++) {
                groups.add(group(view.selections().get(s).name(), result.getString(column++)));
            }
            return new TrainingRow(SpineRow.of(time, kept), FeatureVector.of(view, time, values.build(), groups));
        } catch (SQLException e) {
            throw DuckDbErrors.failed("read the rows of " + set, HINT, e);
        }
    }

    private void read(int column, int i, FeatureValues.Builder values) throws SQLException {
        switch (set.view().columns().feature(i).type()) {
            case INTEGRAL -> {
                long value = result.getLong(column);
                if (!result.wasNull()) {
                    values.setLong(i, value);
                }
            }
            case FRACTIONAL -> {
                double value = result.getDouble(column);
                if (!result.wasNull()) {
                    values.setDouble(i, value);
                }
            }
            case STRING -> {
                String value = result.getString(column);
                if (value != null) {
                    values.setText(i, value);
                }
            }
        }
    }

    private static GroupResult group(String selection, @Nullable String eventTime) {
        return eventTime == null
                ? new GroupResult(selection, GroupResult.Status.ABSENT, null, null)
                : new GroupResult(selection, GroupResult.Status.FOUND, TIME.decode(eventTime), null);
    }

    /** The label's time, from whatever the spine's column is. */
    private Instant time(int column) throws SQLException {
        Object value = result.getObject(column);
        if (value == null) {
            throw new SQLException("Invalid Input Error: a label time is null");
        }
        if (set.spine().labelTime() == LabelTime.ISO_8601) {
            return TIME.decode(value.toString());
        }
        if (value instanceof OffsetDateTime zoned) {
            return zoned.toInstant();
        }
        if (value instanceof LocalDate date) {
            return date.atStartOfDay().toInstant(ZoneOffset.UTC);
        }
        if (value instanceof Number number) {
            int digits = set.spine().labelTime() == LabelTime.EPOCH_MILLIS ? 3 : 0;
            BigDecimal seconds = new BigDecimal(number.toString()).movePointLeft(digits);
            long nanos = seconds.remainder(BigDecimal.ONE).movePointRight(9).longValue();
            return Instant.ofEpochSecond(seconds.longValue(), nanos);
        }
        return result.getObject(column, LocalDateTime.class).toInstant(ZoneOffset.UTC);
    }

    @Override
    public void close() {
        try (connection;
                statement;
                result) {
            // closed in the order of their opening, backwards
        } catch (SQLException e) {
            throw DuckDbErrors.failed("close the rows of " + set, "What was read of them is right", e);
        }
    }
}
