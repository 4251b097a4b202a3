package dev.featurestore.testkit.athena;

/** A statement that cannot be run. Its message is the reason of the query's state, such as {@code SYNTAX_ERROR: line 1:8: …}. */
public final class AthenaFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * A failure for a reason.
     *
     * @param reason the kind of error in capitals, a colon, and what the engine says
     */
    public AthenaFailure(String reason) {
        super(reason);
    }

    /** What Athena would say. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
