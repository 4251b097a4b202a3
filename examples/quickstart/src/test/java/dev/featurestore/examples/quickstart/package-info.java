@NullMarked
package dev.featurestore.examples.quickstart;

import org.jspecify.annotations.NullMarked;
