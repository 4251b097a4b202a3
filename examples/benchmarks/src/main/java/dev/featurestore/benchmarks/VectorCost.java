package dev.featurestore.benchmarks;

import dev.featurestore.FeatureStore;
import dev.featurestore.FeatureViewClient;
import dev.featurestore.FetchOptions;
import dev.featurestore.aws.AwsFeatureStore;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.view.FeatureView;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sagemaker.SageMakerClient;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.SageMakerFeatureStoreRuntimeClient;

/**
 * What does a vector of 200 features from 1, 3 or 10 groups cost over the official client by hand, doing the same reads at the
 * same time? Above 1.10 times its CPU or 1.05 times its bytes, fetching needs work. Counts what all threads of the client spend.
 *
 * <p>{@code ./mvnw -q -Pbenchmarks -pl examples/benchmarks -am package
 * -Dbenchmarks.main=dev.featurestore.benchmarks.VectorCost -Dbenchmarks.args="<warm-up calls> <rounds>"}
 */
public final class VectorCost {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private static final int FEATURES = 200;

    private static final int CALLS = 300;

    private static final String CARD = "card-1";

    private final int warmUpCalls;

    private final int rounds;

    private final URI endpoint;

    private VectorCost(int warmUpCalls, int rounds, URI endpoint) {
        this.warmUpCalls = warmUpCalls;
        this.rounds = rounds;
        this.endpoint = endpoint;
    }

    /** Prints a line for each number of groups: ratios as the median over all rounds, lowest and highest in brackets. */
    public static void main(String[] args) throws IOException {
        System.out.println("| vector of 200 features | hedging | CPU | bytes | library | by hand |");
        System.out.println("|---|---|---|---|---|---|");
        try (EmulatorProcess emulator = EmulatorProcess.start();
                SdkHttpClient http = ApacheHttpClient.builder()
                        .expectContinueEnabled(false)
                        .maxConnections(50)
                        .build()) {
            VectorCost cost = new VectorCost(
                    args.length > 0 ? Integer.parseInt(args[0]) : 20_000,
                    args.length > 1 ? Integer.parseInt(args[1]) : 15,
                    emulator.endpoint());
            for (int groups : new int[] {1, 3, 10}) {
                cost.measure(groups, 0, http);
                cost.measure(groups, FetchOptions.defaults().hedging(), http);
            }
        }
    }

    private void measure(int groups, double hedging, SdkHttpClient http) {
        ExecutorService threads = Executors.newFixedThreadPool(Math.max(1, groups));
        try (SageMakerFeatureStoreRuntimeClient runtime = configured(
                                SageMakerFeatureStoreRuntimeClient.builder().httpClient(http))
                        .build();
                SageMakerClient sageMaker =
                        configured(SageMakerClient.builder().httpClient(http)).build();
                FeatureStore store = AwsFeatureStore.builder()
                        .runtimeClient(runtime)
                        .sageMakerClient(sageMaker)
                        .callTimeout(TIMEOUT)
                        .build()) {
            FeatureView.Builder view = FeatureView.named("model");
            List<HandWritten> byHand = new ArrayList<>();
            for (int g = 0; g < groups; g++) {
                FeatureGroup<FeatureRecord> group =
                        filled(store, "of-" + groups + "-" + hedging * 100 + "-" + g, groups, g);
                view.from(group, select -> select.key("card").features(numbers(group)));
                byHand.add(new HandWritten(runtime, group.name(), group.features()));
            }
            FeatureViewClient client =
                    store.view(view.build(), FetchOptions.defaults().withHedging(hedging));
            Map<String, String> keys = Map.of("card", CARD);
            HandWrittenVector hand = new HandWrittenVector(byHand, threads);
            Supplier<double[]> library = () -> client.fetch(keys, TIMEOUT).toDoubleArray();
            Supplier<double[]> other = () -> hand.fetch(CARD);
            if (!Arrays.equals(library.get(), other.get())) {
                throw new IllegalStateException("The two sides do not read the same values");
            }
            String result =
                    new Comparison(library, other, Comparison.Counted.ALL_THREADS).run(warmUpCalls, rounds, CALLS);
            System.out.println("| from " + groups + (groups == 1 ? " group" : " groups") + " | "
                    + (hedging == 0 ? "off" : Math.round(hedging * 100) + " %") + " | " + result + " |");
        } finally {
            threads.shutdownNow();
        }
    }

    private static Feature<?>[] numbers(FeatureGroup<FeatureRecord> group) {
        return HandWrittenVector.numbers(group.features()).toArray(Feature<?>[]::new);
    }

    private static FeatureGroup<FeatureRecord> filled(FeatureStore store, String name, int groups, int g) {
        FeatureGroup<FeatureRecord> group =
                WideGroup.definition(name.replace('.', '-'), "group" + g, FEATURES / groups + 2);
        store.admin().apply(group);
        store.group(group).put(WideGroup.record(group, g, CARD));
        return group;
    }

    private <B extends AwsClientBuilder<B, C>, C> B configured(B client) {
        return client.region(Region.US_EAST_1)
                .endpointOverride(endpoint)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
                .overrideConfiguration(config ->
                        config.retryStrategy(AwsRetryStrategy.doNotRetry()).apiCallTimeout(TIMEOUT));
    }
}
