package dev.featurestore.examples.endpoint;

/** A request that cannot be answered. */
final class BadRequestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String detail;

    /** @param detail for the caller: what was expected, without a value of the request */
    BadRequestException(String detail) {
        super(detail);
        this.detail = detail;
    }

    String detail() {
        return detail;
    }
}
