package dev.featurestore.testkit.contract;

import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureCodec;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Nested;

/** The suite holds for codecs of all three stored types, built in and made by hand. */
class FeatureCodecContractTest {
    @Nested
    class OfText extends FeatureCodecContract<Currency> {
        @Override
        protected FeatureCodec<Currency> codec() {
            return FeatureCodec.string(
                    "currency", Currency.class, Currency::getCurrencyCode, FeatureCodecContractTest::currency);
        }

        @Override
        protected String stableName() {
            return "currency";
        }

        @Override
        protected List<Currency> values() {
            return List.of(Currency.getInstance("EUR"), Currency.getInstance(Locale.JAPAN));
        }

        @Override
        protected List<String> refusedTexts() {
            return List.of("", "eur", "EURO");
        }
    }

    private static Currency currency(String text) {
        try {
            return Currency.getInstance(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("expected a currency code");
        }
    }

    @Nested
    class OfWholeNumbers extends FeatureCodecContract<Character> {
        @Override
        protected FeatureCodec<Character> codec() {
            return FeatureCodec.integral(
                    "ascii", Character.class, FeatureCodecContractTest::code, code -> (char) code.intValue());
        }

        @Override
        protected String stableName() {
            return "ascii";
        }

        @Override
        protected List<Character> values() {
            return List.of('a', '\0', '\u007f');
        }

        @Override
        protected List<Character> refusedValues() {
            return List.of('é');
        }

        @Override
        protected List<String> refusedTexts() {
            return List.of("a", "1.0", "");
        }
    }

    private static Long code(Character character) {
        if (character > 127) {
            throw new IllegalArgumentException("expected an ASCII character");
        }
        return (long) character;
    }

    @Nested
    class OfNumbers extends FeatureCodecContract<Double> {
        @Override
        protected FeatureCodec<Double> codec() {
            return Feature.fractional("any").codec();
        }

        @Override
        protected String stableName() {
            return "fractional";
        }

        @Override
        protected List<Double> values() {
            return List.of(0.0, -0.0, Double.MIN_VALUE, -Double.MAX_VALUE, 0.1, 1e-5, 1.7e9);
        }

        @Override
        protected List<Double> refusedValues() {
            return List.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
        }

        @Override
        protected List<String> refusedTexts() {
            return List.of("", "4111.1111.2222", "1,5", "1e999");
        }
    }

    @Nested
    class OfInstants extends FeatureCodecContract<Instant> {
        @Override
        protected FeatureCodec<Instant> codec() {
            return Feature.instant("any").codec();
        }

        @Override
        protected String stableName() {
            return "iso-8601/9";
        }

        @Override
        protected List<Instant> values() {
            return List.of(Instant.EPOCH, Instant.EPOCH.minusNanos(1), Instant.parse("9999-12-31T23:59:59.999999999Z"));
        }

        @Override
        protected List<Instant> refusedValues() {
            return List.of(Instant.MIN, Instant.MAX);
        }

        @Override
        protected List<String> refusedTexts() {
            return List.of("yesterday", "2025-03-10T12:00:00+01:00", "2025-02-30T12:00:00Z");
        }
    }
}
