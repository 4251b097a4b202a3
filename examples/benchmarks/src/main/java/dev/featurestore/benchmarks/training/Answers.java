package dev.featurestore.benchmarks.training;

import dev.featurestore.training.PointInTime;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The right answer for each label, found by looking at each row of its identifier: the number of the row it sees in each
 * group. What an engine answers is held against it, value by value.
 */
final class Answers {
    private static final int NONE = -1;

    private final Workload workload;

    /** By group and label. */
    private final int[][] expected;

    private Answers(Workload workload, int[][] expected) {
        this.workload = workload;
        this.expected = expected;
    }

    static Answers of(Workload workload, Labels labels, History[] histories, PointInTime.Mode mode) {
        int[][] expected = new int[workload.groups()][];
        for (int g = 0; g < expected.length; g++) {
            expected[g] = seen(workload, labels, histories[g], mode);
        }
        return new Answers(workload, expected);
    }

    private static int[] seen(Workload workload, Labels labels, History history, PointInTime.Mode mode) {
        int identifiers = workload.identifiers();
        int[] end = new int[identifiers + 1];
        for (int id : history.identifier) {
            end[id + 1]++;
        }
        for (int id = 0; id < identifiers; id++) {
            end[id + 1] += end[id];
        }
        int[] next = Arrays.copyOf(end, identifiers);
        int[] rows = new int[history.size()];
        for (int row = 0; row < history.size(); row++) {
            rows[next[history.identifier[row]]++] = row;
        }
        int[] seen = new int[labels.size()];
        for (int label = 0; label < seen.length; label++) {
            int id = labels.identifier[label];
            int latest = NONE;
            for (int i = id < identifiers ? end[id] : 0; id < identifiers && i < end[id + 1]; i++) {
                if (counts(history, rows[i], labels.time[label], mode)
                        && (latest == NONE || history.isLater(rows[i], latest))) {
                    latest = rows[i];
                }
            }
            seen[label] = latest == NONE || history.deleted[latest] ? NONE : history.number[latest];
        }
        return seen;
    }

    /** In AS_SERVED once the second of its arrival is over. */
    private static boolean counts(History history, int row, long labelMillis, PointInTime.Mode mode) {
        return mode == PointInTime.Mode.EVENT_TIME
                ? history.eventTime[row] <= labelMillis * 1_000_000
                : (history.arrival[row] + 1) * 1000L <= labelMillis;
    }

    /** Takes rows in any order. */
    Check check() {
        return new Check();
    }

    /** Counts what is wrong: labels that are missing, there more than once, or have a wrong value. */
    final class Check implements SqlEngine.Rows {
        private final byte[] times = new byte[workload.labels()];

        private final boolean[] wrong = new boolean[workload.labels()];

        private long rows;

        @Override
        public void row(long label, @Nullable Object[] values) {
            rows++;
            int l = (int) label;
            times[l] = (byte) Math.min(2, times[l] + 1);
            for (int g = 0; g < expected.length; g++) {
                for (int c = 0; c < workload.features(); c++) {
                    Object value = values[g * workload.features() + c];
                    Object right = right(expected[g][l], c);
                    if (!Objects.equals(value instanceof Number number ? number.doubleValue() : value, right)) {
                        wrong[l] = true;
                        return;
                    }
                }
            }
        }

        private static @Nullable Object right(int number, int c) {
            if (number == NONE) {
                return null;
            }
            return c == 0 ? Double.valueOf(number) : History.value(number, c);
        }

        long rows() {
            return rows;
        }

        int wrongLabels() {
            int count = 0;
            for (int l = 0; l < times.length; l++) {
                if (times[l] != 1 || wrong[l]) {
                    count++;
                }
            }
            return count;
        }
    }
}
