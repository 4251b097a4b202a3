/**
 * Suites that hold every backend and codec to the same rules: extend one in a test and supply what it is to run against. The
 * rules are those of {@code docs/semantics.md}; where the service's behaviour is not documented a suite asks its subclass.
 */
@NullMarked
package dev.featurestore.testkit.contract;

import org.jspecify.annotations.NullMarked;
