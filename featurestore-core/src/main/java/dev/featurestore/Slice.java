package dev.featurestore;

import java.net.URI;
import java.time.Instant;

/**
 * One slice as its manifest has it.
 *
 * @param name such as {@code 2025-01-31}
 * @param from the first label time in it
 * @param until the first label time no longer in it
 * @param state how far it is
 * @param attempt sets its target apart from all others of the manifest; 0 if none was begun
 * @param asOf the rows of the history that were written by then are in it, apart from the margin
 * @param digest of its labels
 * @param rows how many it has; -1 if it is not known
 */
record Slice(
        String name, Instant from, Instant until, State state, long attempt, Instant asOf, String digest, long rows) {
    /** How far a slice is. */
    enum State {
        /** To be done. */
        OPEN,
        /** Begun at its target, by this run or one that broke down. */
        BEGUN,
        /** Done: what is at its target is right. */
        COMPLETE
    }

    boolean isComplete() {
        return state == State.COMPLETE;
    }

    /**
     * Where it is.
     *
     * @param base ends in a slash
     */
    URI target(URI base) {
        return base.resolve(name + "-" + attempt + ".parquet");
    }

    Slice begun(long nextAttempt) {
        return new Slice(name, from, until, State.BEGUN, nextAttempt, asOf, digest, -1);
    }

    Slice completed(long count) {
        return new Slice(name, from, until, State.COMPLETE, attempt, asOf, digest, count);
    }

    Slice checked(Instant at) {
        return new Slice(name, from, until, state, attempt, at, digest, rows);
    }

    /** Whether it was made for the same labels. */
    boolean isOf(Slice other) {
        return from.equals(other.from) && until.equals(other.until) && digest.equals(other.digest);
    }

    String line() {
        return String.join(
                "\t",
                name,
                from.toString(),
                until.toString(),
                state.name(),
                Long.toString(attempt),
                asOf.toString(),
                digest,
                Long.toString(rows));
    }

    /** @throws IllegalArgumentException if it is not such a line; its times may throw a {@code DateTimeException} */
    static Slice ofLine(String line) {
        String[] parts = line.split("\t", -1);
        if (parts.length != 8) {
            throw new IllegalArgumentException("A slice has 8 parts, got " + parts.length);
        }
        return new Slice(
                parts[0],
                Instant.parse(parts[1]),
                Instant.parse(parts[2]),
                State.valueOf(parts[3]),
                Long.parseLong(parts[4]),
                Instant.parse(parts[5]),
                parts[6],
                Long.parseLong(parts[7]));
    }
}
