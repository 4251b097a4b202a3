/**
 * The law of the library, to be held against your own views: {@link dev.featurestore.testkit.law.PointInTimeLaw}, and the
 * seeded random histories it plays.
 */
@NullMarked
package dev.featurestore.testkit.law;

import org.jspecify.annotations.NullMarked;
