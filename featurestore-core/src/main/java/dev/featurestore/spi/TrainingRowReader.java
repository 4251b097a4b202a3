package dev.featurestore.spi;

import dev.featurestore.errors.QueryFailedException;
import dev.featurestore.schema.EventTimeFormat;
import dev.featurestore.schema.FeatureCodec;
import dev.featurestore.schema.FeatureValues;
import dev.featurestore.training.AuditColumn;
import dev.featurestore.training.RowAudit;
import dev.featurestore.training.SpineRow;
import dev.featurestore.training.TrainingRow;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.FeatureVector;
import dev.featurestore.view.FeatureView;
import dev.featurestore.view.GroupResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns the rows of a rendered training set into typed ones. Safe for use by many threads. */
public final class TrainingRowReader {
    private static final FeatureCodec<Instant> TIME = EventTimeFormat.iso8601(9).codec();

    private final TrainingSet set;

    private final LabelReader labels;

    /** @param set as it was rendered, with the event times among its audit columns */
    public TrainingRowReader(TrainingSet set) {
        this.set = set;
        this.labels = new LabelReader(set);
        if (set.auditColumns(AuditColumn.EVENT_TIME).isEmpty()) {
            throw new IllegalArgumentException("Without event times a row does not tell found from absent: read " + set
                    + " with withAudit(AuditColumn.EVENT_TIME)");
        }
    }

    /** How many columns a row has. */
    public int columns() {
        int audits = set.audit().size() * set.view().selections().size();
        return labels.columns() + set.view().columns().size() + audits;
    }

    /**
     * The row.
     *
     * @throws QueryFailedException if an audit column holds no time
     */
    public TrainingRow read(ResultRow row) {
        SpineRow label = labels.read(row);
        FeatureView view = set.view();
        int column = labels.columns();
        FeatureValues.Builder values = FeatureValues.builder(view.columns());
        for (int i = 0; i < view.columns().size(); i++) {
            read(row, column++, i, values);
        }
        List<RowAudit> audits = audits(row, column);
        List<GroupResult> groups = new ArrayList<>();
        for (int s = 0; s < audits.size(); s++) {
            String selection = view.selections().get(s).name();
            Instant used = audits.get(s).eventTime();
            groups.add(used == null ? GroupResult.absent(selection) : GroupResult.found(selection, used));
        }
        return new TrainingRow(label, FeatureVector.of(view, label.time(), values.build(), groups), audits);
    }

    private void read(ResultRow row, int column, int i, FeatureValues.Builder values) {
        switch (set.view().columns().feature(i).type()) {
            case INTEGRAL -> {
                Long value = row.wholeNumber(column);
                if (value != null) {
                    values.setLong(i, value);
                }
            }
            case FRACTIONAL -> {
                Double value = row.number(column);
                if (value != null) {
                    values.setDouble(i, value);
                }
            }
            case STRING -> {
                String value = row.text(column);
                if (value != null) {
                    values.setText(i, value);
                }
            }
        }
    }

    private List<RowAudit> audits(ResultRow row, int first) {
        int selections = set.view().selections().size();
        List<RowAudit> audits = new ArrayList<>();
        for (int s = 0; s < selections; s++) {
            int column = first + s;
            Instant eventTime = null;
            Instant arrivalTime = null;
            Double age = null;
            for (AuditColumn audit : set.audit()) {
                switch (audit) {
                    case EVENT_TIME -> eventTime = time(row.text(column));
                    case ARRIVAL_TIME -> arrivalTime = time(row.text(column));
                    case AGE -> age = row.number(column);
                }
                column += selections;
            }
            audits.add(new RowAudit(eventTime, arrivalTime, age));
        }
        return audits;
    }

    private @Nullable Instant time(@Nullable String text) {
        try {
            return text == null ? null : TIME.decode(text);
        } catch (RuntimeException e) {
            throw new QueryFailedException("Reading the rows of " + set
                    + ": an audit column has a value that is not a UTC time such as 2025-01-31T23:59:59.123Z");
        }
    }
}
