package dev.featurestore.testkit.contract;

import static dev.featurestore.testkit.contract.ContractGroups.AMOUNT;
import static dev.featurestore.testkit.contract.ContractGroups.COUNT;
import static dev.featurestore.testkit.contract.ContractGroups.ID;
import static dev.featurestore.testkit.contract.ContractGroups.LABEL;
import static dev.featurestore.testkit.contract.ContractGroups.STANDARD;
import static dev.featurestore.testkit.contract.ContractGroups.TIME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.featurestore.spi.WireRecord;
import dev.featurestore.testkit.ServiceBehaviour;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What a put is checked for: completeness, names, types, sizes. */
abstract class RefusedPutCases extends OnlineCases {
    private static final int RECORD_BYTES = 350 * 1024;

    private static final int IDENTIFIER_BYTES = 2048;

    @Test
    void aRecordWithoutIdentifierIsRefused() {
        refused(STANDARD, () -> put(STANDARD, record(TIME, iso(noon), COUNT, "1")));
    }

    @Test
    void aRecordWithoutEventTimeIsRefused() {
        refused(STANDARD, () -> put(STANDARD, record(ID, id, COUNT, "1")));
    }

    @Test
    void anUnknownFeatureIsRefusedByName() {
        assertThat(refused(STANDARD, () -> put(STANDARD, record(id, noon, "surprise", "1"))))
                .hasMessageContaining("surprise");
    }

    @Test
    void featureNamesKeepTheirCase() {
        refused(STANDARD, () -> put(STANDARD, record(id, noon, "COUNT", "1")));
    }

    @Test
    void aFeatureThatIsThereTwiceIsRefusedByName() {
        assertThat(refused(STANDARD, () -> put(STANDARD, record(id, noon, COUNT, "1", COUNT, "1"))))
                .hasMessageContaining(COUNT);
    }

    @Test
    void aListForAScalarIsRefused() {
        WireRecord list = WireRecord.of(new String[] {ID, TIME, LABEL}, new Object[] {id, iso(noon), List.of("a")});

        assertThat(refused(STANDARD, () -> put(STANDARD, list))).hasMessageContaining(LABEL);
    }

    @Test
    void aRefusedPutLeavesEverythingAsItWas() {
        put(id, noon, 1);

        refused(STANDARD, () -> put(STANDARD, record(id, noon.plusSeconds(1), COUNT, "one")));

        assertThat(count(id)).contains("1");
        assertThat(offlineCounts(id)).containsExactly("1");
    }

    @TestFactory
    Stream<DynamicTest> wholeNumbers() {
        Stream<DynamicTest> accepted = Stream.of("0", "-1", "9223372036854775807", "-9223372036854775808")
                .map(text -> accepts(COUNT, text));
        Stream<DynamicTest> refused = Stream.of(
                        "", " 1", "1 ", "+1", "1.0", "1e3", "0x10", "one", "-", "9223372036854775808", "true")
                .map(text -> refuses(COUNT, text));
        return Stream.concat(accepted, refused);
    }

    @TestFactory
    Stream<DynamicTest> numbers() {
        Stream<DynamicTest> accepted = Stream.of("0", "-0.0", "1", "1.5", "-1e5", "4.9E-324", "1.7976931348623157E308")
                .map(text -> accepts(AMOUNT, text));
        Stream<DynamicTest> refused = Stream.of("", " 1.5", "1,5", "0x1p3", "1.5f", "one", "1e400", "-1e400")
                .map(text -> refuses(AMOUNT, text));
        Stream<DynamicTest> nonFinite = Stream.of("NaN", "Infinity", "-Infinity")
                .map(text -> DynamicTest.dynamicTest(text + " is refused or accepted as the backend says", () -> {
                    boolean accepts = behaviour().nonFiniteNumbers() == ServiceBehaviour.NonFiniteNumbers.ACCEPTED;
                    if (accepts) {
                        accept(AMOUNT, text);
                    } else {
                        refuse(AMOUNT, text);
                    }
                }));
        return Stream.of(accepted, refused, nonFinite).flatMap(tests -> tests);
    }

    private DynamicTest accepts(String feature, String text) {
        return DynamicTest.dynamicTest("'" + text + "' is accepted and kept as it is", () -> accept(feature, text));
    }

    private DynamicTest refuses(String feature, String text) {
        return DynamicTest.dynamicTest("'" + text + "' is refused", () -> refuse(feature, text));
    }

    private void accept(String feature, String text) {
        String fresh = newId();
        put(STANDARD, record(fresh, noon, feature, text));
        assertThat(get(fresh)).hasValueSatisfying(texts -> assertThat(texts).containsEntry(feature, text));
    }

    private void refuse(String feature, String text) {
        String fresh = newId();
        assertThat(refused(STANDARD, () -> put(STANDARD, record(fresh, noon, feature, text))))
                .hasMessageContaining(feature);
        assertThat(get(fresh)).isEmpty();
    }

    @Test
    void aRecordHasAtMost350KilobytesOfNamesAndTexts() {
        String time = iso(noon);
        int rest = RECORD_BYTES - (ID + id + TIME + time + LABEL).length();

        put(STANDARD, record(id, noon, LABEL, "x".repeat(rest)));
        assertThat(get(id))
                .hasValueSatisfying(texts -> assertThat(texts.get(LABEL)).hasSize(rest));

        refused(STANDARD, () -> put(STANDARD, record(id, noon.plusSeconds(1), LABEL, "x".repeat(rest + 1))));
        refused(STANDARD, () -> put(STANDARD, record(id, noon.plusSeconds(1), LABEL, "x".repeat(RECORD_BYTES + 1))));
    }

    @Test
    void sizesAreCountedInBytesOfUtf8() {
        int rest = RECORD_BYTES - (ID + id + TIME + iso(noon) + LABEL).length();

        put(STANDARD, record(id, noon, LABEL, "é".repeat(rest / 2)));

        refused(STANDARD, () -> put(STANDARD, record(id, noon.plusSeconds(1), LABEL, "é".repeat(rest / 2 + 1))));
    }

    @Test
    void anIdentifierHasAtMost2Kilobytes() {
        String prefix = id + "-";
        String longest = prefix + "x".repeat(IDENTIFIER_BYTES - prefix.length());
        String accented =
                prefix + "x".repeat(prefix.length() % 2) + "é".repeat((IDENTIFIER_BYTES - prefix.length()) / 2);

        put(longest, noon, 1);
        assertThat(count(longest)).contains("1");
        assertThatCode(() -> put(accented, noon, 1)).doesNotThrowAnyException();
        refused(STANDARD, () -> put(longest + "x", noon, 1));
        refused(STANDARD, () -> put(accented + "é", noon, 1));
    }
}
