package dev.featurestore.examples.quickstart;

import dev.featurestore.examples.fraud.Fraud;
import dev.featurestore.schema.FeatureColumns;
import dev.featurestore.schema.FeatureType;
import dev.featurestore.schema.FeatureValues;
import dev.featurestore.view.FeatureVector;
import dev.featurestore.view.GroupResult;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.duckdb.DuckDBAppender;
import org.jspecify.annotations.Nullable;

/** What was served, one row for each payment: its keys, the vector, what each group gave, and the score. */
final class ServedLog implements AutoCloseable {
    static final String TABLE = "served";

    private final DuckDBAppender appender;

    ServedLog(Workbench workbench) {
        List<String> columns = new ArrayList<>();
        columns.add("transaction_id VARCHAR");
        columns.add("event_time TIMESTAMP");
        columns.add("card_id VARCHAR");
        columns.add("merchant_id VARCHAR");
        FeatureColumns features = Fraud.MODEL_V1.columns();
        for (int i = 0; i < features.size(); i++) {
            columns.add(features.name(i) + " " + sqlType(features.feature(i).type()));
        }
        Fraud.MODEL_V1.selections().forEach(selection -> {
            columns.add(statusColumn(selection.name()) + " VARCHAR");
            columns.add(eventTimeColumn(selection.name()) + " VARCHAR");
        });
        columns.add("score DOUBLE");
        workbench.execute("CREATE TABLE " + TABLE + " (" + String.join(", ", columns) + ")");
        this.appender = workbench.appender(TABLE);
    }

    /** The column that says whether a group was found. */
    static String statusColumn(String selection) {
        return selection + "__status";
    }

    /** The column with the event time of the record that was served, named and written as in a training set. */
    static String eventTimeColumn(String selection) {
        return selection + "__event_time";
    }

    private static String sqlType(FeatureType type) {
        return switch (type) {
            case STRING -> "VARCHAR";
            case INTEGRAL -> "BIGINT";
            case FRACTIONAL -> "DOUBLE";
        };
    }

    void append(Payment payment, FeatureVector vector, double score) {
        try {
            appender.beginRow();
            appender.append(payment.id());
            appender.appendEpochMicros(ChronoUnit.MICROS.between(Instant.EPOCH, payment.time()));
            appender.append(payment.cardId());
            appender.append(payment.merchantId());
            FeatureValues values = vector.values();
            for (int i = 0; i < values.columns().size(); i++) {
                append(values, i);
            }
            for (GroupResult group : vector.results()) {
                appender.append(group.status().name().toLowerCase(Locale.ROOT));
                appendText(group.status() == GroupResult.Status.FOUND ? group.eventTime() : null);
            }
            appender.append(score);
            appender.endRow();
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot write the served log", e);
        }
    }

    private void append(FeatureValues values, int i) throws SQLException {
        if (!values.isPresent(i)) {
            appender.appendNull();
            return;
        }
        switch (values.columns().feature(i).type()) {
            case STRING -> appender.append(values.text(i));
            case INTEGRAL -> appender.append(values.getLong(i));
            case FRACTIONAL -> appender.append(values.getDouble(i));
        }
    }

    private void appendText(@Nullable Instant time) throws SQLException {
        if (time == null) {
            appender.appendNull();
        } else {
            appender.append(Fraud.EVENT_TS.codec().encode(time));
        }
    }

    @Override
    public void close() {
        try {
            appender.close();
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot write the served log", e);
        }
    }
}
