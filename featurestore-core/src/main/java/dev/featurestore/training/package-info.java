/**
 * Training sets as data: which labels, which view, the point-in-time rule that joins them, and the rows that come of it.
 * Dialects render a set, engines run it, and the testkit's evaluator is its executable definition.
 */
@NullMarked
package dev.featurestore.training;

import org.jspecify.annotations.NullMarked;
