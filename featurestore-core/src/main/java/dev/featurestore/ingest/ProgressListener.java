package dev.featurestore.ingest;

import java.io.PrintStream;
import java.util.Locale;

/** Is told how far a load is, about once a second and at its end, by the thread that runs it. What it throws is logged. */
@FunctionalInterface
public interface ProgressListener {
    /** The load is this far. */
    void update(IngestProgress progress);

    /** Writes one line to a console, over and over. */
    static ProgressListener console(PrintStream out) {
        return progress -> {
            String left = progress.remaining()
                    .filter(any -> !progress.isFinished())
                    .map(remaining -> String.format(
                            Locale.ROOT,
                            ", %d:%02d:%02d left",
                            remaining.toHours(),
                            remaining.toMinutesPart(),
                            remaining.toSecondsPart()))
                    .orElse("");
            // the spaces cover what is left of a longer line
            out.printf(
                    Locale.ROOT,
                    "\r%,d records done, %,d failed, %,d unknown, %,.0f/s%s    %s",
                    progress.done(),
                    progress.failed(),
                    progress.unknown(),
                    progress.recordsPerSecond(),
                    left,
                    progress.isFinished() ? System.lineSeparator() : "");
            out.flush();
        };
    }
}
