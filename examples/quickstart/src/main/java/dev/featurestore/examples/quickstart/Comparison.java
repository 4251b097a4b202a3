package dev.featurestore.examples.quickstart;

import dev.featurestore.examples.fraud.Fraud;
import dev.featurestore.schema.FeatureType;
import dev.featurestore.view.GroupSelection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Compares training rows with what was served, by transaction and bit for bit: nulls and the sign of zero count. */
final class Comparison {
    private final Workbench workbench;

    private final String served;

    /** @param served the served log */
    Comparison(Workbench workbench, Path served) {
        this.workbench = workbench;
        this.served = Workbench.parquet(served);
    }

    /**
     * How many transactions have other values in the training set than in the served log, or the values of another record, or
     * not one row in each.
     */
    long mismatches(Path training) {
        long different = workbench
                .numbers("SELECT count(DISTINCT coalesce(s.transaction_id, t.transaction_id)) FROM "
                        + joined(training) + " WHERE s.transaction_id IS NULL OR t.transaction_id IS NULL OR "
                        + valuesDiffer(Fraud.CARD) + " OR " + valuesDiffer(Fraud.MERCHANT) + " OR "
                        + distinct(ServedLog.eventTimeColumn(Fraud.CARD)) + " OR "
                        + distinct(ServedLog.eventTimeColumn(Fraud.MERCHANT)))[0];
        return different + repeated(served) + repeated(Workbench.parquet(training));
    }

    /** How many rows are there beyond one for each transaction. */
    private long repeated(String table) {
        return workbench.numbers("SELECT count(*) - count(DISTINCT transaction_id) FROM " + table)[0];
    }

    /**
     * Why training rows by event time differ.
     *
     * @param rows that differ
     * @param cardUnderWay rows with a card record that was true already, but still on its way, as always in the first second
     * @param cardLate rows with a card record that arrived late
     * @param merchantLate rows with merchant statistics of a midnight that came hours after it
     * @param unexplained rows of which a group differs although the record had arrived
     */
    record Differences(long rows, long cardUnderWay, long cardLate, long merchantLate, long unexplained) {}

    /**
     * Explains each difference by when the record arrived that event time chose.
     *
     * @param cardHistory the files of the offline store, as DuckDB reads them
     * @param target gets one row for each transaction that differs
     */
    Differences explain(Path training, String cardHistory, String merchantHistory, Path target) {
        String label = "strftime(event_time, '%Y-%m-%dT%H:%M:%S.%f') || '000Z'";
        String differing = "SELECT s.transaction_id, s.event_time, " + valuesDiffer(Fraud.CARD) + " AS card_differs, "
                + valuesDiffer(Fraud.MERCHANT) + " AS merchant_differs, s.card_id, s.merchant_id, t."
                + ServedLog.eventTimeColumn(Fraud.CARD) + " AS card_time, t."
                + ServedLog.eventTimeColumn(Fraud.MERCHANT) + " AS merchant_time FROM " + joined(training)
                + " WHERE card_differs OR merchant_differs";
        String sql = "WITH differing AS (" + differing + "), " + arrivals("cards", "card_id", cardHistory) + ", "
                + arrivals("merchants", "merchant_id", merchantHistory)
                + " SELECT d.transaction_id, d.event_time, card_differs, c.arrived AS card_arrived,"
                + " merchant_differs, m.arrived AS merchant_arrived,"
                + " coalesce(card_differs AND c.arrived > " + label + ", false) AS card_explained,"
                + " coalesce(merchant_differs AND m.arrived > " + label + ", false) AS merchant_explained,"
                + " card_explained AND epoch_us(CAST(c.arrived AS TIMESTAMP)) - epoch_us(CAST(card_time AS TIMESTAMP)) > "
                + Lag.longestOnTime().toMillis() * 1_000 + " AS card_late"
                + " FROM differing AS d"
                + " LEFT JOIN cards AS c ON c.id = d.card_id AND c.event_ts = d.card_time"
                + " LEFT JOIN merchants AS m ON m.id = d.merchant_id AND m.event_ts = d.merchant_time";
        workbench.execute("COPY (" + sql + ") TO " + Workbench.text(target) + " (FORMAT parquet)");
        long[] n = workbench.numbers("SELECT count(*), count_if(card_explained AND NOT card_late), count_if(card_late),"
                + " count_if(merchant_explained),"
                + " count_if((card_differs AND NOT card_explained) OR (merchant_differs AND NOT merchant_explained))"
                + " FROM " + Workbench.parquet(target));
        return new Differences(n[0], n[1], n[2], n[3], n[4]);
    }

    /** When the last record of an identifier and event time arrived. */
    private static String arrivals(String name, String id, String history) {
        return name + " AS (SELECT " + id + " AS id, event_ts, max(arrived_at) AS arrived FROM read_parquet("
                + Workbench.text(history) + ", hive_partitioning = false) GROUP BY ALL)";
    }

    private String joined(Path training) {
        return served + " AS s FULL JOIN " + Workbench.parquet(training)
                + " AS t ON t.transaction_id = s.transaction_id";
    }

    /** Whether the values of one group differ. */
    private static String valuesDiffer(String selectionName) {
        List<String> pairs = new ArrayList<>();
        for (GroupSelection selection : Fraud.MODEL_V1.selections()) {
            if (!selection.name().equals(selectionName)) {
                continue;
            }
            for (GroupSelection.Column column : selection.columns()) {
                String name = Workbench.name(column.name());
                pairs.add(distinct(name));
                if (column.feature().type() == FeatureType.FRACTIONAL) {
                    pairs.add("signbit(s." + name + ") IS DISTINCT FROM signbit(t." + name + ")");
                }
            }
        }
        return "(" + String.join(" OR ", pairs) + ")";
    }

    private static String distinct(String column) {
        return "s." + column + " IS DISTINCT FROM t." + column;
    }
}
