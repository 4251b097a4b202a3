package dev.featurestore.examples.quickstart;

import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.duckdb.DuckDBAppender;

/**
 * Makes up card payments: few cards and merchants have many of them, nights are quiet, and now and then a stolen card pays
 * several times within minutes, which its label tells. The same options and seed give the same payments.
 */
final class PaymentGenerator {
    static final String TABLE = "generated";

    private static final Instant START = Instant.parse("2025-01-01T00:00:00Z");

    /** One in so many payments is the first of a series with a stolen card. */
    private static final int PAYMENTS_A_THEFT = 2_000;

    private static final long MICROS_A_DAY = TimeUnit.DAYS.toMicros(1);

    private final GeneratorOptions options;

    private final SplittableRandom random;

    private long row;

    private PaymentGenerator(GeneratorOptions options, long seed) {
        this.options = options;
        this.random = new SplittableRandom(seed);
    }

    /** Fills {@link #TABLE}. */
    static void fill(Workbench workbench, GeneratorOptions options, long seed) {
        workbench.execute("CREATE TABLE " + TABLE + " (row BIGINT, transaction_id VARCHAR, event_time TIMESTAMP,"
                + " card_id VARCHAR, merchant_id VARCHAR, amount DOUBLE, label BIGINT)");
        try (DuckDBAppender appender = workbench.appender(TABLE)) {
            new PaymentGenerator(options, seed).append(appender);
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot write the generated payments", e);
        }
    }

    private void append(DuckDBAppender appender) throws SQLException {
        while (row < options.rows) {
            long micros = time();
            int card = skewed(options.cards);
            if (random.nextInt(PAYMENTS_A_THEFT) == 0) {
                for (int left = 3 + random.nextInt(6); left > 0 && row < options.rows; left--) {
                    append(appender, micros, card, random.nextInt(options.merchants), amount(90), 1);
                    micros += TimeUnit.SECONDS.toMicros(5) + random.nextLong(TimeUnit.MINUTES.toMicros(2));
                }
            } else {
                append(appender, micros, card, skewed(options.merchants), amount(25), 0);
            }
        }
    }

    /** Microseconds after the start: of two moments of a day the one nearer to 3 in the afternoon. */
    private long time() {
        long first = random.nextLong(MICROS_A_DAY);
        long second = random.nextLong(MICROS_A_DAY);
        long peak = TimeUnit.HOURS.toMicros(15);
        long nearer = Math.abs(first - peak) < Math.abs(second - peak) ? first : second;
        return random.nextInt(options.days) * MICROS_A_DAY + nearer;
    }

    /** A number below the bound, small ones more often. */
    private int skewed(int bound) {
        double share = random.nextDouble();
        return (int) (share * share * bound);
    }

    /** In whole cents, spread around a typical amount. */
    private double amount(double typical) {
        return Math.max(1, Math.round(typical * Math.exp(random.nextGaussian()) * 100)) / 100.0;
    }

    private void append(DuckDBAppender appender, long micros, int card, int merchant, double amount, long label)
            throws SQLException {
        appender.beginRow();
        appender.append(row);
        appender.append(String.format(Locale.ROOT, "t%09d", row));
        appender.appendEpochMicros(ChronoUnit.MICROS.between(Instant.EPOCH, START) + micros);
        appender.append(String.format(Locale.ROOT, "card-%06d", card));
        appender.append(String.format(Locale.ROOT, "shop-%05d", merchant));
        appender.append(amount);
        appender.append(label);
        appender.endRow();
        row++;
    }
}
