package dev.featurestore.examples.quickstart;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of a run over a file. */
final class InputOptions {
    /** How the time column holds its times. */
    enum TimeFormat {
        /** Timestamps, or ISO 8601 text; both without zone are UTC. */
        AUTO,
        /** Seconds since 1970, whole or not. */
        EPOCH_SECONDS,
        /** Milliseconds since 1970. */
        EPOCH_MILLIS;

        /** As on the command line. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    @Option(
            names = "--input",
            required = true,
            paramLabel = "FILE",
            description =
                    "Payments to play, a .csv, .csv.gz or .parquet file. CSV is comma-separated with a header line.")
    Path file = Path.of("");

    @Option(
            names = "--id-column",
            paramLabel = "NAME",
            description = "The column with the transaction's id; the row's number is the id unless set.")
    @Nullable
    String idColumn;

    @Option(
            names = "--time-column",
            paramLabel = "NAME",
            defaultValue = "event_time",
            description = "The column with the transaction's time; ${DEFAULT-VALUE} unless set.")
    String timeColumn = "event_time";

    @Option(
            names = "--card-column",
            paramLabel = "NAME",
            defaultValue = "card_id",
            description = "The column that identifies the card; ${DEFAULT-VALUE} unless set.")
    String cardColumn = "card_id";

    @Option(
            names = "--merchant-column",
            paramLabel = "NAME",
            defaultValue = "merchant_id",
            description = "The column that identifies the merchant; ${DEFAULT-VALUE} unless set.")
    String merchantColumn = "merchant_id";

    @Option(
            names = "--amount-column",
            paramLabel = "NAME",
            defaultValue = "amount",
            description = "The column with the amount; ${DEFAULT-VALUE} unless set.")
    String amountColumn = "amount";

    @Option(
            names = "--label-column",
            paramLabel = "NAME",
            description = "The column with the label, a whole number; labels are null unless set.")
    @Nullable
    String labelColumn;

    @Option(
            names = "--time-format",
            paramLabel = "FORMAT",
            defaultValue = "auto",
            description = "How times are given: auto (timestamps or ISO 8601 text, UTC where they name no zone),"
                    + " epoch-seconds or epoch-millis; ${DEFAULT-VALUE} unless set.")
    TimeFormat timeFormat = TimeFormat.AUTO;

    /** The columns that are needed, by the option that names each. */
    Map<String, String> columns() {
        Map<String, String> columns = new LinkedHashMap<>();
        if (idColumn != null) {
            columns.put("--id-column", idColumn);
        }
        columns.put("--time-column", timeColumn);
        columns.put("--card-column", cardColumn);
        columns.put("--merchant-column", merchantColumn);
        columns.put("--amount-column", amountColumn);
        if (labelColumn != null) {
            columns.put("--label-column", labelColumn);
        }
        return columns;
    }
}
