package dev.featurestore.benchmarks.training;

import java.time.Instant;
import java.util.SplittableRandom;

/**
 * The rows of a group, without their features, with the ordinary troubles: times of mixed precision, duplicates, corrections at
 * one event time, late rows, deletes. In the order in which they were made up, which is none.
 */
final class History {
    static final long NANOS = 1_000_000_000L;

    static final long START = Instant.parse("2025-01-01T00:00:00Z").getEpochSecond();

    static final int SECONDS = 90 * 24 * 3600;

    private static final int[] DIGITS = {0, 3, 3, 6, 9};

    private static final long[] UNITS = {NANOS, 1, 1, 1_000_000, 1, 1, 1000, 1, 1, 1};

    final int[] identifier;

    /** Epoch nanoseconds. */
    final long[] eventTime;

    final byte[] digits;

    /** Epoch seconds. */
    final int[] arrival;

    /** Epoch milliseconds. */
    final long[] written;

    final boolean[] deleted;

    /** The row's number; that of the first for duplicates. */
    final int[] number;

    private History(int rows) {
        identifier = new int[rows];
        eventTime = new long[rows];
        digits = new byte[rows];
        arrival = new int[rows];
        written = new long[rows];
        deleted = new boolean[rows];
        number = new int[rows];
    }

    int size() {
        return identifier.length;
    }

    static History random(Workload workload, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        History history = new History(workload.rows());
        for (int row = 0; row < workload.rows(); row++) {
            int kind = random.nextInt(100);
            if (kind < 5 && row > 0) {
                history.again(row, random.nextInt(row), kind < 3, random);
            } else {
                history.fresh(row, random.nextInt(workload.identifiers()), kind < 7, random);
            }
        }
        return history;
    }

    private void fresh(int row, int id, boolean isDelete, SplittableRandom random) {
        identifier[row] = id;
        digits[row] = (byte) DIGITS[random.nextInt(DIGITS.length)];
        long time = START * NANOS + random.nextLong(SECONDS * NANOS);
        eventTime[row] = time - time % UNITS[digits[row]];
        boolean isLate = random.nextInt(100) < 5;
        int delay = isLate ? 24 * 3600 + random.nextInt(9 * 24 * 3600) : random.nextInt(5);
        arrival[row] = (int) (eventTime[row] / NANOS) + delay;
        deleted[row] = isDelete;
        number[row] = row;
        written(row, random);
    }

    /** A retry that was stored twice, or other values for the same event time. */
    private void again(int row, int of, boolean isDuplicate, SplittableRandom random) {
        identifier[row] = identifier[of];
        digits[row] = digits[of];
        eventTime[row] = eventTime[of];
        arrival[row] = arrival[of] + 1 + random.nextInt(100);
        deleted[row] = isDuplicate && deleted[of];
        number[row] = isDuplicate ? number[of] : row;
        written(row, random);
    }

    /** Some minutes later, in milliseconds. */
    private void written(int row, SplittableRandom random) {
        written[row] = arrival[row] * 1000L + 60_000 + random.nextInt(600_000);
    }

    /** Whether one row is later than another, as the rule has it. */
    boolean isLater(int row, int other) {
        if (eventTime[row] != eventTime[other]) {
            return eventTime[row] > eventTime[other];
        }
        if (deleted[row] != deleted[other]) {
            return deleted[other];
        }
        if (arrival[row] != arrival[other]) {
            return arrival[row] > arrival[other];
        }
        return written[row] > written[other];
    }

    /** As it is stored: with as many digits as its writer gave it. */
    String eventTimeText(int row) {
        String second = Instant.ofEpochSecond(eventTime[row] / NANOS).toString();
        if (digits[row] == 0) {
            return second;
        }
        String fraction = Long.toString(NANOS + eventTime[row] % NANOS).substring(1, 1 + digits[row]);
        return second.substring(0, second.length() - 1) + "." + fraction + "Z";
    }

    static String identifierText(int id) {
        return "card-" + Integer.toString(10_000_000 + id).substring(1);
    }

    /** What feature c of a row holds; null for one in seventeen. */
    static @org.jspecify.annotations.Nullable Double value(int number, int c) {
        return (number + c) % 17 == 0 ? null : ((long) number * (2 * c + 3)) % 1_000_003 / 8.0;
    }

    /** The same in SQL. */
    static String value(int c) {
        return "CASE WHEN (n + " + c + ") % 17 = 0 THEN NULL ELSE ((n::BIGINT * " + (2 * c + 3)
                + ") % 1000003)::DOUBLE / 8.0 END";
    }
}
