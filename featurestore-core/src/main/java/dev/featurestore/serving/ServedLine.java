package dev.featurestore.serving;

import java.nio.file.Path;
import java.util.Objects;

/** What a line of a serving log turned out to be. */
public sealed interface ServedLine {
    /**
     * A vector.
     *
     * @param vector what was served
     */
    record Vector(ServedVector vector) implements ServedLine {
        /** Refuses null. */
        public Vector {
            Objects.requireNonNull(vector, "vector");
        }
    }

    /**
     * A line that is none: cut by a crash or a full disk, or of something else.
     *
     * @param file where it is
     * @param number of the line, from 1
     * @param problem what is wrong with it; no values
     */
    record Unreadable(Path file, long number, String problem) implements ServedLine {
        /** Refuses nulls. */
        public Unreadable {
            Objects.requireNonNull(file, "file");
            Objects.requireNonNull(problem, "problem");
        }

        /** Such as {@code served-000001.jsonl:17: member 'view' is missing}. */
        @Override
        public String toString() {
            return file + ":" + number + ": " + problem;
        }
    }
}
