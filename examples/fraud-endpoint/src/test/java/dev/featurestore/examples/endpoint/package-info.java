@NullMarked
package dev.featurestore.examples.endpoint;

import org.jspecify.annotations.NullMarked;
