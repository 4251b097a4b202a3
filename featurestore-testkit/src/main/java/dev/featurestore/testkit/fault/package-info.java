/**
 * Failures on purpose: an online store that throttles, loses answers and leaves keys unprocessed, by a script or by a seed.
 */
@NullMarked
package dev.featurestore.testkit.fault;

import org.jspecify.annotations.NullMarked;
