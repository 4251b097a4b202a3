package dev.featurestore.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms of event times: what is written, what else is read, and what is refused. */
class EventTimeFormatTest {
    private static <T> void refusesToRead(FeatureCodec<T> codec, String text, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> codec.decode(text))
                .withMessage(message)
                .withNoCause();
    }

    private static <T> void refusesToWrite(FeatureCodec<T> codec, T value, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> codec.encode(value))
                .withMessage(message)
                .withNoCause();
    }

    private static String got(String expected, String text) {
        return "expected " + expected + ", got a text of " + text.length() + " characters";
    }

    @Nested
    class IsoTimes {
        private static final Instant TIME = Instant.parse("2025-01-31T23:59:59.123456789Z");

        @ParameterizedTest
        @CsvSource({
            "0, 2025-01-31T23:59:59Z, 2025-01-31T23:59:59Z",
            "3, 2025-01-31T23:59:59.120Z, 2025-01-31T23:59:59.12Z",
            "9, 2025-01-31T23:59:59.120000000Z, 2025-01-31T23:59:59.12Z",
            "9, 0000-01-01T00:00:00.000000000Z, 0000-01-01T00:00:00Z",
            "9, 9999-12-31T23:59:59.999999999Z, 9999-12-31T23:59:59.999999999Z"
        })
        void areWrittenWithOnePrecision(int digits, String text, Instant time) {
            assertThat(EventTimeFormat.iso8601(digits).codec().encode(time)).isEqualTo(text);
        }

        @ParameterizedTest
        @ValueSource(ints = {0, 3, 9})
        void areReadWithAnyPrecision(int written) {
            FeatureCodec<Instant> codec = EventTimeFormat.iso8601(written).codec();

            assertThat(codec.decode("2025-01-31T23:59:59Z")).isEqualTo(Instant.parse("2025-01-31T23:59:59Z"));
            for (int digits = 1; digits <= 9; digits++) {
                String text = "2025-01-31T23:59:59.123456789".substring(0, 20 + digits) + "Z";
                assertThat(codec.decode(text)).as(text).isEqualTo(Instant.parse(text));
            }
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "2025-01-31T23:59:59",
                    "2025-01-31T23:59:59.123",
                    "2025-01-31T23:59:59z",
                    "2025-01-31T23:59:59+00:00",
                    "2025-01-31T23:59:59.123+01:00",
                    "2025-01-31 23:59:59Z",
                    "2025-01-31t23:59:59Z",
                    "2025-01-31",
                    "2025-01-31T23:59Z",
                    "2025-01-31T23:59:59.Z",
                    "2025-01-31T23:59:59,123Z",
                    "2025-01-31T23:59:59.1234567890Z",
                    "2025-01-31T24:00:00Z",
                    "2025-01-31T23:60:00Z",
                    "2025-12-31T23:59:60Z",
                    "2025-02-30T00:00:00Z",
                    "2025-02-29T00:00:00Z",
                    "2025-00-01T00:00:00Z",
                    "2025-13-01T00:00:00Z",
                    "2025-01-00T00:00:00Z",
                    "-001-01-01T00:00:00Z",
                    "10000-01-01T00:00:00Z",
                    "2025/01/31T23:59:59Z",
                    "２０２５-01-31T23:59:59Z",
                    "2025-01-31T23:59:59.١٢٣Z",
                    " 2025-01-31T23:59:59Z",
                    "2025-01-31T23:59:59Z ",
                    "2025-01-31T23:59:5 Z",
                    "1738367999"
                })
        void areReadInNoOtherForm(String text) {
            for (int digits : new int[] {0, 3, 9}) {
                refusesToRead(
                        EventTimeFormat.iso8601(digits).codec(),
                        text,
                        got("a UTC time such as 2025-01-31T23:59:59.123Z, with 0 to 9 fraction digits", text));
            }
        }

        @ParameterizedTest
        @CsvSource({"0, 2025-01-31T23:59:59.001Z", "3, 2025-01-31T23:59:59.000001Z", "3, 1969-12-31T23:59:59.9999Z"})
        void finerThanTheirFormatAreRefused(int digits, Instant time) {
            refusesToWrite(EventTimeFormat.iso8601(digits).codec(), time, finer(digits));
        }

        @ParameterizedTest
        @ValueSource(strings = {"-0001-12-31T23:59:59.999999999Z", "+10000-01-01T00:00:00Z"})
        void outsideTheServicesYearsAreRefused(Instant time) {
            refusesToWrite(
                    EventTimeFormat.iso8601(9).codec(),
                    time,
                    "expected a time between the years 0000 and 9999, got one outside");
            refusesToWrite(
                    EventTimeFormat.iso8601(9).codec(),
                    Instant.MAX,
                    "expected a time between the years 0000 and 9999, got one outside");
        }

        @ParameterizedTest
        @ValueSource(ints = {-1, 1, 2, 4, 6, 8, 10})
        void haveNoOtherPrecision(int digits) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> EventTimeFormat.iso8601(digits))
                    .withMessage("An ISO 8601 event time has 0, 3 or 9 fraction digits, got " + digits);
        }

        @Test
        void tellTheirFormat() {
            EventTimeFormat format = EventTimeFormat.iso8601(3);

            assertThat(format.fractionDigits()).isEqualTo(3);
            assertThat(format.type()).isEqualTo(FeatureType.STRING);
            assertThat(format).hasToString("iso-8601/3");
            assertThat(format.codec().decode(TIME.toString())).isEqualTo(TIME);
        }
    }

    @Nested
    class EpochSeconds {
        @ParameterizedTest
        @CsvSource({
            "0, 2024-06-24T11:53:20Z, 1719230000",
            "3, 2024-06-24T11:53:20Z, 1719230000.000",
            "3, 2024-06-24T11:53:20.5Z, 1719230000.500",
            "6, 2024-06-24T11:53:20.000001Z, 1719230000.000001",
            "0, 1970-01-01T00:00:00Z, 0",
            "3, 1969-12-31T23:59:59.999Z, -0.001",
            "6, 1901-12-13T20:45:51.500Z, -2147483648.500000",
            "6, 2242-03-16T12:56:31.999999Z, 8589934591.999999"
        })
        void areWrittenInPlainDecimals(int digits, Instant time, String text) {
            assertThat(EventTimeFormat.epochSeconds(digits).codec().encode(time))
                    .isEqualTo(text);
        }

        @ParameterizedTest
        @CsvSource({
            "1719230000, 2024-06-24T11:53:20Z",
            "1719230000.0, 2024-06-24T11:53:20Z",
            "1.71923E9, 2024-06-24T11:53:20Z",
            "1719230000.123, 2024-06-24T11:53:20.123Z",
            "1719230000.1234567, 2024-06-24T11:53:20.123457Z",
            "-0.0, 1970-01-01T00:00:00Z",
            "-1e-9, 1970-01-01T00:00:00Z"
        })
        void areReadToTheMicrosecond(String text, Instant time) {
            for (int digits : new int[] {0, 3, 6}) {
                assertThat(EventTimeFormat.epochSeconds(digits).codec().decode(text))
                        .isEqualTo(time);
            }
        }

        @Test
        void readWithNoiseAreTheNumberThatIsWritten() {
            FeatureColumns columns = new FeatureColumns(
                    "test", List.of("t"), List.of(Feature.eventTime("t", EventTimeFormat.epochSeconds(6))));
            FeatureValues noisy = FeatureValues.builder(columns)
                    .setText(0, "1719230000.1234567")
                    .build();
            FeatureValues clean = FeatureValues.builder(columns)
                    .set(0, Instant.parse("2024-06-24T11:53:20.123457Z"))
                    .build();

            assertThat(noisy).isEqualTo(clean).hasSameHashCodeAs(clean);
            assertThat(noisy.text(0)).isEqualTo("1719230000.123457");
        }

        @ParameterizedTest
        @ValueSource(strings = {"8589934592", "-8589934592", "1e20", "1738367999123"})
        void outsideWhatADoubleHoldsAreNotRead(String text) {
            refusesToRead(
                    EventTimeFormat.epochSeconds(3).codec(),
                    text,
                    "expected epoch seconds between the years 1697 and 2242, got a number outside");
        }

        @ParameterizedTest
        @ValueSource(strings = {"2242-03-16T12:56:32Z", "1697-10-17T11:03:28Z"})
        void outsideWhatADoubleHoldsAreNotWritten(Instant time) {
            refusesToWrite(
                    EventTimeFormat.epochSeconds(3).codec(),
                    time,
                    "expected a time between the years 1697 and 2242, where a double holds microseconds, got one"
                            + " outside");
        }

        @ParameterizedTest
        @CsvSource({"0, 0.1", "3, 0.0001", "6, 0.0000001"})
        void finerThanTheirFormatAreRefused(int digits, BigDecimal seconds) {
            Instant time = Instant.EPOCH.plusNanos(seconds.movePointRight(9).longValueExact());

            refusesToWrite(EventTimeFormat.epochSeconds(digits).codec(), time, finer(digits));
        }

        @ParameterizedTest
        @ValueSource(ints = {-1, 1, 9})
        void haveNoOtherPrecision(int digits) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> EventTimeFormat.epochSeconds(digits))
                    .withMessage("An event time in epoch seconds has 0, 3 or 6 fraction digits, got " + digits);
        }
    }

    private static String finer(int digits) {
        return "expected a time with at most " + digits + " fraction digits, got a finer one; truncate it"
                + " (Instant.truncatedTo) or give the event time a finer format";
    }
}
