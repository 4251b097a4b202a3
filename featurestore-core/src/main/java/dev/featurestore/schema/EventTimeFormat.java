package dev.featurestore.schema;

import java.io.Serializable;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * How a group writes its event times: one fixed precision for all its records, so that the stored text of one group
 * sorts as time does. Reading accepts any precision, because other writers exist.
 *
 * <p>An instant finer than the precision is refused, not rounded: rounding would move a record across a label's time.
 * Truncate it yourself where that is meant.
 */
public final class EventTimeFormat implements Serializable {
    private static final long serialVersionUID = 1L;

    /** The service's range: {@code 0000-01-01T00:00:00Z} … */
    private static final long MIN_SECOND = LocalDateTime.of(0, 1, 1, 0, 0).toEpochSecond(ZoneOffset.UTC);

    /** … to {@code 9999-12-31T23:59:59.999999999Z}. */
    private static final long MAX_SECOND =
            LocalDateTime.of(9999, 12, 31, 23, 59, 59).toEpochSecond(ZoneOffset.UTC);

    private static final int[] POWERS_OF_TEN = {
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000
    };

    private static final int DAY_SECONDS = 86_400;

    private enum Kind {
        ISO_8601,
        EPOCH_SECONDS
    }

    private final Kind kind;

    private final int digits;

    private EventTimeFormat(Kind kind, int digits) {
        this.kind = kind;
        this.digits = digits;
    }

    /**
     * UTC text such as {@code 2025-01-31T23:59:59.000000000Z}, in a feature of type String. The default of the library is
     * 9 digits.
     *
     * @param fractionDigits 0, 3 or 9: the only ones the service documents
     */
    public static EventTimeFormat iso8601(int fractionDigits) {
        if (fractionDigits != 0 && fractionDigits != 3 && fractionDigits != 9) {
            throw new IllegalArgumentException(
                    "An ISO 8601 event time has 0, 3 or 9 fraction digits, got " + fractionDigits);
        }
        return new EventTimeFormat(Kind.ISO_8601, fractionDigits);
    }

    /**
     * Decimal seconds since 1970-01-01T00:00:00Z such as {@code 1738367999.123}, in a feature of type Fractional. The
     * offline store keeps them as doubles, which tell microseconds apart up to the year 2242 and no finer: hence 6 digits
     * at most. Not for Iceberg tables, where the service wants text.
     *
     * @param fractionDigits 0, 3 or 6
     */
    public static EventTimeFormat epochSeconds(int fractionDigits) {
        if (fractionDigits != 0 && fractionDigits != 3 && fractionDigits != 6) {
            throw new IllegalArgumentException(
                    "An event time in epoch seconds has 0, 3 or 6 fraction digits, got " + fractionDigits);
        }
        return new EventTimeFormat(Kind.EPOCH_SECONDS, fractionDigits);
    }

    /** Digits written after the decimal point. */
    public int fractionDigits() {
        return digits;
    }

    /** The type of an event-time feature in this format: String or Fractional. */
    public FeatureType type() {
        return kind == Kind.ISO_8601 ? FeatureType.STRING : FeatureType.FRACTIONAL;
    }

    /** The codec of instants in this format. */
    public FeatureCodec<Instant> codec() {
        return kind == Kind.ISO_8601 ? new IsoCodec(this) : new EpochCodec(this);
    }

    String codecName() {
        return (kind == Kind.ISO_8601 ? "iso-8601/" : "epoch-seconds/") + digits;
    }

    static @Nullable FeatureCodec<Instant> codecNamed(String name) {
        for (int digits : new int[] {0, 3, 6, 9}) {
            if (digits != 6 && name.equals("iso-8601/" + digits)) {
                return iso8601(digits).codec();
            }
            if (digits != 9 && name.equals("epoch-seconds/" + digits)) {
                return epochSeconds(digits).codec();
            }
        }
        return null;
    }

    @SuppressWarnings("JavaInstantGetSecondsGetNano") // it is the fraction that is looked at
    private void requireWritable(Instant value) {
        if (value.getEpochSecond() < MIN_SECOND || value.getEpochSecond() > MAX_SECOND) {
            throw new UnstorableValueException("expected a time between the years 0000 and 9999, got one outside");
        }
        if (value.getNano() % POWERS_OF_TEN[9 - digits] != 0) {
            throw new UnstorableValueException("expected a time with at most " + digits
                    + " fraction digits, got a finer one; truncate it (Instant.truncatedTo) or give the event time a finer"
                    + " format");
        }
    }

