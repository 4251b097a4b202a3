package dev.featurestore.serving;

import dev.featurestore.schema.FeatureValues;
import dev.featurestore.serving.ServedDifference.Kind;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.FeatureView;
import dev.featurestore.view.GroupResult;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What tells why one selection of a vector differs. */
final class DifferenceEvidence {
    private final TrainingSet set;
    private final FeatureView view;
    private final FeatureValues defaults;
    private final DifferenceReasons.Case one;
    private final int s;
    private final ServedGroup served;
    private final Instant labelTime;
    private final HistoryQuestions certain;
    private final HistoryQuestions told;
    private final HistoryQuestions happened;
    private final long atRead;
    private final long atReadTold;
    private final long atLabel;
    private final long atLabelTold;
    private final @Nullable Long trained;
    private final @Nullable Long inHistory;

    /**
     * The evidence of selection s, once the questions that this asks are answered.
     *
     * @param set what was served is compared with
     * @param defaults of the view
     * @param certain by the rule of what was served
     * @param told by that rule with arrivals at their word
     * @param happened by event time
     */
    DifferenceEvidence(
            TrainingSet set,
            FeatureValues defaults,
            DifferenceReasons.Case one,
            int s,
            HistoryQuestions certain,
            HistoryQuestions told,
            HistoryQuestions happened) {
        this.set = set;
        this.view = set.view();
        this.defaults = defaults;
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

    /** The selection. */
    int selection() {
        return s;
    }

    /** The first reason that holds. */
    Kind kind() {
        if (served.status() == GroupResult.Status.FAILED) {
            return Kind.DEFAULTED;
        }
        HistoryQuestions.Answer before = certain.answer(atRead, s);
        HistoryQuestions.Answer after = told.answer(atReadTold, s);
        if (isJudgedOtherwise(after)) {
            return Kind.EXPIRED;
        }
        boolean hasTrained = trainedTime() != null;
        if (!isBetween(before, after)) {
            return !hasTrained && isServedDeleted() ? Kind.DELETED : Kind.DEFECT;
        }
        HistoryQuestions.Answer beforeLabel = certain.answer(atLabel, s);
        HistoryQuestions.Answer afterLabel = told.answer(atLabelTold, s);
        if (!served.staleness().isZero() && !isServed(afterLabel)) {
            return Kind.STALE;
        }
        Kind reason = isEventTime() ? eventTimeReason() : null;
        if (reason != null) {
            return reason;
        }
        if (hasTrained ? isTrainedDeleted() : isServedDeleted()) {
            return Kind.DELETED;
        }
        return before.isSameRow(after) && beforeLabel.isSameRow(afterLabel) ? Kind.DEFECT : Kind.ARRIVAL_UNIT;
    }

    /** Whether nothing was served because a delete marker hid the record that is trained on. */
    private boolean isTrainedDeleted() {
        if (served.used() != null) {
            return false;
        }
        return trained == null ? usable(told.answer(atLabelTold, s)) == null : isHidden(happened.answer(trained, s));
    }

    /** Whether nothing is trained on because a delete marker hides the record that was served. */
    private boolean isServedDeleted() {
        Instant used = served.used();
        if (used == null || inHistory == null) {
            return false;
        }
        if (isEventTime()) {
            return !used.isAfter(labelTime)
                    && (isInHistory() || isServed(certain.answer(atRead, s)) || isServed(told.answer(atReadTold, s)));
        }
        return isInHistory() && isHidden(happened.answer(inHistory, s));
    }

    /** Whether the history tells of no record, at the read or the label, although this one had arrived. */
    private boolean isHidden(HistoryQuestions.Answer row) {
        return certain.answer(atRead, s).hides(row)
                || told.answer(atReadTold, s).hides(row)
                || certain.answer(atLabel, s).hides(row)
                || told.answer(atLabelTold, s).hides(row);
    }

    private @Nullable Kind eventTimeReason() {
        HistoryQuestions.Answer row = happened.answer(Objects.requireNonNull(trained), s);
        Instant used = served.used();
        if (row.isBackfill()) {
            return Kind.BACKFILLED;
        }
        Instant arrival = row.arrival();
        if (row.eventTime() != null && (arrival == null || arrival.isAfter(labelTime))) {
            return Kind.LATE;
        }
        return used != null && used.isAfter(labelTime) ? Kind.AHEAD : null;
    }

    private @Nullable Instant trainedTime() {
        return one.row().audits().get(s).eventTime();
    }

    private boolean isJudgedOtherwise(HistoryQuestions.Answer known) {
        Instant eventTime = served.eventTime();
        if (eventTime == null) {
            return false;
        }
        boolean isUsable = view.selections().get(s).statusAt(eventTime, null, labelTime) == GroupResult.Status.FOUND;
        return served.status() == GroupResult.Status.FOUND
                ? !isUsable
                : eventTime.equals(trainedTime()) || eventTime.equals(usable(known));
    }

    /** The event time of a row that may be used for the label; null if there is none. */
    private @Nullable Instant usable(HistoryQuestions.Answer row) {
        Instant eventTime = row.eventTime();
        return eventTime != null
                        && view.selections().get(s).statusAt(eventTime, null, labelTime) == GroupResult.Status.FOUND
                ? eventTime
                : null;
    }

    /** Whether what was served is one of two rows, or can have been there between them. */
    private boolean isBetween(HistoryQuestions.Answer before, HistoryQuestions.Answer after) {
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

    private boolean isServed(HistoryQuestions.Answer row) {
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
        HistoryQuestions.Answer row = happened.answer(inHistory, s);
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
