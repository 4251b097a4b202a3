/**
 * Athena's SQL on this machine: an embedded Trino, which is Athena's engine, behind the library's offline store over folders
 * of Parquet files.
 */
@NullMarked
package dev.featurestore.examples.athena;

import org.jspecify.annotations.NullMarked;
