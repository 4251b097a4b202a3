package dev.featurestore.benchmarks;

import dev.featurestore.FeatureStore;
import dev.featurestore.aws.AwsFeatureStore;
import dev.featurestore.ingest.Checkpoint;
import dev.featurestore.ingest.FailedRecords;
import dev.featurestore.ingest.IngestReport;
import dev.featurestore.ingest.ProgressListener;
import dev.featurestore.ingest.RecordIngestor;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureCodec;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.spi.WireRecord;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
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
 * Loads a file of records of 50 features through the ingestor in a JVM with a small heap, which ends badly if memory grows
 * with the load.
 *
 * <p>{@code ./mvnw -q -Pbenchmarks -pl examples/benchmarks -am package
 * -Dbenchmarks.main=dev.featurestore.benchmarks.FileLoad -Dbenchmarks.args="<records> <heap in MB>"}
 */
public final class FileLoad {
    private static final int FEATURES = 50;

    /** So many that the emulator keeps them all in its memory. */
    private static final int IDENTIFIERS = 1000;

    private static final Instant FIRST = Instant.parse("2025-06-01T00:00:00Z");

    private static final String SEPARATOR = "\t";

    private static final FeatureGroup<FeatureRecord> GROUP = WideGroup.definition("file", "card", FEATURES);

    private FileLoad() {}

    /** Writes the file, starts an emulator, and loads in a process of its own. */
    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length == 3) {
            load(Path.of(args[0]), Integer.parseInt(args[1]), URI.create(args[2]));
            return;
        }
        int count = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
        int heap = args.length > 1 ? Integer.parseInt(args[1]) : 64;
        Path folder = Files.createTempDirectory("file-load");
        try (EmulatorProcess emulator = EmulatorProcess.start()) {
            Path file = folder.resolve("records.tsv");
            write(file, count);
            System.out.printf("%,d records in a file of %,d MB, heap of %d MB%n", count, Files.size(file) >> 20, heap);
            int exit = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx" + heap + "m",
                            "-XX:+ExitOnOutOfMemoryError",
                            "-cp",
                            System.getProperty("java.class.path"),
                            FileLoad.class.getName(),
                            file.toString(),
                            Integer.toString(count),
                            emulator.endpoint().toString())
                    .inheritIO()
                    .start()
                    .waitFor();
            System.exit(exit);
        } finally {
            for (String name : List.of("records.tsv", "checkpoint", "failed.jsonl")) {
                Files.deleteIfExists(folder.resolve(name));
            }
            Files.deleteIfExists(folder);
        }
    }

    /** One record a line, its values in the order of the definition. */
    private static void write(Path file, int count) throws IOException {
        List<String> values = IntStream.range(0, IDENTIFIERS)
                .mapToObj(seed -> values(WideGroup.record(GROUP, seed)))
                .toList();
        try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(file))) {
            for (int n = 0; n < count; n++) {
                out.println("card-" + n % IDENTIFIERS + SEPARATOR + FIRST.plusSeconds(n) + SEPARATOR
                        + values.get(n % IDENTIFIERS));
            }
        }
    }

    private static String values(FeatureRecord record) {
        WireRecord wire = WireRecord.encode(record);
        return String.join(
                SEPARATOR,
                IntStream.range(2, wire.size())
                        .mapToObj(n -> String.valueOf(wire.text(n)))
                        .toList());
    }

    private static FeatureRecord record(String line) {
        String[] texts = line.split(SEPARATOR, -1);
        FeatureRecord.Builder record =
                GROUP.newRecord().set(WideGroup.ID, texts[0]).set(WideGroup.TIME, Instant.parse(texts[1]));
        for (int i = 2; i < texts.length; i++) {
            set(record, GROUP.columns().feature(i), texts[i]);
        }
        return record.build();
    }

    private static <T> void set(FeatureRecord.Builder record, Feature<T> feature, String text) {
        FeatureCodec<T> codec = feature.codec();
        record.set(feature, codec.decode(text));
    }

    private static void load(Path file, int count, URI endpoint) throws IOException {
        try (SdkHttpClient http =
                        ApacheHttpClient.builder().expectContinueEnabled(false).build();
                SageMakerFeatureStoreRuntimeClient runtime = configured(
                                SageMakerFeatureStoreRuntimeClient.builder().httpClient(http), endpoint)
                        .build();
                SageMakerClient sageMaker = configured(SageMakerClient.builder().httpClient(http), endpoint)
                        .build();
                FeatureStore store = AwsFeatureStore.builder()
                        .runtimeClient(runtime)
                        .sageMakerClient(sageMaker)
                        .build();
                BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            store.admin().apply(GROUP);
            IngestReport report = RecordIngestor.to(store.group(GROUP))
                    .checkpoint(Checkpoint.file(file.resolveSibling("checkpoint"), "file"))
                    .failures(FailedRecords.file(file.resolveSibling("failed.jsonl")))
                    .total(count)
                    .progress(ProgressListener.console(System.out))
                    .build()
                    .run(lines.lines().map(FileLoad::record));
            long peak = ManagementFactory.getMemoryPoolMXBeans().stream()
                    .filter(pool -> pool.getType() == MemoryType.HEAP)
                    .mapToLong(pool -> pool.getPeakUsage().getUsed())
                    .sum();
            System.out.printf("%s%npeak heap %,d MB, garbage included%n", report, peak >> 20);
            if (!report.isComplete() || report.written() != count) {
                throw new IllegalStateException("Not all was written");
            }
        }
    }

    private static <B extends AwsClientBuilder<B, C>, C> B configured(B client, URI endpoint) {
        return client.region(Region.US_EAST_1)
                .endpointOverride(endpoint)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
                .overrideConfiguration(config -> config.retryStrategy(AwsRetryStrategy.doNotRetry()));
    }
}
