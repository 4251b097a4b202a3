/** Tests of what is deployed. */
@NullMarked
package dev.featurestore.examples.kinesis.local;

import org.jspecify.annotations.NullMarked;
