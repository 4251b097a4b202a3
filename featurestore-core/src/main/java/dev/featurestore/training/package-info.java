/**
 * Training sets as data: which labels, which view, and the point-in-time rule that joins them. Dialects render it, engines
 * run it, and the testkit's evaluator is its executable definition.
 */
@NullMarked
package dev.featurestore.training;

import org.jspecify.annotations.NullMarked;
