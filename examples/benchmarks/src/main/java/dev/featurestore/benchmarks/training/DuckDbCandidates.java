package dev.featurestore.benchmarks.training;

import dev.featurestore.training.PointInTime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** DuckDB's, over Parquet files. */
final class DuckDbCandidates extends Candidates {
    private final WorkloadFiles files;

    DuckDbCandidates(WorkloadFiles files) {
        super(files.workload(), read(files.labels()));
        this.files = files;
    }

    static String read(Path folder) {
        return "read_parquet('" + folder + "/**/*.parquet', hive_partitioning = false)";
    }

    @Override
    protected String history(int g) {
        return read(files.history(g));
    }

    @Override
    protected String eventKey(String text) {
        return "epoch_ns(CAST(" + text + " AS TIMESTAMP_NS))";
    }

    @Override
    protected String checkedEventKey(String text) {
        return "CASE WHEN regexp_full_match(" + text + ", '" + UTC_TIME + "') THEN " + eventKey(text)
                + " ELSE error('no time') END";
    }

    @Override
    protected String labelKey(String timestamp) {
        return "epoch_ns(" + timestamp + ")";
    }

    @Override
    protected String afterAll() {
        return "9223372036854775807";
    }

    @Override
    protected String labelText(String timestamp) {
        return "strftime(" + timestamp + ", '%Y-%m-%dT%H:%M:%S.%gZ')";
    }

    @Override
    protected String hadArrived(String arrival, String labelTimestamp) {
        return arrival + " + INTERVAL 1 SECOND <= " + labelTimestamp;
    }

    @Override
    public List<Candidate> of(PointInTime.Mode mode) {
        List<Candidate> candidates = new ArrayList<>();
        if (mode == PointInTime.Mode.EVENT_TIME) {
            if (groups() == 1) {
                candidates.add(published());
            }
            candidates.add(asof());
            candidates.add(intervals(false));
        }
        candidates.addAll(range(mode));
        return candidates;
    }

    /** The time of the latest row first, then which of the rows of that time. */
    private Candidate asof() {
        List<String> expressions = new ArrayList<>();
        expressions.add("l AS " + labels());
        for (int g = 0; g < groups(); g++) {
            expressions.add("h" + g + " AS (SELECT l.label_id, f.card_id, f.k FROM l ASOF JOIN (SELECT card_id, "
                    + eventKey("event_ts") + " AS k FROM " + history(g)
                    + ") f ON l.card_id = f.card_id AND l.t >= f.k)");
            expressions.add(
                    "r" + g + " AS (SELECT * FROM " + keyed(g) + " f WHERE (card_id, k) IN (SELECT card_id, k FROM h"
                            + g
                            + ") QUALIFY row_number() OVER (PARTITION BY card_id, k ORDER BY is_deleted, api_invocation_time"
                            + " DESC, write_time DESC) = 1)");
            expressions.add("v" + g + " AS (SELECT h.label_id, " + columns(g, "r.") + " FROM h" + g + " h JOIN r" + g
                    + " r ON r.card_id = h.card_id AND r.k = h.k AND NOT r.is_deleted)");
        }
        return new Candidate("ASOF, then ties", joined(expressions), false);
    }
}
