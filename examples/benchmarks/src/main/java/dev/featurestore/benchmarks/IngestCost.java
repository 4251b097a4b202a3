package dev.featurestore.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import dev.featurestore.FeatureStore;
import dev.featurestore.aws.AwsFeatureStore;
import dev.featurestore.ingest.IngestReport;
import dev.featurestore.ingest.ProgressListener;
import dev.featurestore.ingest.RecordIngestor;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;
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
 * What does a load cost over a loop written by hand on the official client, with as many threads? Below 0.95 times its rate or
 * above 1.1 times its CPU, the ingestor needs work.
 *
 * <p>{@code ./mvnw -q -Pbenchmarks -pl examples/benchmarks -am package
 * -Dbenchmarks.main=dev.featurestore.benchmarks.IngestCost -Dbenchmarks.args="<records> <rounds>"}. With 0 rounds it loads the
 * records once, by the ingestor alone, to see whether the heap it is given is enough.
 */
public final class IngestCost {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private static final int FEATURES = 50;

    private static final int IDENTIFIERS = 1000;

    private static final int THREADS = 8;

    private static final int WARM_UP_ROUNDS = 6;

    private final FeatureStore store;

    private final FeatureGroup<FeatureRecord> group = WideGroup.definition("ingest", "card", FEATURES);

    private final List<FeatureRecord> records = IntStream.range(0, IDENTIFIERS)
            .mapToObj(seed -> WideGroup.record(group, seed))
            .toList();

    private final HandWritten byHand;

    private final List<HandWritten.Row> rows;

    private IngestCost(FeatureStore store, SageMakerFeatureStoreRuntimeClient runtime) {
        this.store = store;
        this.byHand = new HandWritten(runtime, group.name(), group.features());
        this.rows = records.stream().map(byHand::row).toList();
    }

    /** Records a second, and microseconds of this process's CPU for each. */
    private record Cost(double rate, double micros) {}

    /** Prints the ratios as the median over all rounds, the middle half of them in brackets. */
    public static void main(String[] args) throws IOException, InterruptedException {
        int count = args.length > 0 ? Integer.parseInt(args[0]) : 4000;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 41;
        try (EmulatorProcess emulator = EmulatorProcess.start();
                SdkHttpClient http =
                        ApacheHttpClient.builder().expectContinueEnabled(false).build();
                SageMakerFeatureStoreRuntimeClient runtime = configured(
                                SageMakerFeatureStoreRuntimeClient.builder().httpClient(http), emulator)
                        .build();
                SageMakerClient sageMaker = configured(SageMakerClient.builder().httpClient(http), emulator)
                        .build();
                FeatureStore store = AwsFeatureStore.builder()
                        .runtimeClient(runtime)
                        .sageMakerClient(sageMaker)
                        .callTimeout(TIMEOUT)
                        .build()) {
            IngestCost cost = new IngestCost(store, runtime);
            store.admin().apply(cost.group);
            if (rounds == 0) {
                cost.load(count, ProgressListener.console(System.out));
            } else {
                cost.compare(count, rounds);
            }
        }
    }

    private interface Way {
        void write(int count) throws InterruptedException;
    }

    private void compare(int count, int rounds) throws InterruptedException {
        List<Way> ways = List.of(records -> load(records, progress -> {}), this::loop, this::sequence);
        Cost[][] costs = new Cost[ways.size()][rounds];
        for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
            for (int turn = 0; turn < ways.size(); turn++) {
                // whoever comes first in one round comes last in the next
                int way = round % 2 == 0 ? turn : ways.size() - 1 - turn;
                Cost cost = measure(ways.get(way), count);
                if (round >= 0) {
                    costs[way][round] = cost;
                }
            }
        }
        System.out.println("| figure | over a loop of as many threads | over a loop of one thread |");
        System.out.println("|---|---|---|");
        print("records a second", costs, Cost::rate);
        print("CPU of a record", costs, Cost::micros);
        System.out.printf(
                Locale.ROOT,
                "The ingestor: %,.0f records a second, %.0f µs of CPU each. Load average at the end: %.1f%n",
                median(Arrays.stream(costs[0]).mapToDouble(Cost::rate).toArray()),
                median(Arrays.stream(costs[0]).mapToDouble(Cost::micros).toArray()),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    private static void print(String figure, Cost[][] costs, ToDoubleFunction<Cost> of) {
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %s |%n",
                figure,
                spread(costs[0], costs[1], of),
                spread(costs[0], costs[2], of));
    }

    /** The median of the rounds' ratios; the middle half of them in brackets. */
    private static String spread(Cost[] ours, Cost[] theirs, ToDoubleFunction<Cost> of) {
        double[] ratios = IntStream.range(0, ours.length)
                .mapToDouble(round -> of.applyAsDouble(ours[round]) / of.applyAsDouble(theirs[round]))
                .sorted()
                .toArray();
        return String.format(
                Locale.ROOT,
                "%.2f [%.2f-%.2f]",
                median(ratios),
                ratios[ratios.length / 4],
                ratios[ratios.length - 1 - ratios.length / 4]);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static Cost measure(Way way, int count) throws InterruptedException {
        OperatingSystemMXBean process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long cpu = process.getProcessCpuTime();
        long begun = System.nanoTime();
        way.write(count);
        double seconds = (System.nanoTime() - begun) / 1e9;
        return new Cost(count / seconds, (process.getProcessCpuTime() - cpu) / 1000.0 / count);
    }

    private void load(int count, ProgressListener progress) {
        IngestReport report = RecordIngestor.to(store.group(group))
                .concurrency(THREADS)
                .total(count)
                .progress(progress)
                .build()
                .run(IntStream.range(0, count).mapToObj(n -> records.get(n % IDENTIFIERS)));
        if (!report.isComplete()) {
            throw new IllegalStateException("Not all was written: " + report);
        }
    }

    /** Each thread takes the next row: no order, no repeats, no report. */
    private void loop(int count) throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        AtomicInteger written = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int n = 0; n < THREADS; n++) {
            Thread thread = new Thread(() -> {
                for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                    byHand.put(rows.get(i % IDENTIFIERS));
                    written.incrementAndGet();
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        if (written.get() != count) {
            throw new IllegalStateException("Not all was written: " + written + " of " + count);
        }
    }

    private void sequence(int count) {
        for (int i = 0; i < count; i++) {
            byHand.put(rows.get(i % IDENTIFIERS));
        }
    }

    private static <B extends AwsClientBuilder<B, C>, C> B configured(B client, EmulatorProcess emulator) {
        return client.region(Region.US_EAST_1)
                .endpointOverride(emulator.endpoint())
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
                .overrideConfiguration(config ->
                        config.retryStrategy(AwsRetryStrategy.doNotRetry()).apiCallTimeout(TIMEOUT));
    }
}
