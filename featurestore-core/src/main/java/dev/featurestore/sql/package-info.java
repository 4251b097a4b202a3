/**
 * Training sets as SQL text: {@link dev.featurestore.sql.SqlDialect}. Each engine has one file with its grammar and its shape of
 * join; what the queries have in common is beside them, such as the check for leaks, which is the same on all of them.
 */
@NullMarked
package dev.featurestore.sql;

import org.jspecify.annotations.NullMarked;
