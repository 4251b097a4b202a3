package dev.featurestore.benchmarks;

import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.schema.FeatureType;
import dev.featurestore.spi.WireRecord;
import java.util.HashMap;
import java.util.LinkedHashMap;
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
 * What does it cost to turn a record of 200 features into wire text and back, against maps of boxed values written by hand,
 * with no checks? We would look for a faster text of numbers if the typed codec cost more than 1.2 times the map's time or
 * its bytes.
 *
 * <p>{@code ./mvnw -q -Pbenchmarks -pl examples/benchmarks -am package -Dbenchmarks.args="RecordCodec -prof gc"}
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class RecordCodecBenchmark {
    private final FeatureGroup<FeatureRecord> group = WideGroup.definition("wide", "wide");

    private final FeatureRecord record = WideGroup.record(group, 1);

    private final Map<String, Object> boxed = new LinkedHashMap<>();

    private final Map<String, FeatureType> types = new HashMap<>();

    private WireRecord wire = WireRecord.encode(record);

    /** The same values by hand. */
    @Setup
    public void box() {
        wire = WireRecord.encode(record);
        for (int i = 0; i < group.columns().size(); i++) {
            String name = group.columns().name(i);
            types.put(name, group.columns().feature(i).type());
            boxed.put(name, record.values().get(i));
        }
    }

    /** The library's: record to names and texts. */
    @Benchmark
    public WireRecord encode() {
        return WireRecord.encode(record);
    }

    /** By hand: a map of boxed values to a map of texts. */
    @Benchmark
    public Map<String, String> encodeBaseline() {
        Map<String, String> texts = new LinkedHashMap<>();
        boxed.forEach((name, value) -> texts.put(name, value.toString()));
        return texts;
    }

    /** The library's: names and texts to a typed record, every name looked up, every text checked. */
    @Benchmark
    public FeatureRecord decode() {
        return wire.decode(group);
    }

    /** By hand: names and texts to a map of boxed values. */
    @Benchmark
    public Map<String, Object> decodeBaseline() {
        Map<String, Object> values = new HashMap<>();
        for (int n = 0; n < wire.size(); n++) {
            String text = String.valueOf(wire.text(n));
            FeatureType type = types.getOrDefault(wire.name(n), FeatureType.STRING);
            values.put(
                    wire.name(n),
                    switch (type) {
                        case INTEGRAL -> Long.parseLong(text);
                        case FRACTIONAL -> Double.parseDouble(text);
                        case STRING -> text;
                    });
        }
        return values;
    }
}
