package dev.featurestore.ingest;

import dev.featurestore.errors.ErrorCode;

/**
 * A record that was not written, or not known to be, and that the source should deliver again.
 *
 * @param shard its shard
 * @param sequenceNumber its number there
 * @param code what kind of failure it was; {@code WRITE_OUTCOME_UNKNOWN} if it may be stored all the same
 * @param reason what was said, without a value or an identifier
 */
public record StreamFailure(String shard, String sequenceNumber, ErrorCode code, String reason) {}
