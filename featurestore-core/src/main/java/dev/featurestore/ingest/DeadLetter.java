package dev.featurestore.ingest;

import dev.featurestore.errors.ErrorCode;

/**
 * A record that can never be written as it is, and why.
 *
 * @param record as the source delivered it, payload and all: the sink is the user's
 * @param featureGroupName the group it was for
 * @param code {@code RECORD_MAPPING} if the mapping or the schema refused it, {@code INVALID_REQUEST} if the service did
 * @param reason what was said, without a value or an identifier where this library said it; a failed mapping is named by
 *     the class of its exception alone
 * @param <E> the type of the payload
 */
public record DeadLetter<E>(StreamRecord<E> record, String featureGroupName, ErrorCode code, String reason) {
    /** What happened to which record; nothing of the payload. */
    @Override
    public String toString() {
        return record + " for feature group '" + featureGroupName + "': " + code + ": " + reason;
    }
}
