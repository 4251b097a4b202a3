package dev.featurestore.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Decimal text is read as the JDK reads it, bit for bit, however it is written. */
class WireTextTest {
    private static final int TEXTS_A_SEED = 20_000;

    static LongStream seeds() {
        return LongStream.range(0, 20);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void decimalsAreReadAsTheJdkReadsThem(long seed) {
        Random random = new Random(seed);
        for (int n = 0; n < TEXTS_A_SEED; n++) {
            String text = decimal(random);
            assertThat(Double.doubleToRawLongBits(WireText.parseDouble(text)))
                    .as("seed %s: %s", seed, text)
                    .isEqualTo(Double.doubleToRawLongBits(Double.parseDouble(text)));
        }
    }

    private static String decimal(Random random) {
        StringBuilder text = new StringBuilder("0".repeat(random.nextInt(4) == 0 ? random.nextInt(30) : 0));
        int digits = 1 + random.nextInt(20);
        for (int n = 0; n < digits; n++) {
            text.append((char) ('0' + random.nextInt(10)));
        }
        if (random.nextInt(4) > 0) {
            text.insert(random.nextInt(text.length() + 1), '.');
        }
        if (random.nextInt(8) == 0) {
            text.append("e").append(random.nextInt(60) - 30);
        }
        return (random.nextInt(3) == 0 ? "-" : "") + text;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "-0.0",
                ".5",
                "5.",
                "-.5",
                "9007199254740989",
                "9007199254740991",
                "9007199254740992",
                "9007199254740993",
                "9007199254740995",
                "90071992547409.89",
                "0.0000000000000000000001",
                "0.00000000000000000000001",
                "0.9007199254740991",
                "1e22",
                "+1.5",
                "4.9e-324"
            })
    void edgesAreReadAsTheJdkReadsThem(String text) {
        assertThat(Double.doubleToRawLongBits(WireText.parseDouble(text)))
                .isEqualTo(Double.doubleToRawLongBits(Double.parseDouble(text)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                ".",
                "-.",
                "+",
                "1.2.3",
                "--1",
                "1-",
                "1 ",
                " 1",
                "1d",
                "0x1p3",
                "NaN",
                "Infinity",
                "1e",
                "e1",
                "1e400",
                "\u0661"
            })
    void otherTextsAreRefused(String text) {
        assertThatThrownBy(() -> WireText.parseDouble(text)).isInstanceOf(UnstorableValueException.class);
    }
}
