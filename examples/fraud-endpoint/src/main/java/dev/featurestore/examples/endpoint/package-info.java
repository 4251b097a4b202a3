/** An HTTP service that scores card payments, with features from a feature store. */
@NullMarked
package dev.featurestore.examples.endpoint;

import org.jspecify.annotations.NullMarked;
