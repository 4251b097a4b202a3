package dev.featurestore.training;

import dev.featurestore.view.FeatureVector;
import java.util.List;

/**
 * One row of a training set.
 *
 * @param spine the label's time, keys and kept columns, as the engine gave them
 * @param vector the view's values as of the label's time. Rows of a query tell a group's status as found, with the event
 *     time, or absent; an absence they do not explain
 * @param audits of each selection in the order of the view
 */
public record TrainingRow(SpineRow spine, FeatureVector vector, List<RowAudit> audits) {
    /** Copies the list. */
    public TrainingRow {
        audits = List.copyOf(audits);
    }
}
