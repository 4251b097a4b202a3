package dev.featurestore.serving;

import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureValues;
import dev.featurestore.schema.Provenance;
import dev.featurestore.serving.ServedDifference.Kind;
import dev.featurestore.spi.OfflineStore;
import dev.featurestore.spi.TrainingRows;
import dev.featurestore.training.AuditColumn;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.Spine;
import dev.featurestore.training.SpineRow;
import dev.featurestore.training.TrainingRow;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.FeatureVector;
import dev.featurestore.view.FeatureView;
import dev.featurestore.view.GroupResult;
import dev.featurestore.view.GroupSelection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Says why what was served and what is trained on differ, as {@link Kind} defines it. It asks the history with training sets
 * of its own: what each rule gives at the label's time and at the time of the read, and whether the record that was served is
 * in the history at all.
 */
final class DifferenceReasons {
    /** How many vectors are explained at once: what is asked about them goes into the text of a query, which has its limits. */
    static final int MOST = 200;

    private static final String NUMBER = "n";

    private final TrainingSet set;

    private final OfflineStore store;

    private final FeatureView view;

    /** The same selections under names that no spine has, with the origins of the rows. */
    private final FeatureView asked;

    private final PointInTime asServed;

    private final FeatureValues defaults;

    DifferenceReasons(TrainingSet set, OfflineStore store) {
        this.set = set;
        this.store = store;
        this.view = set.view();
        this.asked = asked(view);
        this.asServed = set.pointInTime().orAsServed();
        FeatureVector.Builder absent = view.newVector(Instant.EPOCH);
        for (int s = 0; s < view.selections().size(); s++) {
            absent.absent(s);
        }
        this.defaults = absent.build().availableValues();
    }

    /**
     * A vector that differs.
     *
     * @param row of its label
     * @param identifiers of its selections
     * @param differing the columns that differ, by selection
     */
    record Case(
            ServedVector vector, TrainingRow row, List<String> identifiers, Map<Integer, List<Integer>> differing) {}

    private static FeatureView asked(FeatureView view) {
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

    /** By selection, for each vector. */
    List<Map<Integer, Kind>> of(List<Case> cases) {
        Questions certain = new Questions(asServed);
        Questions told = new Questions(PointInTime.asServed(Duration.ZERO));
        Questions happened = new Questions(PointInTime.eventTime());
        List<List<Evidence>> evidence = new ArrayList<>();
        for (Case one : cases) {
            List<Evidence> parts = new ArrayList<>();
            one.differing().keySet().forEach(s -> parts.add(new Evidence(one, s, certain, told, happened)));
            evidence.add(parts);
        }
        for (Questions questions : List.of(certain, told, happened)) {
            questions.answer();
        }
        List<Map<Integer, Kind>> kinds = new ArrayList<>();
        for (List<Evidence> parts : evidence) {
            Map<Integer, Kind> bySelection = new LinkedHashMap<>();
            parts.forEach(part -> bySelection.put(part.s, part.kind()));
            kinds.add(bySelection);
        }
        return kinds;
    }

    /** What is asked of the history by one rule, all in one query. */
    private final class Questions {
        private final PointInTime rule;
        private final Map<SpineRow, Long> numbers = new LinkedHashMap<>();
        private final Map<Long, TrainingRow> rows = new HashMap<>();

        Questions(PointInTime rule) {
            this.rule = rule;
        }

        /** The number of a question: which row a label of these identifiers at that time has. */
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
                    .with(rule)
                    .withAudit(AuditColumn.EVENT_TIME, AuditColumn.ARRIVAL_TIME);
            try (TrainingRows answers = store.run(questions)) {
                for (TrainingRow row : answers) {
                    Number number = (Number) Objects.requireNonNull(row.spine().get(NUMBER), "a number");
                    rows.put(number.longValue(), row);
                }
            }
        }

        History history(long number, int s) {
            return new History(Objects.requireNonNull(rows.get(number), "an answer"), s);
        }
    }

    /** What the history has for one selection at one time. */
    private final class History {
        private final TrainingRow row;
        private final int s;

        History(TrainingRow row, int s) {
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

        boolean isBackfill() {
            return asked.selections().get(s).columns().size()
                            > view.selections().get(s).columns().size()
                    && eventTime() != null
                    && !Provenance.LIVE.equals(Objects.requireNonNullElse(
                            ColumnText.of(row.vector().availableValues(), asked.firstColumn(s + 1) - 1),
                            Provenance.LIVE));
        }

        /** The text of a column of the view's selection. */
        @Nullable
        String text(int c) {
            return ColumnText.of(row.vector().availableValues(), asked.firstColumn(s) + c);
        }

        /** Whether it is the row that the rule gives which takes arrivals at their word. */
        boolean isSameRow(History told) {
            if (!Objects.equals(eventTime(), told.eventTime())) {
                return false;
            }
            Instant arrival = arrival();
            Instant word = told.arrival();
            if (arrival == null || word == null) {
                return arrival == null && word == null;
            }
            boolean isStamped = view.selections().get(s).group().provenance().arrivalTime() != null;
            return word.plus(asServed.arrivalUnit()).equals(arrival) || (isStamped && word.equals(arrival));
        }
    }

