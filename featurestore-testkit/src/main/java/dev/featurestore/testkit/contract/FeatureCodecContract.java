package dev.featurestore.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureCodec;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.spi.WireRecord;
import dev.featurestore.testkit.InMemoryFeatureStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The law of codecs, for one of your own: what is written is read back equal, what cannot be kept is refused without being
 * quoted. Extend it in a test; give values that differ in {@code equals}, edges among them.
 *
 * @param <T> the Java type
 */
public abstract class FeatureCodecContract<T> {
    /** Shorter texts are in any message by chance. */
    private static final int TELLING = 4;

    /** For subclasses. */
    protected FeatureCodecContract() {}

    /** The codec under test; a scalar's. */
    protected abstract FeatureCodec<T> codec();

    /** The name that definitions and models have been stamped with: written out here, so that a change is noticed. */
    protected abstract String stableName();

    /** Values that the codec keeps, at least one. */
    protected abstract List<T> values();

    /** Values that the codec refuses; none unless overridden. Those that print as 4 characters or more must not be quoted. */
    protected List<T> refusedValues() {
        return List.of();
    }

    /** Texts that the codec does not read, such as other writers may have left; none unless overridden. */
    protected List<String> refusedTexts() {
        return List.of();
    }

    @TestFactory
    Stream<DynamicTest> everyValueIsReadBackEqual() {
        return numbered("value", values(), value -> {
            String text = codec().encode(value);
            assertThat(codec().decode(text)).isEqualTo(value).isInstanceOf(codec().javaType());
            assertThat(codec().encode(codec().decode(text)))
                    .as("the text of what was read back")
                    .isEqualTo(text);
        });
    }

    @TestFactory
    Stream<DynamicTest> everyValueIsServedEqualByAStore() {
        Feature<String> id = Feature.string("id");
        Feature<Instant> time = Feature.eventTime("event_time");
        Feature<T> feature = Feature.of("value", codec());
        FeatureGroup<FeatureRecord> group = FeatureGroup.named("codec-contract")
                .recordIdentifier(id)
                .eventTime(time)
                .features(feature)
                .onlineStore()
                .build();
        return numbered("value", values(), value -> {
            FeatureRecord record = group.newRecord()
                    .set(id, "a")
                    .set(time, Instant.EPOCH)
                    .set(feature, value)
                    .build();
            InMemoryFeatureStore store = InMemoryFeatureStore.create();
            store.group(group).put(record);
            assertThat(store.group(group).find("a").flatMap(found -> found.find(feature)))
                    .contains(value);
            assertThat(WireRecord.encode(record).text("value")).isEqualTo(codec().encode(value));
        });
    }

    @TestFactory
    Stream<DynamicTest> everyValueMayBeADefault() {
        return numbered(
                "value",
                values(),
                value -> assertThat(
                                Feature.of("value", codec()).withDefault(value).defaultValue())
                        .contains(value));
    }

    @TestFactory
    Stream<DynamicTest> valuesThatCannotBeKeptAreRefusedAndNotQuoted() {
        return numbered(
                "refused value", refusedValues(), value -> refused(String.valueOf(value), () -> codec().encode(value)));
    }

    @TestFactory
    Stream<DynamicTest> textsThatCannotBeReadAreRefusedAndNotQuoted() {
        return numbered("refused text", refusedTexts(), text -> refused(text, () -> codec().decode(text)));
    }

    @Test
    void valuesThatDifferHaveTextsThatDiffer() {
        assertThat(values()).isNotEmpty().doesNotHaveDuplicates();
        assertThat(values().stream().map(codec()::encode)).doesNotHaveDuplicates();
    }

    @Test
    void theNameIsTheOneThatWasStamped() {
        assertThat(codec().name()).isEqualTo(stableName());
    }

    @Test
    void theJavaTypeIsNoPrimitive() {
        assertThat(codec().javaType().isPrimitive()).isFalse();
    }

    @Test
    void theCodecTravelsWithADefinition() throws IOException, ClassNotFoundException {
        FeatureCodec<T> copy = copy(codec());

        assertThat(copy.name()).isEqualTo(codec().name());
        assertThat(copy.type()).isEqualTo(codec().type());
        assertThat(copy.javaType()).isEqualTo(codec().javaType());
        for (T value : values()) {
            assertThat(copy.decode(codec().encode(value))).isEqualTo(value);
            assertThat(copy.encode(value)).isEqualTo(codec().encode(value));
        }
    }

    @SuppressWarnings({"unchecked", "BanSerializableRead"}) // reads what it has just written
    private static <T> FeatureCodec<T> copy(FeatureCodec<T> codec) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            assertThatCode(() -> out.writeObject(codec))
                    .as("a codec and all it holds is serializable")
                    .doesNotThrowAnyException();
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (FeatureCodec<T>) Objects.requireNonNull(in.readObject());
        }
    }

    private static void refused(String secret, ThrowingCallable call) {
        Throwable thrown = catchThrowable(call);
        assertThat(thrown).isInstanceOf(IllegalArgumentException.class);
        if (secret.length() >= TELLING) {
            for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
                assertThat(String.valueOf(cause.getMessage())).doesNotContain(secret);
            }
        }
    }

    /** Named by number, since the value itself is not for reports. */
    private static <V> Stream<DynamicTest> numbered(String what, List<V> all, Check<V> check) {
        Stream.Builder<DynamicTest> tests = Stream.builder();
        for (int i = 0; i < all.size(); i++) {
            V value = all.get(i);
            tests.add(DynamicTest.dynamicTest(what + " " + i, () -> check.check(value)));
        }
        return tests.build();
    }

    private interface Check<V> {
        void check(V value) throws Throwable;
    }
}
