package dev.featurestore.examples.endpoint;

/** How a request to score ended: what is counted, and what is sent. */
record Scored(Outcome outcome, Answer answer) {
    enum Outcome {
        /** A score, and the store answered for all groups. */
        COMPLETE,
        /** A score, some of it by defaults. */
        DEFAULTS,
        /** No score, since features did not come in time. */
        REFUSED,
        BAD_REQUEST,
        /** The caller did not send its body in time. */
        TIMEOUT,
        /** Too many payments at once. */
        OVERLOADED,
        ERROR
    }
}
