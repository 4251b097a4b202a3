package dev.featurestore.testkit.fault;

/** One way in which a request can fail. */
public enum Fault {
    /** The request is turned away for want of capacity: nothing is done. */
    THROTTLED,
    /** The service answers that it cannot now: nothing is done. */
    UNAVAILABLE,
    /**
     * The service claims not to know a group that is there, as it has been seen to do now and then, most of all after a
     * creation: nothing is done. In a batch read every key of one of its groups fails so.
     */
    GROUP_NOT_VISIBLE,
    /** A write is done, and its answer is lost: the caller is told that the outcome is unknown. */
    LOST_RESPONSE,
    /** A write is lost on its way: nothing is done, and the caller is told that the outcome is unknown. */
    LOST_REQUEST,
    /** A batch does not get to some of its records, at least one, at most all. */
    UNPROCESSED_KEYS,
    /** A batch answers some of its records, at least one, at most all, with an error of their own. */
    KEY_ERRORS;

    /** Whether a request of this kind can fail so. */
    public boolean canHit(Operation operation) {
        return switch (this) {
            case THROTTLED, UNAVAILABLE, GROUP_NOT_VISIBLE -> true;
            case LOST_RESPONSE, LOST_REQUEST ->
                operation == Operation.PUT || operation == Operation.BATCH_WRITE || operation == Operation.DELETE;
            case UNPROCESSED_KEYS, KEY_ERRORS -> operation == Operation.BATCH_GET || operation == Operation.BATCH_WRITE;
        };
    }
}
