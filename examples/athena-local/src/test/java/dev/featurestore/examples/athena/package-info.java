@NullMarked
package dev.featurestore.examples.athena;

import org.jspecify.annotations.NullMarked;
