/** Metrics for those who use Micrometer, which the library itself does not need. */
@NullMarked
package dev.featurestore.micrometer;

import org.jspecify.annotations.NullMarked;
