package dev.featurestore.benchmarks;

import dev.featurestore.FeatureGroupClient;
import dev.featurestore.FeatureStore;
import dev.featurestore.aws.AwsFeatureStore;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sagemaker.SageMakerClient;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.SageMakerFeatureStoreRuntimeClient;

/**
 * What does the typed client cost over the official one with hand-written conversion? Above 1.10 times its CPU or 1.05 times
 * its bytes, the hot path needs work.
 *
 * <p>Both sides use one runtime client with one timeout and no repeats of its own. {@code ./mvnw -q -Pbenchmarks -pl
 * examples/benchmarks -am package -Dbenchmarks.main=dev.featurestore.benchmarks.ClientCost
 * -Dbenchmarks.args="<warm-up calls> <rounds>"}
 */
public final class ClientCost {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private static final int BATCH = 100;

    private static final int SELECTED = 20;

    private final int warmUpCalls;

    private final int rounds;

    private ClientCost(int warmUpCalls, int rounds) {
        this.warmUpCalls = warmUpCalls;
        this.rounds = rounds;
    }

    /** Prints a line for each operation: ratios as the median over all rounds, lowest and highest in brackets. */
    public static void main(String[] args) throws IOException {
        ClientCost cost = new ClientCost(
                args.length > 0 ? Integer.parseInt(args[0]) : 20_000, args.length > 1 ? Integer.parseInt(args[1]) : 15);
        System.out.println("| operation | HTTP client | CPU | bytes | library | by hand |");
        System.out.println("|---|---|---|---|---|---|");
        try (EmulatorProcess emulator = EmulatorProcess.start();
                SdkHttpClient apache =
                        ApacheHttpClient.builder().expectContinueEnabled(false).build();
                SdkHttpClient url = UrlConnectionHttpClient.create()) {
            cost.measure("Apache", apache, emulator.endpoint(), true);
            cost.measure("URLConnection", url, emulator.endpoint(), false);
        }
    }

    private void measure(String name, SdkHttpClient http, URI endpoint, boolean selective) {
        try (SageMakerFeatureStoreRuntimeClient runtime = configured(
                                SageMakerFeatureStoreRuntimeClient.builder().httpClient(http), endpoint)
                        .build();
                SageMakerClient sageMaker = configured(SageMakerClient.builder().httpClient(http), endpoint)
                        .build();
                FeatureStore store = AwsFeatureStore.builder()
                        .runtimeClient(runtime)
                        .sageMakerClient(sageMaker)
                        .callTimeout(TIMEOUT)
                        .build()) {
            FeatureGroup<FeatureRecord> wide = created(store, WideGroup.definition("wide-" + name, "card"));
            FeatureGroupClient<FeatureRecord> client = store.group(wide);
            HandWritten byHand = new HandWritten(runtime, wide.name(), wide.features());
            FeatureRecord record = WideGroup.record(wide, 1);
            HandWritten.Row row = byHand.row(record);
            String identifier = record.get(WideGroup.ID);
            compare("put, 200 features", name, 1000, () -> put(client, record), () -> put(byHand, row));
            require(byHand.isSame(byHand.get(identifier).orElseThrow(), record));
            require(client.find(identifier).orElseThrow().equals(record));
            compare(
                    "get, 200 features",
                    name,
                    1000,
                    () -> client.find(identifier).orElseThrow(),
                    () -> byHand.get(identifier).orElseThrow());
            narrowBatch(store, runtime, name);
            if (selective) {
                selectiveBatch(store, runtime, name);
            }
        }
    }

    private void narrowBatch(FeatureStore store, SageMakerFeatureStoreRuntimeClient runtime, String name) {
        FeatureGroup<FeatureRecord> group = created(store, WideGroup.definition("narrow-" + name, "card", SELECTED));
        FeatureGroupClient<FeatureRecord> client = store.group(group);
        HandWritten byHand = new HandWritten(runtime, group.name(), group.features());
        List<String> identifiers = filled(client);
        batch(
                "batch get, 100 records of 20 features",
                name,
                byHand,
                () -> client.findAll(identifiers).found(),
                () -> byHand.getAll(identifiers, false));
    }

    private void selectiveBatch(FeatureStore store, SageMakerFeatureStoreRuntimeClient runtime, String name) {
        FeatureGroup<FeatureRecord> group = created(store, WideGroup.definition("selected-" + name, "card"));
        FeatureGroupClient<FeatureRecord> client = store.group(group);
        List<Feature<?>> features = group.features().subList(0, SELECTED);
        Feature<?>[] more = features.subList(1, SELECTED).toArray(Feature<?>[]::new);
        HandWritten byHand = new HandWritten(runtime, group.name(), features);
        List<String> identifiers = filled(client);
        batch(
                "batch get, 100 records, 20 of 200 features",
                name,
                byHand,
                () -> client.findAll(identifiers, WideGroup.ID, more).found(),
                () -> byHand.getAll(identifiers, true));
    }

    private static List<String> filled(FeatureGroupClient<FeatureRecord> client) {
        List<String> identifiers = new ArrayList<>();
        for (int seed = 0; seed < BATCH; seed++) {
            FeatureRecord record = WideGroup.record(client.definition(), seed);
            client.put(record);
            identifiers.add(record.get(WideGroup.ID));
        }
        return identifiers;
    }

    private void batch(
            String operation,
            String name,
            HandWritten byHand,
            Supplier<Map<Object, FeatureRecord>> library,
            Supplier<Map<String, HandWritten.Row>> hand) {
        Map<Object, FeatureRecord> records = library.get();
        Map<String, HandWritten.Row> rows = hand.get();
        require(rows.size() == BATCH && rows.keySet().equals(records.keySet()));
        records.forEach((identifier, record) -> require(byHand.isSame(rows.get(identifier), record)));
        compare(operation, name, 150, library, hand);
    }

    private void compare(String operation, String name, int calls, Supplier<?> library, Supplier<?> byHand) {
        String result = new Comparison(library, byHand).run(warmUpCalls, rounds, calls);
        System.out.println("| " + operation + " | " + name + " | " + result + " |");
    }

    private static Object put(FeatureGroupClient<FeatureRecord> client, FeatureRecord record) {
        client.put(record);
        return record;
    }

    private static Object put(HandWritten byHand, HandWritten.Row row) {
        byHand.put(row);
        return row;
    }

    private static FeatureGroup<FeatureRecord> created(FeatureStore store, FeatureGroup<FeatureRecord> group) {
        store.admin().apply(group);
        return group;
    }

    private static void require(boolean same) {
        if (!same) {
            throw new IllegalStateException("The two sides do not read the same values");
        }
    }

    private static <B extends AwsClientBuilder<B, C>, C> B configured(B client, URI endpoint) {
        return client.region(Region.US_EAST_1)
                .endpointOverride(endpoint)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
                .overrideConfiguration(config ->
                        config.retryStrategy(AwsRetryStrategy.doNotRetry()).apiCallTimeout(TIMEOUT));
    }
}
