package dev.featurestore.benchmarks;

import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.schema.FeatureType;
import dev.featurestore.view.FeatureVector;
import dev.featurestore.view.FeatureView;
import dev.featurestore.view.GroupSelection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does it cost to put a model's vector together from two records of 200 features, ages judged and defaults applied,
 * against looking the names up in two maps by hand, with no ages and no checks?
 *
 * <p>{@code ./mvnw -q -Pbenchmarks -pl examples/benchmarks -am package -Dbenchmarks.args="Vector -prof gc"}
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class VectorBenchmark {
    private static final Instant AS_OF = Instant.parse("2025-06-01T12:00:01Z");

    private final FeatureGroup<FeatureRecord> cards = WideGroup.definition("cards", "card");

    private final FeatureGroup<FeatureRecord> shops = WideGroup.definition("shops", "shop");

    private final FeatureRecord card = WideGroup.record(cards, 1);

    private final FeatureRecord shop = WideGroup.record(shops, 2);

    private final FeatureView view = FeatureView.named("model")
            .from(cards, select -> numbers(select.key("card_id").maxAge(Duration.ofDays(30)), cards))
            .from(shops, select -> numbers(select.key("shop_id"), shops))
            .build();

    private final List<String> names = new ArrayList<>();

    private final Map<String, Object> boxed = new HashMap<>();

    private static void numbers(GroupSelection.Builder select, FeatureGroup<FeatureRecord> group) {
        for (Feature<?> feature : group.features()) {
            if (feature.type() != FeatureType.STRING) {
                select.features(feature);
            }
        }
    }

    /** The same values by hand. */
    @Setup
    public void box() {
        for (FeatureRecord record : List.of(card, shop)) {
            for (int i = 0; i < record.values().columns().size(); i++) {
                boxed.put(record.values().columns().name(i), record.values().get(i));
            }
        }
        for (int i = 0; i < view.columns().size(); i++) {
            names.add(view.columns().name(i));
        }
    }

    /** The library's: two records to a vector to the model's array. */
    @Benchmark
    public double[] assemble() {
        FeatureVector vector = FeatureVector.builder(view, AS_OF)
                .latest(0, card, null)
                .latest(1, shop, null)
                .build();
        return vector.toDoubleArray();
    }

    /** By hand: a look-up for each name. */
    @Benchmark
    public double[] assembleBaseline() {
        double[] array = new double[names.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = boxed.get(names.get(i)) instanceof Number number ? number.doubleValue() : Double.NaN;
        }
        return array;
    }
}
