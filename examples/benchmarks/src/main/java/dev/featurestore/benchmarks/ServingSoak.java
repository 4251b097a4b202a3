package dev.featurestore.benchmarks;

import dev.featurestore.FeatureStore;
import dev.featurestore.FeatureViewClient;
import dev.featurestore.FetchOptions;
import dev.featurestore.aws.AwsFeatureStore;
import dev.featurestore.errors.ErrorCode;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.serving.FileServingSink;
import dev.featurestore.serving.ServingLog;
import dev.featurestore.view.FeatureVector;
import dev.featurestore.view.FeatureView;
import dev.featurestore.view.GroupResult;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
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
 * Does an endpoint that fetches 1,000 vectors a second for ten minutes, and logs all it served, leak memory or threads, lose a
 * served vector, or meet an error that nobody made? If so it ends with status 1.
 *
 * <p>Vectors of three groups through the official SDK from an emulator in a process of its own, which throttles one request in
 * five hundred. Vectors are due at fixed times, and the time of each is counted from when it was due: what waits behind a slow
 * one is slow as well. Between the first fifth of the time and the rest, and at the end, the load stops for a look at the heap.
 *
 * <p>{@code ./mvnw -q -Pbenchmarks -pl examples/benchmarks -am package -Dbenchmarks.main=dev.featurestore.benchmarks.ServingSoak
 * -Dbenchmarks.args="<seconds> <vectors a second>"}
 */
public final class ServingSoak {
    private static final Duration DEADLINE = Duration.ofSeconds(1);

