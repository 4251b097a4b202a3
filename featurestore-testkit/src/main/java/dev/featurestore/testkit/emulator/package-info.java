/**
 * The in-memory feature store behind HTTP, speaking the protocols of the Feature Store Runtime service and of the
 * feature-group part of SageMaker, so that official clients of any language can be pointed at it.
 * {@link dev.featurestore.testkit.emulator.FeatureStoreEmulator} is where to start.
 */
@NullMarked
package dev.featurestore.testkit.emulator;

import org.jspecify.annotations.NullMarked;
