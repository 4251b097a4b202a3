package dev.featurestore.serving;

import dev.featurestore.schema.Feature;
import dev.featurestore.schema.Provenance;
import dev.featurestore.spi.OfflineStore;
import dev.featurestore.training.AuditColumn;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineRow;
import dev.featurestore.training.TrainingRow;
import dev.featurestore.training.TrainingRows;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.FeatureView;
import dev.featurestore.view.GroupSelection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is asked of the history of a view's groups by one rule: collected first, then answered by one training set. */
final class HistoryQuestions {
    private static final String NUMBER = "n";

    private final OfflineStore store;

    private final FeatureView view;

    private final FeatureView asked;

    private final PointInTime rule;

    private final Map<SpineRow, Long> numbers = new LinkedHashMap<>();

    private final Map<Long, TrainingRow> rows = new HashMap<>();

    /** @param asked what {@link #of} gives for the view */
    HistoryQuestions(OfflineStore store, FeatureView view, FeatureView asked, PointInTime rule) {
        this.store = store;
        this.view = view;
        this.asked = asked;
        this.rule = rule;
    }

    /** The same selections with the origins of the rows, under names that stand in nobody's way. */
    static FeatureView of(FeatureView view) {
        FeatureView.Builder asked = FeatureView.named("what was served by '" + view.name() + "'");
        for (int s = 0; s < view.selections().size(); s++) {
            GroupSelection selection = view.selections().get(s);
            String prefix = "s" + s + "_";
            asked.from(selection.group(), select -> {
                select.named(prefix).key(prefix + "key").prefix(prefix);
                for (int c = 0; c < selection.columns().size(); c++) {
                    select.feature(selection.columns().get(c).feature(), "c" + c);
                }
                Feature<String> origin = selection.group().provenance().writeOrigin();
                if (origin != null) {
                    select.feature(origin, "origin");
                }
                selection.maxAge().ifPresent(select::maxAge);
            });
        }
        return asked.build();
    }

    /** The number of a question: which rows a label of these identifiers at that time has. */
    long ask(List<String> identifiers, Instant time) {
        Map<String, String> keys = new LinkedHashMap<>();
        for (int s = 0; s < identifiers.size(); s++) {
            keys.put(asked.selections().get(s).joinKey(), identifiers.get(s));
        }
        return numbers.computeIfAbsent(SpineRow.of(time, keys), any -> (long) numbers.size());
    }

    void answer() {
        if (numbers.isEmpty()) {
            return;
        }
        List<SpineRow> labels = new ArrayList<>();
        numbers.forEach((label, number) -> {
            Map<String, @Nullable Object> values = new LinkedHashMap<>(label.values());
            values.put(NUMBER, number);
            labels.add(SpineRow.of(label.time(), values));
        });
        TrainingSet questions = TrainingSet.of(asked, Spine.rows(labels).keep(NUMBER))
                .withPointInTime(rule)
                .withAudit(AuditColumn.EVENT_TIME, AuditColumn.ARRIVAL_TIME);
        try (TrainingRows answers = store.run(questions)) {
            for (TrainingRow row : answers) {
                Number number = (Number) Objects.requireNonNull(row.spine().get(NUMBER), "a number");
                rows.put(number.longValue(), row);
            }
        }
    }

    /** The answer to a question for selection s. */
    Answer answer(long number, int s) {
        return new Answer(Objects.requireNonNull(rows.get(number), "an answer"), s);
    }

    /** The row that the history has for one selection at one time, if it has one. */
    final class Answer {
        private final TrainingRow row;
        private final int s;

        private Answer(TrainingRow row, int s) {
            this.row = row;
            this.s = s;
        }

        @Nullable
        Instant eventTime() {
            return row.audits().get(s).eventTime();
        }

        @Nullable
        Instant arrival() {
            return row.audits().get(s).arrivalTime();
        }

        /** Rows without an origin count as served. */
        boolean isBackfill() {
            int features = view.selections().get(s).columns().size();
            boolean hasOrigin = asked.selections().get(s).columns().size() > features;
            String origin = hasOrigin && eventTime() != null ? text(features) : null;
            return origin != null && !origin.equals(Provenance.LIVE);
        }

        /** The text of column c of the selection. */
        @Nullable
        String text(int c) {
            return ColumnText.of(row.vector().availableValues(), asked.firstColumn(s) + c);
        }

        /**
         * Whether there is no row although this one, which is young enough for the label, had arrived: a delete marker hides it.
         *
         * @param other with its arrival at its word
         */
        boolean hides(Answer other) {
            Instant arrival = other.arrival();
            return eventTime() == null
                    && arrival != null
                    && !other.isBackfill()
                    && !arrival.plus(rule.arrivalUnit()).isAfter(row.spine().time());
        }

        /** Whether it is the row that the same rule gives if it takes arrivals at their word. */
        boolean isSameRow(Answer told) {
            if (!Objects.equals(eventTime(), told.eventTime())) {
                return false;
            }
            Instant arrival = arrival();
            Instant word = told.arrival();
            if (arrival == null || word == null) {
                return arrival == null && word == null;
            }
            boolean isStamped = view.selections().get(s).group().provenance().arrivalTime() != null;
            return word.plus(rule.arrivalUnit()).equals(arrival) || (isStamped && word.equals(arrival));
        }
    }
}
