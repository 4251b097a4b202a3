package dev.featurestore.ingest;

/**
 * Keeps records that can never be written, such as in a queue or a bucket. Called by the thread that writes the batch, one
 * record after the other, in the order of the batch.
 *
 * @param <E> the type of the payload
 */
@FunctionalInterface
public interface DeadLetterSink<E> {
    /**
     * Keeps a record. When this returns the source is told that the record is done with; when it throws, that it failed, so
     * that the source delivers it again.
     *
     * @throws Exception whatever keeps it from keeping the record
     */
    void accept(DeadLetter<E> letter) throws Exception;
}
