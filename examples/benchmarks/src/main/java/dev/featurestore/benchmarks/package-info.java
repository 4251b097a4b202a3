/** What the hot paths cost, each beside the code one would write by hand. Results are in {@code docs/performance.md}. */
@NullMarked
package dev.featurestore.benchmarks;

import org.jspecify.annotations.NullMarked;
