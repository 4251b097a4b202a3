/** JUnit extensions: a feature store for each test, handed in as a parameter. */
@NullMarked
package dev.featurestore.testkit.junit;

import org.jspecify.annotations.NullMarked;
