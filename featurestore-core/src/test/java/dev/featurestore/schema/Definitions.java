package dev.featurestore.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.featurestore.errors.ErrorCode;
import dev.featurestore.errors.InvalidDefinitionException;
import java.time.Instant;
import java.util.function.Consumer;

/** A valid group to start from, and what is said of it once it is made invalid. */
final class Definitions {
    static final Feature<String> ID = Feature.string("id");

    static final Feature<Instant> TIME = Feature.eventTime("time");

    static final String ROLE = "arn:aws:iam::123456789012:role/features";

    private Definitions() {}

    /** Without a store. */
    static FeatureGroup.Builder<FeatureRecord> keys() {
        return FeatureGroup.named("payments").recordIdentifier(ID).eventTime(TIME);
    }

    static FeatureGroup.Builder<FeatureRecord> online() {
        return keys().onlineStore();
    }

    static FeatureGroup.Builder<FeatureRecord> inMemory() {
        return keys().onlineStore(online -> online.storageType(OnlineStorageType.IN_MEMORY));
    }

    static FeatureGroup.Builder<FeatureRecord> offline(Consumer<OfflineStoreSettings.Builder> settings) {
        return keys().offlineStore(offline -> settings.accept(offline.s3Uri("s3://bucket/features")));
    }

    static void assertValid(FeatureGroup.Builder<?> builder) {
        assertThat(builder.build()).isNotNull();
    }

    /** Refused with exactly these problems in this order, and the message that follows from them. */
    static void assertProblems(FeatureGroup.Builder<?> builder, String... problems) {
        InvalidDefinitionException refusal =
                catchThrowableOfType(InvalidDefinitionException.class, () -> builder.build());
        assertThat(refusal).isNotNull();
        assertThat(refusal.problems()).containsExactly(problems);
        assertThat(refusal).hasMessage(message("Feature group '" + builder.name + "'", problems));
        assertThat(refusal.featureGroupName()).contains(builder.name);
        assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_DEFINITION);
        assertThat(refusal.retryable()).isFalse();
    }

    static String message(String subject, String... problems) {
        return problems.length == 1
                ? subject + " is not valid: " + problems[0]
                : subject + " is not valid, " + problems.length + " problems:\n  - " + String.join("\n  - ", problems);
    }
}
