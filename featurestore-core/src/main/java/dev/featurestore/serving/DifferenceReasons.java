package dev.featurestore.serving;

import dev.featurestore.schema.FeatureValues;
import dev.featurestore.serving.ServedDifference.Kind;
import dev.featurestore.spi.OfflineStore;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.TrainingRow;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.FeatureVector;
import dev.featurestore.view.FeatureView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Says why what was served and what is trained on differ, as {@link Kind} defines it. It asks the history with training sets
 * of its own: what each rule gives at the label's time and at the time of the read, and whether the record that was served is
 * in the history at all.
 */
final class DifferenceReasons {
    /** How many vectors are explained at once at most. */
    private static final int MOST = 200;

    /** How many values of labels are asked about at once: they go into the text of a query, and Athena takes 256 KB. */
    private static final int MOST_VALUES = 4000;

    private final TrainingSet set;

    private final OfflineStore store;

    private final FeatureView view;

    private final FeatureView asked;

    private final FeatureValues defaults;

    DifferenceReasons(TrainingSet set, OfflineStore store) {
        this.set = set;
        this.store = store;
        this.view = set.view();
        this.asked = HistoryQuestions.of(view);
        FeatureVector.Builder absent = FeatureVector.builder(view, Instant.EPOCH);
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
    record Case(ServedVector vector, TrainingRow row, List<String> identifiers, Map<Integer, List<Integer>> differing) {
        /** How many values one question has about it at most. */
        private int values() {
            // two times are asked about for each selection, and a label has a time and a number
            return differing.size() * 2 * (identifiers.size() + 2);
        }
    }

    /** Whether these are as many as are explained at once. */
    static boolean isEnough(List<Case> cases) {
        return cases.size() >= MOST || cases.stream().mapToInt(Case::values).sum() >= MOST_VALUES;
    }

    /** By selection, for each vector. */
    List<Map<Integer, Kind>> of(List<Case> cases) {
        HistoryQuestions certain = questions(set.pointInTime().inMode(PointInTime.Mode.AS_SERVED));
        HistoryQuestions told = questions(PointInTime.asServed(Duration.ZERO));
        HistoryQuestions happened = questions(PointInTime.eventTime());
        List<List<DifferenceEvidence>> evidence = new ArrayList<>();
        for (Case one : cases) {
            List<DifferenceEvidence> parts = new ArrayList<>();
            one.differing()
                    .keySet()
                    .forEach(s -> parts.add(new DifferenceEvidence(set, defaults, one, s, certain, told, happened)));
            evidence.add(parts);
        }
        for (HistoryQuestions questions : List.of(certain, told, happened)) {
            questions.answer();
        }
        List<Map<Integer, Kind>> kinds = new ArrayList<>();
        for (List<DifferenceEvidence> parts : evidence) {
            Map<Integer, Kind> bySelection = new LinkedHashMap<>();
            parts.forEach(part -> bySelection.put(part.selection(), part.kind()));
            kinds.add(bySelection);
        }
        return kinds;
    }

    private HistoryQuestions questions(PointInTime rule) {
        return new HistoryQuestions(store, view, asked, rule);
    }
}
