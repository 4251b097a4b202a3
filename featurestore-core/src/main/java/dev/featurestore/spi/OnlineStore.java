package dev.featurestore.spi;

import dev.featurestore.errors.UnsupportedCapabilityException;
import java.util.Optional;
import java.util.Set;

/**
 * The latest record of each identifier. One method is one request to the service; a request either succeeds or throws a
 * {@link dev.featurestore.errors.FeatureStoreException}, and a write whose answer never came throws
 * {@link dev.featurestore.errors.WriteOutcomeUnknownException}. Safe for use by many threads. Methods block.
 */
public interface OnlineStore {
    /** What this backend can do beyond put, get, batch get and delete. */
    Set<BackendCapability> capabilities();

    /**
     * Writes a record to the online store, the offline store or both. Online it takes effect if its event time is not older
     * than the stored record's; offline it is always appended. No answer tells which.
     */
    void put(PutCommand command);

    /**
     * Writes up to {@value BatchWriteCommand#MAX_RECORDS} records, each by the rules of {@link #put}. Some may be written and
     * others not. A group that is not there fails the whole request, before anything is written.
     *
     * @throws dev.featurestore.errors.InvalidRequestException if there are too many records, none, or two of one identifier;
     *     nothing is written then
     * @throws UnsupportedCapabilityException if the backend lacks {@link BackendCapability#BATCH_WRITE}
     */
    default BatchWriteOutcome batchWrite(BatchWriteCommand command) {
        throw new UnsupportedCapabilityException(
                getClass().getSimpleName() + " cannot write several records in one request: put them one by one");
    }

    /** The latest record of one identifier; empty if there is none or it is deleted. */
    Optional<StoredRecord> get(GetCommand command);

    /** The latest records of up to {@value BatchGetCommand#MAX_RECORDS} identifiers. */
    BatchGetOutcome batchGet(BatchGetCommand command);

    /** Deletes a record. */
    void delete(DeleteCommand command);

    /**
     * One page of identifiers.
     *
     * @throws UnsupportedCapabilityException if the backend lacks {@link BackendCapability#LIST_RECORDS}
     */
    default ListPage list(ListCommand command) {
        throw new UnsupportedCapabilityException(getClass().getSimpleName()
                + " cannot list the records of feature group '" + command.group()
                + "': query the offline store for its identifiers instead");
    }

    /**
     * A store that waits for the answers of an asynchronous one, until the command's deadline at most. An interrupt while it
     * waits cancels the request and stays set: a write throws {@link dev.featurestore.errors.WriteOutcomeUnknownException}
     * then, a read {@link dev.featurestore.errors.StoreUnavailableException}, as they do when the deadline passes. It can
     * neither list nor write batches. Not to be called on a thread that completes the asynchronous store's futures: it would wait for itself.
     */
    static OnlineStore over(AsyncOnlineStore store) {
        return new WaitingOnlineStore(store);
    }
}
