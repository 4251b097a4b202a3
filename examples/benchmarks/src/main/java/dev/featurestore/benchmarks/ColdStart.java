package dev.featurestore.benchmarks;

import dev.featurestore.FeatureStore;
import dev.featurestore.aws.AwsFeatureStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sagemaker.SageMakerClient;

/**
 * How long is it from the start of a JVM to its first successful put, over the same with the official client alone? Each is a
 * new process, in turns; the time is from its start to the line that it says when it is done.
 *
 * <p>{@code ./mvnw -q -Pbenchmarks -pl examples/benchmarks -am package
 * -Dbenchmarks.main=dev.featurestore.benchmarks.ColdStart -Dbenchmarks.args="<rounds>"}
 */
public final class ColdStart {
    private static final int WARM_UP_ROUNDS = 2;

    private final URI endpoint;

    private ColdStart(URI endpoint) {
        this.endpoint = endpoint;
    }

    /** Prints medians, and the median of the rounds' ratios with the middle half of them in brackets. */
    public static void main(String[] args) throws IOException {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 15;
        try (EmulatorProcess emulator = EmulatorProcess.start()) {
            ColdStart cold = new ColdStart(emulator.endpoint());
            cold.createTheGroup();
            Start[][] starts = new Start[2][rounds];
            for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
                for (int turn = 0; turn < 2; turn++) {
                    int side = (round & 1) == 0 ? turn : 1 - turn;
                    Start start = cold.firstPut(side == 0 ? FirstPut.LIBRARY : FirstPut.OFFICIAL);
                    if (round >= 0) {
                        starts[side][round] = start;
                    }
                }
            }
            System.out.println("| figure | library | official client | ratio |");
            System.out.println("|---|---|---|---|");
            print("time to the first put", starts, Start::millis);
            print("CPU until then", starts, Start::cpuMillis);
            System.out.printf(
                    Locale.ROOT,
                    "Load average at the end: %.1f%n",
                    ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        }
    }

    /** What it took from the start of the process to its first put. */
    private record Start(double millis, double cpuMillis) {}

    private static void print(String figure, Start[][] starts, ToDoubleFunction<Start> of) {
        double[] ratios = IntStream.range(0, starts[0].length)
                .mapToDouble(round -> of.applyAsDouble(starts[0][round]) / of.applyAsDouble(starts[1][round]))
                .sorted()
                .toArray();
        System.out.printf(
                Locale.ROOT,
                "| %s | %.0f ms | %.0f ms | %.2f [%.2f-%.2f] |%n",
                figure,
                median(Arrays.stream(starts[0]).mapToDouble(of).toArray()),
                median(Arrays.stream(starts[1]).mapToDouble(of).toArray()),
                median(ratios),
                ratios[ratios.length / 4],
                ratios[ratios.length - 1 - ratios.length / 4]);
    }

    private void createTheGroup() {
        try (SageMakerClient client = SageMakerClient.builder()
                        .httpClientBuilder(UrlConnectionHttpClient.builder())
                        .region(Region.US_EAST_1)
                        .endpointOverride(endpoint)
                        .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("a", "b")))
                        .build();
                FeatureStore store = AwsFeatureStore.builder()
                        .region(Region.US_EAST_1)
                        .sageMakerClient(client)
                        .build()) {
            store.admin().apply(FirstPut.group());
        }
    }

    private Start firstPut(String side) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-Daws.accessKeyId=key",
                "-Daws.secretAccessKey=secret",
                "-Daws.region=us-east-1",
                "-Dsoftware.amazon.awssdk.http.service.impl="
                        + "software.amazon.awssdk.http.urlconnection.UrlConnectionSdkHttpService",
                "-cp",
                System.getProperty("java.class.path"),
                FirstPut.class.getName(),
                side,
                endpoint.toString());
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        // a proxy that the environment names is for the world outside
        builder.environment()
                .keySet()
                .removeIf(name -> name.toLowerCase(Locale.ROOT).endsWith("_proxy"));
        long begun = System.nanoTime();
        Process process = builder.start();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            String line = out.readLine();
            double millis = (System.nanoTime() - begun) / 1e6;
            if (!FirstPut.DONE.equals(line)) {
                throw new IOException("The first put of " + side + " failed");
            }
            double cpuMillis = process.info().totalCpuDuration().orElseThrow().toMillis();
            return new Start(millis, cpuMillis);
        } finally {
            process.destroy();
        }
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
