/**
 * Training sets as SQL text, one file for each dialect: {@link dev.featurestore.sql.DuckDbDialect} today; Athena and Spark
 * SQL get theirs beside it.
 */
@NullMarked
package dev.featurestore.sql;

import org.jspecify.annotations.NullMarked;
