/** Tests of the example. */
@NullMarked
package dev.featurestore.examples.kinesis;

import org.jspecify.annotations.NullMarked;
