package dev.featurestore.benchmarks;

import dev.featurestore.FeatureStore;
import dev.featurestore.FeatureViewClient;
import dev.featurestore.FetchOptions;
import dev.featurestore.FetchReport;
import dev.featurestore.aws.AwsFeatureStore;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.testkit.emulator.FeatureStoreEmulator;
import dev.featurestore.testkit.emulator.LatencyCurve;
import dev.featurestore.testkit.emulator.WireFault;
import dev.featurestore.testkit.emulator.WireFaults;
import dev.featurestore.view.FeatureView;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.IntStream;
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
 * What does hedging do to the slow tail, and what does it cost in calls? If a share of 2 % more calls does not shorten the 99th
 * percentile of the published curve, hedging should be off by default. And is a fetch over at its deadline, whatever the
 * service does?
 *
 * <p>Vectors of three groups through the official SDK from the emulator, which answers by seeded curves. {@code ./mvnw -q
 * -Pbenchmarks -pl examples/benchmarks -am package -Dbenchmarks.main=dev.featurestore.benchmarks.TailLatency
 * -Dbenchmarks.args="<fetches> <deadline in ms> <threads>"}
 */
public final class TailLatency {
    private static final double[] SHARES = {0, 0.02, 0.05, 0.1};

    private static final int CARDS = 1000;

    /** To learn the latencies and to compile; not counted. */
    private static final int WARM_UP = 1500;

    private static final List<String> GROUPS = List.of("payments", "cards", "merchants");

    private final int fetches;

    private final Duration deadline;

    private final int threads;

    private TailLatency(int fetches, Duration deadline, int threads) {
        this.fetches = fetches;
        this.deadline = deadline;
        this.threads = threads;
    }

    /** Prints a line for each curve and share of hedges. */
    public static void main(String[] args) throws InterruptedException, ExecutionException {
        TailLatency tail = new TailLatency(
                args.length > 0 ? Integer.parseInt(args[0]) : 10_000,
                Duration.ofMillis(args.length > 1 ? Integer.parseInt(args[1]) : 40),
                args.length > 2 ? Integer.parseInt(args[2]) : 2);
        System.out.println(
                "| service | hedging | P50 | P99 | P99.9 | more calls | repeats | fetches with a failed group | P99.9 past the"
                        + " deadline |");
        System.out.println("|---|---|---|---|---|---|---|---|---|");
        tail.measure("published curve", faults -> faults.atRate("GetRecord", 1, curve(LatencyCurve.PUBLISHED)));
        tail.measure("heavy tail", faults -> faults.atRate("GetRecord", 1, curve(LatencyCurve.HEAVY_TAIL)));
        tail.measure(
                "published, 1 % of identifiers stalled for 200 ms",
                faults -> faults.atRate("GetRecord", 1, curve(LatencyCurve.PUBLISHED))
                        .atRate(
                                "GetRecord",
                                1,
                                WireFault.latency(Duration.ofMillis(200)).onShard(0.01)));
        tail.measure(
                "published, a quarter throttled",
                faults -> faults.atRate("GetRecord", 1, curve(LatencyCurve.PUBLISHED))
                        .atRate("GetRecord", 0.25, WireFault.throttled()));
    }

    private static WireFault curve(LatencyCurve curve) {
        return WireFault.latency(curve);
    }

    private void measure(String service, Consumer<WireFaults> faults) throws InterruptedException, ExecutionException {
        for (double share : SHARES) {
            try (FeatureStoreEmulator emulator = FeatureStoreEmulator.builder()
                            .seed(1)
                            .sleeper(TailLatency::sleepExactly)
                            .start();
                    SdkHttpClient http = ApacheHttpClient.builder()
                            .maxConnections(100)
                            .expectContinueEnabled(false)
                            .build()) {
                measure(service, share, faults, emulator, http);
            }
        }
    }

