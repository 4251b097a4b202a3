package dev.featurestore.examples.glue;

import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureCodec;
import dev.featurestore.schema.FeatureValues;
import dev.featurestore.spi.TrainingRows;
import dev.featurestore.training.SpineRow;
import dev.featurestore.training.TrainingRow;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.FeatureVector;
import dev.featurestore.view.FeatureView;
import dev.featurestore.view.GroupResult;
import java.math.BigDecimal;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/** The rows of a frame, one partition at a time: spine columns, the view's columns, then event times. */
final class SparkTrainingRows implements TrainingRows {
    private static final FeatureCodec<Instant> TIME = Feature.instant("any").codec();

    private final TrainingSet set;

    private final Dataset<Row> frame;

    private boolean iterated;

    SparkTrainingRows(TrainingSet set, Dataset<Row> frame) {
        this.set = set;
        this.frame = frame;
    }

    @Override
    public Iterator<TrainingRow> iterator() {
        if (iterated) {
            throw new IllegalStateException("The rows of a training set are streamed once: run it again");
        }
        iterated = true;
        Iterator<Row> rows = told(frame::toLocalIterator);
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return told(rows::hasNext);
            }

            @Override
            public TrainingRow next() {
                return row(told(rows::next));
            }
        };
    }

    private interface Step<T> {
        T run() throws Exception;
    }

    private <T> T told(Step<T> step) {
        try {
            return step.run();
        } catch (Exception e) {
            throw SparkOfflineStore.failed("read the rows of " + set, e);
        }
    }

    private TrainingRow row(Row row) {
        Map<String, @Nullable Object> kept = new LinkedHashMap<>();
        Instant time = Instant.EPOCH;
        int column = 0;
        for (String name : set.spineColumns()) {
            if (name.equals(set.spine().timeColumn())) {
                time = time(row.get(column));
            } else {
                kept.put(name, row.get(column));
            }
            column++;
        }
        FeatureView view = set.view();
        FeatureValues.Builder values = FeatureValues.builder(view.columns());
        for (int i = 0; i < view.columns().size(); i++) {
            read(row, column++, i, values);
        }
        List<GroupResult> groups = new ArrayList<>();
        for (int s = 0; s < view.selections().size(); s++) {
            String used = row.getString(column++);
            String selection = view.selections().get(s).name();
            groups.add(
                    used == null
                            ? new GroupResult(selection, GroupResult.Status.ABSENT, null, null)
                            : new GroupResult(selection, GroupResult.Status.FOUND, TIME.decode(used), null));
        }
        return new TrainingRow(SpineRow.of(time, kept), FeatureVector.of(view, time, values.build(), groups));
    }

    private void read(Row row, int column, int i, FeatureValues.Builder values) {
        if (row.isNullAt(column)) {
            return;
        }
        switch (set.view().columns().feature(i).type()) {
            case INTEGRAL -> values.setLong(i, row.getLong(column));
            case FRACTIONAL -> values.setDouble(i, row.getDouble(column));
            case STRING -> values.setText(i, row.getString(column));
        }
    }

    /** The label's time, from whatever the spine's column is and whichever classes the session gives for it. */
    private Instant time(Object value) {
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
        return switch (set.spine().labelTime()) {
            case EPOCH_SECONDS -> epoch(value, 0);
            case EPOCH_MILLIS -> epoch(value, 3);
            case ISO_8601, TIMESTAMP -> TIME.decode(value.toString());
        };
    }

    private static Instant epoch(Object number, int digits) {
        BigDecimal seconds = new BigDecimal(number.toString()).movePointLeft(digits);
        return Instant.ofEpochSecond(
                seconds.longValue(),
                seconds.remainder(BigDecimal.ONE).movePointRight(9).longValue());
    }

    /** Nothing is held: what was read of a frame is Spark's. */
    @Override
    public void close() {
        // nothing to free
    }
}
