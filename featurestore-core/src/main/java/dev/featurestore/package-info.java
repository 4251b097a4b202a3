/**
 * The clients: {@link dev.featurestore.FeatureStore} hands out {@link dev.featurestore.FeatureGroupClient}s to write and read
 * records, and {@link dev.featurestore.FeatureViewClient}s to serve vectors and build training sets.
 */
@NullMarked
package dev.featurestore;

import org.jspecify.annotations.NullMarked;
