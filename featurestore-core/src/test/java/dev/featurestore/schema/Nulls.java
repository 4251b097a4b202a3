package dev.featurestore.schema;

import org.jspecify.annotations.NullUnmarked;

/** A null where none is allowed, as a caller without null checks would pass it. */
@NullUnmarked
final class Nulls {
    private Nulls() {}

    @SuppressWarnings("TypeParameterUnusedInFormals") // the point of it
    static <T> T of() {
        return null;
    }
}
