/**
 * A feature store without a cloud, for tests: {@link dev.featurestore.testkit.InMemoryFeatureStore} behaves as the service
 * does, {@link dev.featurestore.testkit.PointInTimeEvaluator} says in plain Java what a training set is, and
 * {@link dev.featurestore.testkit.LocalOfflineStore} runs training sets as SQL over Parquet files on this machine.
 */
@NullMarked
package dev.featurestore.testkit;

import org.jspecify.annotations.NullMarked;
