package dev.featurestore.examples.quickstart;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/** What a run found, in numbers. */
record Report(
        Backend backend,
        String engine,
        long payments,
        long cards,
        long merchants,
        Simulation.Calls puts,
        Simulation.Calls fetches,
        long trainingRows,
        long mismatches,
        Comparison.Differences differences,
        Path folder,
        Duration time) {

    /** The same with the time the run took. */
    Report after(Duration elapsed) {
        return new Report(
                backend,
                engine,
                payments,
                cards,
                merchants,
                puts,
                fetches,
                trainingRows,
                mismatches,
                differences,
                folder,
                elapsed);
    }

    /** Whether training is what was served, and all other differences are understood. */
    boolean isAsPromised() {
        return mismatches == 0 && trainingRows == payments && differences.unexplained() == 0;
    }

    void print(PrintWriter out) {
        line(out, "Payments", "%,d of %,d cards at %,d merchants", payments, cards, merchants);
        line(out, "Backend", "%s", backend);
        line(out, "Engine", "%s", engine);
        line(out, "Puts", "%,d, %,.0f a second", puts.count(), puts.perSecond());
        line(out, "Fetches", "%,d, %,.0f a second", fetches.count(), fetches.perSecond());
        line(out, "Training rows", "%,d", trainingRows);
        line(out, "AS_SERVED", "%,d rows differ from what was served", mismatches);
        line(out, "EVENT_TIME", "%,d rows differ (%.1f %%)", differences.rows(), share());
        line(out, "", "%,d know a card record that was under way for less than a second", differences.cardUnderWay());
        line(out, "", "%,d know a card record that came minutes or hours late", differences.cardLate());
        line(out, "", "%,d know statistics of a merchant that came after midnight", differences.merchantLate());
        line(out, "", "%,d are not explained", differences.unexplained());
        line(out, "Files", "%s", folder);
        line(out, "Time", "%.1f s", time.toMillis() / 1000.0);
        out.flush();
    }

    private double share() {
        return 100.0 * differences.rows() / payments;
    }

    private static void line(PrintWriter out, String name, String format, Object... values) {
        out.println(String.format(Locale.ROOT, "%-14s", name) + String.format(Locale.ROOT, format, values));
    }
}
