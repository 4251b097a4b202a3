package dev.featurestore.testkit.law;

import dev.featurestore.training.SpineRow;
import dev.featurestore.view.FeatureVector;

/**
 * A label and what was served for it.
 *
 * @param label the time of the fetch, and the join keys
 * @param vector what the fetch gave
 */
public record ServedLabel(SpineRow label, FeatureVector vector) {}
