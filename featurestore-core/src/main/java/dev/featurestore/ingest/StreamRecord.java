package dev.featurestore.ingest;

import java.util.Objects;

/**
 * One record of an ordered source, such as a Kinesis stream.
 *
 * @param shard what keeps an order of its own: a shard, a partition; empty where the source has only one
 * @param sequenceNumber by which the source is told that the record failed; unique in its shard
 * @param payload what the source delivered
 * @param <E> the type of the payload
 */
public record StreamRecord<E>(String shard, String sequenceNumber, E payload) {
    /** A record with all its parts. */
    public StreamRecord {
        Objects.requireNonNull(shard, "shard");
        Objects.requireNonNull(payload, "payload");
        if (sequenceNumber.isEmpty()) {
            throw new IllegalArgumentException(
                    "A sequence number is not empty: the source would take it for the whole batch");
        }
    }

    /** A record of a source, or of a batch, that has only one shard. */
    public static <E> StreamRecord<E> of(String sequenceNumber, E payload) {
        return new StreamRecord<>("", sequenceNumber, payload);
    }

    /** Where it is in its source; nothing of the payload. */
    @Override
    public String toString() {
        return "stream record " + sequenceNumber + (shard.isEmpty() ? "" : " of shard " + shard);
    }
}
