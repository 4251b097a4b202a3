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

    private static final int WARM_UP_ROUNDS = 2;

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

    /** Prints the ratios as the median over all rounds, lowest and highest in brackets. */
    public static void main(String[] args) throws IOException, InterruptedException {
        int count = args.length > 0 ? Integer.parseInt(args[0]) : 20_000;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 9;
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
            store.admin().create(cost.group);
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
        Way ingestor = records -> load(records, progress -> {});
        for (int round = 0; round < WARM_UP_ROUNDS; round++) {
            measure(ingestor, count);
            measure(this::loop, count);
        }
        Cost[] ours = new Cost[rounds];
        Cost[] theirs = new Cost[rounds];
        for (int round = 0; round < rounds; round++) {
            if (round % 2 == 0) {
                ours[round] = measure(ingestor, count);
                theirs[round] = measure(this::loop, count);
            } else {
                theirs[round] = measure(this::loop, count);
                ours[round] = measure(ingestor, count);
            }
        }
        Cost sequential = measure(this::sequence, count / THREADS);
        double[] rates = new double[rounds];
        double[] cpu = new double[rounds];
        double[] overSequence = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            rates[round] = ours[round].rate / theirs[round].rate;
            cpu[round] = ours[round].micros / theirs[round].micros;
            overSequence[round] = ours[round].rate / sequential.rate;
        }
        print("rate, over a loop of as many threads", rates);
        print("CPU, over a loop of as many threads", cpu);
        print("rate, over one thread", overSequence);
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

    private static void print(String what, double[] ratios) {
        double[] sorted = ratios.clone();
        Arrays.sort(sorted);
        System.out.printf(
                Locale.ROOT,
                "| %s | %.2f [%.2f-%.2f] |%n",
                what,
                sorted[sorted.length / 2],
                sorted[0],
                sorted[sorted.length - 1]);
    }

    private static <B extends AwsClientBuilder<B, C>, C> B configured(B client, EmulatorProcess emulator) {
        return client.region(Region.US_EAST_1)
                .endpointOverride(emulator.endpoint())
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
                .overrideConfiguration(config ->
                        config.retryStrategy(AwsRetryStrategy.doNotRetry()).apiCallTimeout(TIMEOUT));
    }
}
