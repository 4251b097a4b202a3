package dev.featurestore.schema;

/**
 * A codec's refusal whose message is known to hold no value. What a codec throws otherwise may quote the value, so its
 * message is not passed on.
 */
final class UnstorableValueException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** @param expectation reads on from "the value of feature 'x': " */
    UnstorableValueException(String expectation) {
        super(expectation);
    }

    /** The part of a failure that may be told: this class's own message, or just the kind of anything else. */
    static String describe(RuntimeException failure) {
        return failure instanceof UnstorableValueException
                ? String.valueOf(failure.getMessage())
                : "its codec refused it with " + failure.getClass().getSimpleName();
    }
}