    private String writeIso(Instant value) {
        requireWritable(value);
        long second = value.getEpochSecond();
        int nano = value.getNano();
        LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(second, DAY_SECONDS));
        int ofDay = Math.floorMod(second, DAY_SECONDS);
        byte[] text = new byte[digits == 0 ? 20 : 21 + digits];
        put(text, 0, 4, date.getYear());
        text[4] = '-';
        put(text, 5, 2, date.getMonthValue());
        text[7] = '-';
        put(text, 8, 2, date.getDayOfMonth());
        text[10] = 'T';
        put(text, 11, 2, ofDay / 3600);
        text[13] = ':';
        put(text, 14, 2, ofDay / 60 % 60);
        text[16] = ':';
        put(text, 17, 2, ofDay % 60);
        if (digits > 0) {
            text[19] = '.';
            put(text, 20, digits, nano / POWERS_OF_TEN[9 - digits]);
        }
        text[text.length - 1] = 'Z';
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    private static void put(byte[] text, int at, int width, int number) {
        int rest = number;
        for (int i = at + width - 1; i >= at; i--) {
            text[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    private static Instant readIso(String text) {
        int length = text.length();
        boolean shaped = length >= 20
                && length <= 30
                && length != 21
                && text.charAt(4) == '-'
                && text.charAt(7) == '-'
                && text.charAt(10) == 'T'
                && text.charAt(13) == ':'
                && text.charAt(16) == ':'
                && text.charAt(length - 1) == 'Z'
                && (length == 20 || text.charAt(19) == '.');
        if (!shaped) {
            throw notATime(text);
        }
        int nano = length == 20 ? 0 : number(text, 20, length - 1) * POWERS_OF_TEN[9 - (length - 21)];
        int hour = number(text, 11, 13);
        int minute = number(text, 14, 16);
        int second = number(text, 17, 19);
        if (hour > 23 || minute > 59 || second > 59) {
            throw notATime(text);
        }
        LocalDate date;
        try {
            date = LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10));
        } catch (DateTimeException e) {
            throw notATime(text);
        }
        return Instant.ofEpochSecond(date.toEpochDay() * DAY_SECONDS + hour * 3600L + minute * 60L + second, nano);
    }

    private static int number(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                throw notATime(text);
            }
            number = number * 10 + c - '0';
        }
        return number;
    }

    private static UnstorableValueException notATime(String text) {
        return WireText.notA("a UTC time such as 2025-01-31T23:59:59.123Z, with 0 to 9 fraction digits", text);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof EventTimeFormat that && that.kind == kind && that.digits == digits;
    }

    @Override
    public int hashCode() {
        return codecName().hashCode();
    }

    /** The name of the format, such as {@code iso-8601/9}. */
    @Override
    public String toString() {
        return codecName();
    }

    private record IsoCodec(EventTimeFormat format) implements FeatureCodec.OfString<Instant> {
        @Override
        public String name() {
            return format.codecName();
        }

        @Override
        public Class<Instant> javaType() {
            return Instant.class;
        }

        @Override
        public String encode(Instant value) {
            return format.writeIso(value);
        }

        @Override
        public Instant decode(String text) {
            return readIso(text);
        }
    }

    /**
     * The stored double is the nearest to a whole number of microseconds, so rounding to microseconds gives back what was
     * written. The text is plain decimal, never scientific.
     */
    private record EpochCodec(EventTimeFormat format) implements FeatureCodec.OfFractional<Instant> {
        private static final long MICROS = 1_000_000L;

        /** Below 2^33 seconds two microseconds are never one double. */
        private static final long MAX_SECOND = 1L << 33;

        @Override
        public String name() {
            return format.codecName();
        }

        @Override
        public Class<Instant> javaType() {
            return Instant.class;
        }

        @Override
        public double toDouble(Instant value) {
            format.requireWritable(value);
            if (Math.abs(value.getEpochSecond()) >= MAX_SECOND) {
                throw new UnstorableValueException(
                        "expected a time between the years 1697 and 2242, where a double holds microseconds, got one"
                                + " outside");
            }
            return (value.getEpochSecond() * MICROS + value.getNano() / 1000) / (double) MICROS;
        }

        @Override
        public Instant fromDouble(double stored) {
            return Instant.EPOCH.plus(micros(stored), ChronoUnit.MICROS);
        }

        /** One number for one instant: other writers bring the noise of a double, such as {@code 1719230000.1234567}. */
        @Override
        public double parse(String text) {
            return micros(WireText.parseDouble(text)) / (double) MICROS;
        }

        /** The whole seconds apart, since their product with a million would be rounded. */
        private static long micros(double stored) {
            if (!(Math.abs(stored) < MAX_SECOND)) {
                throw new UnstorableValueException(
                        "expected epoch seconds between the years 1697 and 2242, got a number outside");
            }
            double whole = Math.floor(stored);
            return ((long) whole) * MICROS + Math.round((stored - whole) * MICROS);
        }

        @Override
        public String textOf(double stored) {
            BigDecimal seconds = BigDecimal.valueOf(micros(stored), 6).stripTrailingZeros();
            return seconds.setScale(Math.max(seconds.scale(), format.digits)).toPlainString();
        }
    }
}
