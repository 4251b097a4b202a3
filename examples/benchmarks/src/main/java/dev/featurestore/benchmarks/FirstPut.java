package dev.featurestore.benchmarks;

import dev.featurestore.FeatureStore;
import dev.featurestore.aws.AwsFeatureStore;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.SageMakerFeatureStoreRuntimeClient;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.model.FeatureValue;

/** A program that puts one record, by the library or by the official client alone, and says when it is done. */
public final class FirstPut {
    static final String LIBRARY = "library";

    static final String OFFICIAL = "official";

    static final String DONE = "done";

    private static final String GROUP = "cold";

    private static final int FEATURES = 50;

    private FirstPut() {}

    static FeatureGroup<FeatureRecord> group() {
        return WideGroup.definition(GROUP, "card", FEATURES);
    }

    /**
     * Puts one record, and waits for its input to end.
     *
     * @param args library or official, and the endpoint
     */
    public static void main(String[] args) throws IOException {
        URI endpoint = URI.create(args[1]);
        if (args[0].equals(LIBRARY)) {
            byLibrary(endpoint);
        } else {
            byOfficialClient(endpoint);
        }
        System.out.println(DONE);
        // until its CPU time is read
        System.in.read();
    }

    private static void byLibrary(URI endpoint) {
        FeatureGroup<FeatureRecord> group = group();
        FeatureStore store =
                AwsFeatureStore.builder().endpointOverride(endpoint).build();
        store.group(group).put(WideGroup.record(group, 1));
    }

    /** A record of the same features, made without the library. */
    private static void byOfficialClient(URI endpoint) {
        SageMakerFeatureStoreRuntimeClient client = SageMakerFeatureStoreRuntimeClient.builder()
                .endpointOverride(endpoint)
                .overrideConfiguration(config ->
                        config.retryStrategy(AwsRetryStrategy.doNotRetry()).apiCallTimeout(Duration.ofSeconds(10)))
                .build();
        List<FeatureValue> record = new ArrayList<>();
        record.add(value("card_id", "card-2"));
        record.add(value("event_time", "2025-06-01T12:00:00.123456789Z"));
        for (int i = 0; i < FEATURES - 2; i++) {
            record.add(value("card_feature_" + i, i % 10 < 6 ? Double.toString(i / 7.0) : Long.toString(i)));
        }
        client.putRecord(request -> request.featureGroupName(GROUP).record(record));
    }

    private static FeatureValue value(String name, String text) {
        return FeatureValue.builder().featureName(name).valueAsString(text).build();
    }
}
