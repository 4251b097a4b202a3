/** What the examples have in common: the definitions of a fraud model's features, and a stand-in for the model. */
@NullMarked
package dev.featurestore.examples.fraud;

import org.jspecify.annotations.NullMarked;
