/**
 * The library at work: card payments are played through a feature store in the order of time, and the training set built
 * afterwards is compared with what was served, row for row.
 */
@NullMarked
package dev.featurestore.examples.quickstart;

import org.jspecify.annotations.NullMarked;
