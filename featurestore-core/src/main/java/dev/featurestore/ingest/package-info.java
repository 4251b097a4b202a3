/** Writing many records, so that each ends as written or as a reported failure: batches of a stream, bulk loads, backfills. */
@NullMarked
package dev.featurestore.ingest;

import org.jspecify.annotations.NullMarked;
