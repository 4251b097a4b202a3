package dev.featurestore.testkit.emulator;

import java.time.Duration;
import java.util.Objects;

/**
 * A request that the emulator got: no values, no record identifiers, no credentials.
 *
 * @param operation such as {@code GetRecord}; the name asked for, or {@code Unknown}, where the emulator has no such operation
 * @param group the group as the caller named it; empty if none or several
 * @param status the HTTP status answered; 0 if the connection was dropped
 * @param duration from the request's head to the answer being ready
 */
public record LoggedRequest(String operation, String group, int status, Duration duration) {
    /** Refuses nulls. */
    public LoggedRequest {
        Objects.requireNonNull(operation, "operation");
        Objects.requireNonNull(group, "group");
        Objects.requireNonNull(duration, "duration");
    }
}
