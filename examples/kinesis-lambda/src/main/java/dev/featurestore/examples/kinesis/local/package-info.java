/** Runs the function on this machine; not part of what is deployed. */
@NullMarked
package dev.featurestore.examples.kinesis.local;

import org.jspecify.annotations.NullMarked;
