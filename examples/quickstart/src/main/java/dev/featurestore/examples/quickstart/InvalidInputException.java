package dev.featurestore.examples.quickstart;

/** The input, or an option, cannot be used as it is. The message is for the user and names no value. */
final class InvalidInputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InvalidInputException(String message) {
        super(message);
    }
}
