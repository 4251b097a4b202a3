package dev.featurestore.training;

import dev.featurestore.view.FeatureVector;

/**
 * One row of a training set.
 *
 * @param spine the label's time, keys and kept columns, as the engine gave them
 * @param vector the view's values as of the label's time. Rows of a query tell a group's status as found, with the event
 *     time, or absent; an absence they do not explain
 */
public record TrainingRow(SpineRow spine, FeatureVector vector) {}
