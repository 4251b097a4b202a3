/** What was served: a sampled log of vectors, its files, and its comparison with what is trained on. */
@NullMarked
package dev.featurestore.serving;

import org.jspecify.annotations.NullMarked;
