package dev.featurestore.testkit.emulator;

/** A failure as a client sees it: the service's code, the HTTP status and a message without record values. */
final class WireError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final int MAX_MESSAGE = 2048;

    private final String code;

    private final int status;

    WireError(String code, int status, String message) {
        super(message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE), null, false, false);
        this.code = code;
        this.status = status;
    }

    /** No answer at all. */
    static WireError connectionDropped() {
        return new WireError("", 0, "");
    }

    boolean isConnectionDropped() {
        return status == 0;
    }

    /** Whether the same request may succeed later. */
    boolean isRetryable() {
        return status >= 500 || status == 429 || code.equals("ThrottlingException");
    }

    String code() {
        return code;
    }

    int status() {
        return status;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
