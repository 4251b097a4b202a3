package dev.featurestore.testkit.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UrlTextTest {
    @Test
    void escapesAreDecodedOnceAsUtf8() {
        assertThat(UrlText.decode("a%2Fb%3a%C3%A9%252F+%F0%9F%98%80")).isEqualTo("a/b:é%2F+\uD83D\uDE00");
        assertThat(UrlText.decode("%41")).isEqualTo("A");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "s3cr3t%4", "s3cr3t%zz", "s3cr3t%FF", "%C3s3cr3t"})
    void whatIsNotAnEscapeIsRefusedWithoutQuotingIt(String encoded) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UrlText.decode(encoded))
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("s3cr3t"));
    }

    @Test
    void keysOfAQueryMayRepeat() {
        assertThat(UrlText.query("a=1&b&a=2%263&=x&&c="))
                .containsExactly(
                        Map.entry("a", List.of("1", "2&3")),
                        Map.entry("b", List.of("")),
                        Map.entry("", List.of("x")),
                        Map.entry("c", List.of("")));
        assertThat(UrlText.query(null)).isEmpty();
        assertThat(UrlText.query("")).isEmpty();
    }
}
