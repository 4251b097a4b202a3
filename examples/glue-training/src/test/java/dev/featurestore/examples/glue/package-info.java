@NullMarked
package dev.featurestore.examples.glue;

import org.jspecify.annotations.NullMarked;