    /** What tells why one selection of a vector differs. */
    private final class Evidence {
        private final Case one;
        private final int s;
        private final ServedGroup served;
        private final Instant labelTime;
        private final Questions certain;
        private final Questions told;
        private final Questions happened;
        private final long atRead;
        private final long atReadTold;
        private final long atLabel;
        private final long atLabelTold;
        private final @Nullable Long trained;
        private final @Nullable Long inHistory;

        Evidence(Case one, int s, Questions certain, Questions told, Questions happened) {
            this.one = one;
            this.s = s;
            this.served = one.vector().groups().get(s);
            this.labelTime = one.vector().time();
            this.certain = certain;
            this.told = told;
            this.happened = happened;
            Instant read = labelTime.minus(served.staleness());
            this.atRead = certain.ask(one.identifiers(), read);
            this.atReadTold = told.ask(one.identifiers(), read);
            this.atLabel = certain.ask(one.identifiers(), labelTime);
            this.atLabelTold = told.ask(one.identifiers(), labelTime);
            this.trained = isEventTime() ? happened.ask(one.identifiers(), labelTime) : null;
            Instant used = served.used();
            this.inHistory = used == null ? null : happened.ask(one.identifiers(), used);
        }

        private boolean isEventTime() {
            return set.pointInTime().mode() == PointInTime.Mode.EVENT_TIME;
        }

        Kind kind() {
            if (served.status() == GroupResult.Status.FAILED) {
                return Kind.DEFAULTED;
            }
            History before = certain.history(atRead, s);
            History after = told.history(atReadTold, s);
            if (isJudgedOtherwise(after)) {
                return Kind.EXPIRED;
            }
            boolean hasTrained = trainedTime() != null;
            if (!isBetween(before, after)) {
                return !hasTrained && isInHistory() ? Kind.DELETED : Kind.DEFECT;
            }
            History beforeLabel = certain.history(atLabel, s);
            History afterLabel = told.history(atLabelTold, s);
            if (!served.staleness().isZero() && !isServed(afterLabel)) {
                return Kind.STALE;
            }
            Kind reason = isEventTime() ? eventTimeReason() : null;
            if (reason != null) {
                return reason;
            }
            boolean isDelete = isEventTime()
                    ? hasTrained != (served.used() != null)
                    : hasTrained && served.used() == null && usable(afterLabel) == null;
            if (isDelete) {
                return Kind.DELETED;
            }
            return before.isSameRow(after) && beforeLabel.isSameRow(afterLabel) ? Kind.DEFECT : Kind.ARRIVAL_UNIT;
        }

        private @Nullable Kind eventTimeReason() {
            History row = happened.history(Objects.requireNonNull(trained), s);
            Instant used = served.used();
            if (row.isBackfill()) {
                return Kind.BACKFILLED;
            }
            Instant arrival = row.arrival();
            if (arrival != null && arrival.isAfter(labelTime)) {
                return Kind.LATE;
            }
            return used != null && used.isAfter(labelTime) ? Kind.AHEAD : null;
        }

        private @Nullable Instant trainedTime() {
            return one.row().audits().get(s).eventTime();
        }

        private boolean isJudgedOtherwise(History known) {
            Instant eventTime = served.eventTime();
            if (eventTime == null) {
                return false;
            }
            boolean isUsable =
                    view.selections().get(s).statusAt(eventTime, null, labelTime) == GroupResult.Status.FOUND;
            return served.status() == GroupResult.Status.FOUND
                    ? !isUsable
                    : eventTime.equals(trainedTime()) || eventTime.equals(usable(known));
        }

        /** The event time of a row that may be used for the label; null if there is none. */
        private @Nullable Instant usable(History row) {
            Instant eventTime = row.eventTime();
            return eventTime != null
                            && view.selections().get(s).statusAt(eventTime, null, labelTime) == GroupResult.Status.FOUND
                    ? eventTime
                    : null;
        }

        /** Whether what was served is one of two rows, or can have been there between them. */
        private boolean isBetween(History before, History after) {
            if (isServed(before) || isServed(after)) {
                return true;
            }
            if (before.isSameRow(after)) {
                return false;
            }
            Instant used = served.used();
            Instant earliest = before.eventTime();
            Instant latest = after.eventTime();
            return used == null
                    || ((earliest == null || !used.isBefore(earliest)) && (latest == null || !used.isAfter(latest)));
        }

        private boolean isServed(History row) {
            if (!Objects.equals(served.used(), usable(row))) {
                return false;
            }
            for (int c = 0; c < view.selections().get(s).columns().size(); c++) {
                String text = usable(row) == null ? defaultOf(c) : row.text(c);
                if (!Objects.equals(text, servedText(c))) {
                    return false;
                }
            }
            return true;
        }

        /** Whether the record that was served was written, deleted since or not. */
        private boolean isInHistory() {
            if (inHistory == null) {
                return false;
            }
            History row = happened.history(inHistory, s);
            if (!Objects.equals(row.eventTime(), served.used())) {
                return false;
            }
            for (int c = 0; c < view.selections().get(s).columns().size(); c++) {
                if (!Objects.equals(row.text(c), servedText(c))) {
                    return false;
                }
            }
            return true;
        }

        private @Nullable String servedText(int c) {
            return one.vector().values().get(view.columns().name(view.firstColumn(s) + c));
        }

        private @Nullable String defaultOf(int c) {
            return ColumnText.of(defaults, view.firstColumn(s) + c);
        }
    }
}
