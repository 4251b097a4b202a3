/** Training sets in a Glue job: the library's SQL on Spark, over the folders of the offline store. */
@NullMarked
package dev.featurestore.examples.glue;

import org.jspecify.annotations.NullMarked;