    private void measure(
            String service,
            double share,
            Consumer<WireFaults> faults,
            FeatureStoreEmulator emulator,
            SdkHttpClient http)
            throws InterruptedException, ExecutionException {
        try (SageMakerFeatureStoreRuntimeClient runtime = configured(
                                SageMakerFeatureStoreRuntimeClient.builder().httpClient(http), emulator)
                        .build();
                SageMakerClient sageMaker = configured(SageMakerClient.builder().httpClient(http), emulator)
                        .build();
                FeatureStore store = AwsFeatureStore.builder()
                        .runtimeClient(runtime)
                        .sageMakerClient(sageMaker)
                        .build()) {
            FeatureView.Builder view = FeatureView.named("model");
            for (String name : GROUPS) {
                FeatureGroup<FeatureRecord> group = WideGroup.definition(name, name, 22);
                store.admin().apply(group);
                for (int card = 0; card < CARDS; card++) {
                    store.group(group).put(WideGroup.record(group, card, "card-" + card));
                }
                view.from(group, select -> select.key("card").allFeatures());
            }
            Totals totals = new Totals();
            FeatureViewClient client = store.view(
                    view.build(), FetchOptions.defaults().withHedging(share).withListener(totals::add));
            faults.accept(emulator.faults());
            run(client, WARM_UP);
            totals.reset();
            long[] nanos = run(client, fetches);
            print(service, share, nanos, totals);
        }
    }

    private long[] run(FeatureViewClient client, int count) throws InterruptedException, ExecutionException {
        ExecutorService callers = Executors.newFixedThreadPool(threads);
        try {
            List<Future<long[]>> parts = callers.invokeAll(IntStream.range(0, threads)
                    .<Callable<long[]>>mapToObj(thread -> () -> fetchInTurn(client, thread, count / threads))
                    .toList());
            long[] all = new long[0];
            for (Future<long[]> part : parts) {
                long[] more = part.get();
                all = Arrays.copyOf(all, all.length + more.length);
                System.arraycopy(more, 0, all, all.length - more.length, more.length);
            }
            Arrays.sort(all);
            return all;
        } finally {
            callers.shutdownNow();
        }
    }

    private long[] fetchInTurn(FeatureViewClient client, int thread, int count) {
        long[] nanos = new long[count];
        for (int i = 0; i < count; i++) {
            Map<String, String> keys = Map.of("card", "card-" + (thread * 499 + i * 7) % CARDS);
            long begun = System.nanoTime();
            client.fetch(keys, deadline);
            nanos[i] = System.nanoTime() - begun;
        }
        return nanos;
    }

    private void print(String service, double share, long[] nanos, Totals totals) {
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %.1f ms | %.1f ms | %.1f ms | %.2f %% | %.2f %% | %.2f %% | %.2f ms |%n",
                service,
                share == 0 ? "off" : Math.round(share * 100) + " %",
                at(nanos, 0.5) / 1e6,
                at(nanos, 0.99) / 1e6,
                at(nanos, 0.999) / 1e6,
                100.0 * totals.hedges.sum() / (GROUPS.size() * (double) nanos.length),
                100.0 * totals.repeats.sum() / (GROUPS.size() * (double) nanos.length),
                100.0 * totals.incomplete.sum() / nanos.length,
                Math.max(0, (at(nanos, 0.999) - deadline.toNanos()) / 1e6));
    }

    private static long at(long[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1L, (long) (share * sorted.length))];
    }

    /** {@code Thread.sleep} rounds to whole milliseconds. */
    private static void sleepExactly(Duration duration) throws InterruptedException {
        long end = System.nanoTime() + duration.toNanos();
        for (long left = duration.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    private static <B extends AwsClientBuilder<B, C>, C> B configured(B client, FeatureStoreEmulator emulator) {
        return client.region(Region.US_EAST_1)
                .endpointOverride(emulator.endpoint())
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
                .overrideConfiguration(config ->
                        config.retryStrategy(AwsRetryStrategy.doNotRetry()).apiCallTimeout(Duration.ofSeconds(10)));
    }

    private static final class Totals {
        private final LongAdder hedges = new LongAdder();
        private final LongAdder repeats = new LongAdder();
        private final LongAdder incomplete = new LongAdder();

        void add(FetchReport report) {
            hedges.add(report.hedges());
            repeats.add(report.repeats());
            boolean complete = report.groups().stream()
                    .allMatch(group -> group.throttled() + group.timedOut() + group.failed() == 0);
            incomplete.add(complete ? 0 : 1);
        }

        void reset() {
            hedges.reset();
            repeats.reset();
            incomplete.reset();
        }
    }
}
