package dev.featurestore.examples.kinesis.local;

import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import dev.featurestore.examples.fraud.Fraud;
import dev.featurestore.examples.kinesis.CardFeaturesHandler;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.ManualClock;
import dev.featurestore.testkit.emulator.FeatureStoreEmulator;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Invokes the function as Lambda does: the jar that is deployed, in a process of its own that is told by its environment where
 * things are, and an event in the form in which Lambda delivers it. An emulator and a stand-in for the queue take what it sends.
 */
public final class LocalRun {
    /** Soon after the sample's events: at today's time their records would have expired. */
    private static final Instant NOW = Instant.parse("2026-03-10T12:05:00Z");

    private LocalRun() {}

    /** Invokes the function once; the arguments are the jar and a file with the event. */
    public static void main(String[] args) throws IOException, InterruptedException {
        run(Path.of(args[0]), Path.of(args[1]), System.out);
    }

    static void run(Path jar, Path event, PrintStream out) throws IOException, InterruptedException {
        try (InMemoryFeatureStore service = InMemoryFeatureStore.create(ManualClock.startingAt(NOW));
                FeatureStoreEmulator emulator =
                        FeatureStoreEmulator.builder().store(service).start();
                LocalQueue queue = LocalQueue.start()) {
            service.admin().apply(Fraud.CARDS);
            out.println("answer       " + answer(jar, event, emulator, queue));
            queue.messages().forEach(message -> out.println("dead letter  " + message));
            List<FeatureRecord> rows = service.history(Fraud.CARDS).stream()
                    .map(row -> row.record().decode(Fraud.CARDS))
                    .toList();
            rows.stream()
                    .map(FeatureRecord::recordIdentifier)
                    .distinct()
                    .sorted()
                    .flatMap(card -> service.group(Fraud.CARDS).find(card).stream())
                    .forEach(card -> out.println("online       " + text(card)));
            out.println("offline      " + rows.size() + " rows");
        }
    }

    private static String answer(Path jar, Path event, FeatureStoreEmulator emulator, LocalQueue queue)
            throws IOException, InterruptedException {
        // the library is in Lambda's runtime, and the stand-in for the runtime comes last, so that all else is the
        // jar's
        String classPath = Stream.of(jar, placeOf(PojoSerializer.class), placeOf(LambdaRuntime.class))
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPath,
                        LambdaRuntime.class.getName(),
                        CardFeaturesHandler.class.getName())
                .redirectInput(event.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        // a proxy or a profile that the environment names is for the world outside
        builder.environment()
                .keySet()
                .removeIf(name ->
                        name.startsWith("AWS_") || name.toLowerCase(Locale.ROOT).endsWith("_proxy"));
        builder.environment()
                .putAll(Map.of(
                        "AWS_REGION",
                        "eu-west-1",
                        "AWS_ACCESS_KEY_ID",
                        "any",
                        "AWS_SECRET_ACCESS_KEY",
                        "any",
                        "AWS_ENDPOINT_URL_SAGEMAKER_FEATURESTORE_RUNTIME",
                        emulator.endpoint().toString(),
                        "AWS_ENDPOINT_URL_SQS",
                        queue.endpoint().toString(),
                        "DEAD_LETTER_QUEUE_URL",
                        queue.endpoint() + "/000000000000/dead-letters"));
        Process process = builder.start();
        String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        if (status != 0) {
            throw new IllegalStateException("The function ended with status " + status + ": see what it printed");
        }
        return answer;
    }

    /** The jar or folder that a class is in. */
    private static Path placeOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The values, but for those that tell when and by whom they were written. */
    private static String text(FeatureRecord card) {
        return Fraud.CARDS.features().stream()
                .filter(feature -> card.has(feature) && !isStamp(feature))
                .map(feature -> feature.name() + "=" + card.get(feature))
                .collect(Collectors.joining(" "));
    }

    private static boolean isStamp(Feature<?> feature) {
        return feature.equals(Fraud.ARRIVED_AT) || feature.equals(Fraud.WRITE_ORIGIN);
    }
}
