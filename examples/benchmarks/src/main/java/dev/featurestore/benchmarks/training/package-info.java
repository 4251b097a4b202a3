/** Training-set SQL beside the queries one would write by hand: one set of data, one engine, rounds that take turns. */
@NullMarked
package dev.featurestore.benchmarks.training;

import org.jspecify.annotations.NullMarked;
