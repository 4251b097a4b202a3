package dev.featurestore.examples.athena;

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
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The rows of a running query: spine columns, the view's columns, then event times. */
final class TrinoTrainingRows implements TrainingRows {
    private static final FeatureCodec<Instant> TIME = Feature.instant("any").codec();

    private final Connection connection;

    private final Statement statement;

    private final ResultSet result;

    private final TrainingSet set;

    private boolean iterated;

    private TrinoTrainingRows(Connection connection, Statement statement, ResultSet result, TrainingSet set) {
        this.connection = connection;
        this.statement = statement;
        this.result = result;
        this.set = set;
    }

    /** Starts the query; what is returned closes the connection. */
    static TrinoTrainingRows start(Connection connection, TrainingSet set, String sql) throws SQLException {
        Statement statement = connection.createStatement();
        return new TrinoTrainingRows(connection, statement, statement.executeQuery(sql), set);
    }

    @Override
    public Iterator<TrainingRow> iterator() {
        if (iterated) {
            throw new IllegalStateException("The rows of a training set are streamed once: run it again");
        }
        iterated = true;
        return new Iterator<>() {
            private @Nullable TrainingRow next = advance();

            @Override
            public boolean hasNext() {
                return next != null;
            }

            @Override
            public TrainingRow next() {
                TrainingRow row = next;
                if (row == null) {
                    throw new NoSuchElementException();
                }
                next = advance();
                return row;
            }
        };
    }

    private @Nullable TrainingRow advance() {
        try {
            return result.next() ? row() : null;
        } catch (SQLException e) {
            throw TrinoErrors.failed("read the rows of " + set, e);
        }
    }

    private TrainingRow row() throws SQLException {
        Map<String, @Nullable Object> kept = new LinkedHashMap<>();
        Instant time = Instant.EPOCH;
        int column = 1;
        for (String name : set.spineColumns()) {
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
            String used = result.getString(column++);
            String selection = view.selections().get(s).name();
            groups.add(
                    used == null
                            ? new GroupResult(selection, GroupResult.Status.ABSENT, null, null)
                            : new GroupResult(selection, GroupResult.Status.FOUND, TIME.decode(used), null));
        }
        return new TrainingRow(SpineRow.of(time, kept), FeatureVector.of(view, time, values.build(), groups));
    }

    private void read(int column, int i, FeatureValues.Builder values) throws SQLException {
        if (result.getObject(column) == null) {
            return;
        }
        switch (set.view().columns().feature(i).type()) {
            case INTEGRAL -> values.setLong(i, result.getLong(column));
            case FRACTIONAL -> values.setDouble(i, result.getDouble(column));
            case STRING -> values.setText(i, result.getString(column));
        }
    }

    /** The label's time, from whatever the spine's column is; as text, since JDBC's own types are of other zones. */
    private Instant time(int column) throws SQLException {
        String text = result.getString(column);
        LabelTime form = set.spine().labelTime();
        return switch (form) {
            case ISO_8601 -> TIME.decode(text);
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

    @Override
    public void close() {
        try (connection;
                statement;
                result) {
            // closed in the order of their opening, backwards
        } catch (SQLException e) {
            throw TrinoErrors.failed("close the rows of " + set, e);
        }
    }
}