    /** For what comes before. */
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);

    private static final List<String> GROUPS = List.of("payments", "cards", "merchants");

    private static final int CARDS = 1000;

    private static final int CALLERS = 32;

    private static final int WARM_UP_FETCHES = 5000;

    private static final int PROGRESS_SECONDS = 10;

    /** Not counted. */
    private static final int WARM_UP_SECONDS = 15;

    /**
     * What the client may add: the threads of a feature store for fetches, the one that writes served vectors, and those of the
     * SDK: five timers for each of two clients, one that closes idle connections, and a few that come and go.
     */
    private static final int CLIENT_THREADS = 64 + 1 + 14;

    /** What a busy machine may take at once, so that short runs can pass. */
    private static final int STALL_SECONDS = 5;

    private static final double THROTTLED_SHARE = 0.002;

    /** A group fails only if three tries in a row are throttled: once in 125 million. */
    private static final int MOST_THROTTLED = 2;

    /** What may come and go between two looks at the heap: caches of the SDK and the JDK, code that was loaded late. */
    private static final long STEADY_BYTES = 2 << 20;

    private static final MemoryMXBean MEMORY = ManagementFactory.getMemoryMXBean();

    private final FeatureViewClient client;

    private final int rate;

    /** How long each vector took, in microseconds; 0 while it is under way. */
    private final int[] micros;

    private final AtomicInteger next = new AtomicInteger();

    private final LongAdder throttled = new LongAdder();

    /** What went wrong without anybody's doing, and how often. */
    private final Map<String, LongAdder> defects = new ConcurrentHashMap<>();

    private final int threadsBefore;

    private int mostThreads;

    private ServingSoak(FeatureViewClient client, int seconds, int rate, int threadsBefore) {
        this.client = client;
        this.threadsBefore = threadsBefore;
        this.rate = rate;
        this.micros = new int[Math.multiplyExact(seconds, rate)];
    }

    /** Prints a line every ten seconds, and the results. */
    public static void main(String[] args) throws IOException, InterruptedException {
        int seconds = args.length > 0 ? Integer.parseInt(args[0]) : 600;
        int rate = args.length > 1 ? Integer.parseInt(args[1]) : 1000;
        int threadsBefore = ManagementFactory.getThreadMXBean().getThreadCount();
        Path folder = Files.createTempDirectory("serving-soak");
        List<String> failed;
        try (FileServingSink served = FileServingSink.in(folder);
                EmulatorProcess emulator = EmulatorProcess.start();
                SdkHttpClient http = ApacheHttpClient.builder()
                        .maxConnections(100)
                        .expectContinueEnabled(false)
                        .build();
                SageMakerFeatureStoreRuntimeClient runtime = configured(
                                SageMakerFeatureStoreRuntimeClient.builder().httpClient(http), emulator.endpoint())
                        .build();
                SageMakerClient sageMaker = configured(SageMakerClient.builder().httpClient(http), emulator.endpoint())
                        .build();
                FeatureStore store = AwsFeatureStore.builder()
                        .runtimeClient(runtime)
                        .sageMakerClient(sageMaker)
                        .callTimeout(CALL_TIMEOUT)
                        .build()) {
            FeatureViewClient client =
                    store.view(filled(store), FetchOptions.defaults().withServingLog(ServingLog.to(served, "soak")));
            client.warmUp(keys(0), WARM_UP_FETCHES);
            new ServingSoak(client, WARM_UP_SECONDS, rate, threadsBefore).play("warm-up", WARM_UP_SECONDS * rate);
            emulator.fault(
                    "{\"operation\": \"GetRecord\", \"fault\": \"throttled\", \"rate\": " + THROTTLED_SHARE + "}");
            failed = new ServingSoak(client, seconds, rate, threadsBefore).run();
            boolean written = served.flush(CALL_TIMEOUT);
            System.out.println("served vectors: " + served.written() + " written, " + served.dropped() + " dropped");
            if (!written || served.dropped() > 0) {
                failed.add("served vectors: expected all to be written");
            }
        } finally {
            delete(folder);
        }
        failed.forEach(check -> System.out.println("FAILED: " + check));
        System.out.println(failed.isEmpty() ? "All checks passed." : "Checks that failed: " + failed.size());
        System.exit(failed.isEmpty() ? 0 : 1);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    private static FeatureView filled(FeatureStore store) {
        FeatureView.Builder view = FeatureView.named("model");
        for (String name : GROUPS) {
            FeatureGroup<FeatureRecord> group = WideGroup.definition(name, name, 22);
            store.admin().apply(group);
            for (int card = 0; card < CARDS; card++) {
                store.group(group).put(WideGroup.record(group, card, "card-" + card));
            }
            view.from(group, select -> select.key("card").allFeatures());
        }
        return view.build();
    }

    private static Map<String, String> keys(int vector) {
        return Map.of("card", "card-" + (int) (vector * 7919L % CARDS));
    }

    private List<String> run() throws InterruptedException {
        double took = play("first fifth", micros.length / 5);
        long heapAtFirst = heapAfterCollection();
        took += play("the rest", micros.length);
        long heapAtLast = heapAfterCollection();

        print("all", 0, micros.length);
        System.out.printf(
                Locale.ROOT,
                "%.0f vectors a second; heap after collection %.1f MB after a fifth of the time, %.1f MB at the end; %d threads"
                        + " before, %d at most; %d groups failed as throttled%n",
                micros.length / took,
                heapAtFirst / 1e6,
                heapAtLast / 1e6,
                threadsBefore,
                mostThreads,
                throttled.sum());

        List<String> failed = new ArrayList<>();
        if (took > 1.02 * micros.length / rate + STALL_SECONDS) {
            failed.add("the rate: expected " + rate + " vectors a second. Is the machine busy?");
        }
        if (heapAtLast > heapAtFirst + Math.max(heapAtFirst / 20, STEADY_BYTES)) {
            failed.add("the heap grew by " + (heapAtLast - heapAtFirst) + " bytes");
        }
        if (mostThreads > threadsBefore + CALLERS + CLIENT_THREADS) {
            failed.add("threads: expected " + (CALLERS + CLIENT_THREADS) + " more than before the client at most");
        }
        if (throttled.sum() > MOST_THROTTLED) {
            failed.add("throttled groups: expected " + MOST_THROTTLED + " at most, since each is tried three times");
        }
        defects.forEach((what, times) -> failed.add(times.sum() + " times " + what));
        return failed;
    }

    /** Fetches vectors until there were so many, prints how it goes, and gives the seconds it took. */
    private double play(String what, int end) throws InterruptedException {
        int first = next.get();
        long begun = System.nanoTime();
        CountDownLatch working = new CountDownLatch(CALLERS);
        for (int i = 0; i < CALLERS; i++) {
            Thread caller = new Thread(
                    () -> {
                        try {
                            fetchWhenDue(first, end, begun);
                        } finally {
                            working.countDown();
                        }
                    },
                    "caller-" + i);
            caller.setDaemon(true);
            caller.start();
        }
        int printed = first;
        int seconds = 0;
        while (!working.await(PROGRESS_SECONDS, TimeUnit.SECONDS)) {
            seconds += PROGRESS_SECONDS;
            mostThreads =
                    Math.max(mostThreads, ManagementFactory.getThreadMXBean().getThreadCount());
            int now = Math.min(next.get(), end);
            print(what + " after " + seconds + " s", printed, now);
            printed = now;
        }
        mostThreads = Math.max(mostThreads, ManagementFactory.getThreadMXBean().getThreadCount());
        next.set(end);
        return (System.nanoTime() - begun) / 1e9;
    }

    private void fetchWhenDue(int first, int end, long begun) {
        for (int vector = next.getAndIncrement(); vector < end; vector = next.getAndIncrement()) {
            long due = begun + TimeUnit.SECONDS.toNanos(vector - first) / rate;
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            try {
                judge(client.fetch(keys(vector), DEADLINE));
            } catch (Throwable e) {
                defect(e.getClass().getName());
            }
            micros[vector] = (int) Math.max(1, (System.nanoTime() - due) / 1000);
        }
    }

    private void judge(FeatureVector vector) {
        for (GroupResult group : vector.results()) {
            if (group.failure() != null && group.failure().code() == ErrorCode.THROTTLED) {
                throttled.increment();
            } else if (group.failure() != null) {
                defect("failed with " + group.failure().code());
            } else if (group.status() != GroupResult.Status.FOUND) {
                defect(group.status() + " although it is there");
            }
        }
    }

    private void defect(String what) {
        defects.computeIfAbsent(what, key -> new LongAdder()).increment();
    }

    private static long heapAfterCollection() {
        // the second collects what finalizers and references of the first have let go
        MEMORY.gc();
        MEMORY.gc();
        return MEMORY.getHeapMemoryUsage().getUsed();
    }

    private void print(String what, int from, int to) {
        int[] done = Arrays.stream(micros, from, to)
                .filter(took -> took > 0)
                .sorted()
                .toArray();
        System.out.printf(
                Locale.ROOT,
                "%s: %d vectors, P50 %.2f ms, P99 %.2f ms, P99.9 %.2f ms, longest %.2f ms; heap %.0f MB, %d threads%n",
                what,
                done.length,
                at(done, 0.5),
                at(done, 0.99),
                at(done, 0.999),
                at(done, 1),
                MEMORY.getHeapMemoryUsage().getUsed() / 1e6,
                ManagementFactory.getThreadMXBean().getThreadCount());
    }

    private static double at(int[] sorted, double share) {
        return sorted.length == 0
                ? 0
                : sorted[(int) Math.min(sorted.length - 1L, (long) (share * sorted.length))] / 1e3;
    }

    private static <B extends AwsClientBuilder<B, C>, C> B configured(B client, URI endpoint) {
        return client.region(Region.US_EAST_1)
                .endpointOverride(endpoint)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
                .overrideConfiguration(config ->
                        config.retryStrategy(AwsRetryStrategy.doNotRetry()).apiCallTimeout(CALL_TIMEOUT));
    }
}
