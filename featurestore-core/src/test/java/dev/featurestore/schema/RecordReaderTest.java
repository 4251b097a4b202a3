package dev.featurestore.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.featurestore.errors.InvalidDefinitionException;
import dev.featurestore.errors.RecordMappingException;
import java.lang.invoke.MethodHandles;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecordReaderTest {
    private static final FeatureColumns COLUMNS = new FeatureColumns(
            "view 'risk'",
            List.of("txn_count", "Ratio", "new", "score", "days", "city"),
            List.of(
                    Feature.integral("a"),
                    Feature.fractional("b"),
                    Feature.bool("c"),
                    Feature.float32("d"),
                    Feature.integer("e"),
                    Feature.string("f")));

    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    record Primitives(
            long txnCount,
            @FeatureName("Ratio") double ratio,
            @FeatureName("new") boolean isNew,
            float score,
            int days,
            @Nullable String city) {}

    private static FeatureValues.Builder row() {
        return FeatureValues.builder(COLUMNS)
                .setLong(0, 7)
                .setDouble(1, 0.5)
                .set(2, true)
                .set(3, 1.5f)
                .set(4, -1);
    }

    @Test
    void columnsAreReadByName() {
        RecordReader<Primitives> reader = RecordReader.of(COLUMNS, Primitives.class, LOOKUP);

        assertThat(reader.read(row().set(5, "Bern").build())).isEqualTo(new Primitives(7, 0.5, true, 1.5f, -1, "Bern"));
        assertThat(reader.read(row().build()).city()).isNull();
    }

    @Test
    void columnsMayBeLeftOutAndBoxed() {
        record Some(@Nullable String city, @Nullable Long txnCount) {}

        assertThat(RecordReader.of(COLUMNS, Some.class, LOOKUP).read(row().build()))
                .isEqualTo(new Some(null, 7L));
    }

    @Test
    void allComponentsThatFitNoColumnAreNamed() {
        record Wrong(int txnCount, String town, Double score, short days) {}

        assertThatExceptionOfType(InvalidDefinitionException.class)
                .isThrownBy(() -> RecordReader.of(COLUMNS, Wrong.class, LOOKUP))
                .withMessage(Definitions.message(
                        "Record class Wrong for view 'risk'",
                        "component 'txnCount' is of type int, but column 'txn_count' holds Long",
                        "component 'town' stands for 'town', of which there is no column",
                        "component 'score' is of type Double, but column 'score' holds Float",
                        "component 'days' is of type short, but column 'days' holds Integer"));
    }

    @Test
    void primitivesNeedAValue() {
        RecordReader<Primitives> reader = RecordReader.of(COLUMNS, Primitives.class, LOOKUP);

        assertThatExceptionOfType(RecordMappingException.class)
                .isThrownBy(() -> reader.read(FeatureValues.builder(COLUMNS).build()))
                .withMessage(
                        "Column 'txn_count' of view 'risk' has no value, and component 'txnCount' of Primitives is a"
                                + " primitive: make it a boxed type, or give the feature a default");
    }

    @Test
    void rowsOfOtherColumnsAreRefused() {
        RecordReader<Primitives> reader = RecordReader.of(COLUMNS, Primitives.class, LOOKUP);
        FeatureColumns other = new FeatureColumns("view 'other'", List.of(), List.of());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> reader.read(FeatureValues.builder(other).build()))
                .withMessage("The row is of view 'other' (0 columns), the reader of view 'risk' (6 columns)");
    }

    @Test
    void hiddenRecordsAreTold() {
        assertThatExceptionOfType(InvalidDefinitionException.class)
                .isThrownBy(() -> RecordReader.of(COLUMNS, Primitives.class, MethodHandles.publicLookup()))
                .withMessage("Record class Primitives for view 'risk' is not valid: record class "
                        + Primitives.class.getName() + " is not accessible: make it public, or pass"
                        + " MethodHandles.lookup() of the code that declares it");
    }
}
