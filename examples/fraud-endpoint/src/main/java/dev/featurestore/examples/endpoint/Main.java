package dev.featurestore.examples.endpoint;

import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.examples.endpoint.EndpointSettings.WhenIncomplete;
import dev.featurestore.examples.fraud.Fraud;
import dev.featurestore.serving.FileServingSink;
import dev.featurestore.serving.ServingLog;
import dev.featurestore.testkit.emulator.FeatureStoreEmulator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.core.exception.SdkException;

/** The program: reads the options, and serves until it is told to end. */
@Command(
        name = "fraud-endpoint",
        sortOptions = false,
        usageHelpWidth = 100,
        description = "Scores card payments over HTTP. Each option can also be given as the variable in brackets.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"1:it cannot start", "2:an option cannot be used", "143, 130:it was told to end, and has"})
public final class Main implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(Main.class);

    private static final String SALT = "FRAUD_SERVING_LOG_SALT";

    private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(10);

    @Option(names = "--emulator", description = "Serve sample data from an emulator in this program, in place of AWS.")
    private boolean emulated;

    @Option(
            names = "--emulator-port",
            paramLabel = "PORT",
            defaultValue = "${env:FRAUD_EMULATOR_PORT:-8081}",
            description = "The port of the emulator; 0 for a free one [FRAUD_EMULATOR_PORT, ${DEFAULT-VALUE}].")
    private int emulatorPort;

    @Option(
            names = "--host",
            defaultValue = "${env:FRAUD_HOST:-127.0.0.1}",
            description = "The address to listen on; 0.0.0.0 for all [FRAUD_HOST, ${DEFAULT-VALUE}].")
    private String host = "";

    @Option(
            names = "--port",
            defaultValue = "${env:FRAUD_PORT:-8080}",
            description = "The port to listen on; 0 for a free one [FRAUD_PORT, ${DEFAULT-VALUE}].")
    private int port;

    @Option(
            names = "--deadline",
            paramLabel = "MILLIS",
            defaultValue = "${env:FRAUD_DEADLINE:-10}",
            description = "How long to wait for features [FRAUD_DEADLINE, ${DEFAULT-VALUE}].")
    private int deadlineMillis;

    @Option(
            names = "--when-incomplete",
            paramLabel = "POLICY",
            defaultValue = "${env:FRAUD_WHEN_INCOMPLETE:-defaults}",
            description = "If features do not come in time: score by their defaults, or refuse, with status 503"
                    + " [FRAUD_WHEN_INCOMPLETE, ${DEFAULT-VALUE}].")
    private WhenIncomplete whenIncomplete = WhenIncomplete.DEFAULTS;

    @Option(
            names = "--fingerprint",
            defaultValue = "${env:FRAUD_FINGERPRINT}",
            description =
                    "What the view's fingerprint must be, as kept with the model [FRAUD_FINGERPRINT, not checked].")
    private @Nullable String fingerprint;

    @Option(
            names = "--warm-up-card",
            paramLabel = "ID",
            defaultValue = "${env:FRAUD_WARM_UP_CARD:-warm-up}",
            description = "A card to fetch before the first payment, best one that exists [FRAUD_WARM_UP_CARD].")
    private String warmUpCard = "";

    @Option(
            names = "--warm-up-merchant",
            paramLabel = "ID",
            defaultValue = "${env:FRAUD_WARM_UP_MERCHANT:-warm-up}",
            description = "And a merchant [FRAUD_WARM_UP_MERCHANT].")
    private String warmUpMerchant = "";

    @Option(
            names = "--warm-up-fetches",
            paramLabel = "N",
            defaultValue = "${env:FRAUD_WARM_UP_FETCHES:-4000}",
            description = "How often they are fetched [FRAUD_WARM_UP_FETCHES, ${DEFAULT-VALUE}].")
    private int warmUpFetches;

    @Option(
            names = "--serving-log",
            paramLabel = "FOLDER",
            defaultValue = "${env:FRAUD_SERVING_LOG}",
            description = "Write a sample of what was served to files in this folder, to be compared with training sets"
                    + " [FRAUD_SERVING_LOG, none]. The variable " + SALT + " must be set: a text that all"
                    + " hosts share, kept secret.")
    private @Nullable Path servingLog;

    @Option(
            names = "--serving-log-share",
            paramLabel = "SHARE",
            defaultValue = "${env:FRAUD_SERVING_LOG_SHARE:-0.01}",
            description =
                    "The share of all pairs of card and merchant in it [FRAUD_SERVING_LOG_SHARE, ${DEFAULT-VALUE}].")
    private double servingLogShare;

    @Option(names = "--help", usageHelp = true, description = "Show this help.")
    @SuppressWarnings("unused") // picocli acts on it
    private boolean help;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    private Main() {}

    /** Runs the program; {@code --help} lists its options. */
    public static void main(String[] args) {
        int code = new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    if (e instanceof FeatureStoreException
                            || e instanceof IOException
                            || e instanceof SdkException
                            || e instanceof IllegalStateException) {
                        LOG.error("Cannot start: {}", e.getMessage());
                        return CommandLine.ExitCode.SOFTWARE;
                    }
                    throw e;
                })
                .execute(args);
        System.exit(code);
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        check();
        if (fingerprint != null) {
            Fraud.MODEL_V1.requireFingerprint(fingerprint);
        }
        Opened opened = new Opened();
        // also after a start that failed
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            LOG.info("Ending");
                            opened.close();
                            LOG.info("Ended");
                        },
                        "shutdown"));
        serve(opened);
        return CommandLine.ExitCode.OK;
    }

    private void serve(Opened opened) throws InterruptedException, IOException {
        FileServingSink sink = servingLog == null ? null : opened.add(FileServingSink.in(servingLog));
        StoreConnection connection =
                opened.add(emulated ? StoreConnection.to(emulatorOfSamples(opened)) : StoreConnection.toAws());
        opened.add(FraudEndpoint.start(connection.store(), settings(sink))).awaitFailure();
    }

    private void check() {
        require(port >= 0 && port <= 65_535, "--port", "expected a number from 0 to 65535");
        require(emulatorPort >= 0 && emulatorPort <= 65_535, "--emulator-port", "expected a number from 0 to 65535");
        require(deadlineMillis > 0, "--deadline", "expected a positive number of milliseconds");
        require(warmUpFetches > 0, "--warm-up-fetches", "expected a positive number");
        require(
                servingLogShare > 0 && servingLogShare <= 1,
                "--serving-log-share",
                "expected a number above 0 and up to 1");
        require(servingLog == null || !salt().isBlank(), "--serving-log", "set the variable " + SALT + " as well");
    }

    private EndpointSettings settings(@Nullable FileServingSink sink) {
        return new EndpointSettings(
                host,
                port,
                IDLE_TIMEOUT,
                Duration.ofMillis(deadlineMillis),
                whenIncomplete,
                emulated ? SampleData.keys() : Map.of("card_id", warmUpCard, "merchant_id", warmUpMerchant),
                warmUpFetches,
                sink == null ? ServingLog.none() : ServingLog.to(sink, salt()).withSampling(servingLogShare));
    }

    /** A secret is no option: other users of the machine see those. */
    private static String salt() {
        return Objects.requireNonNullElse(System.getenv(SALT), "");
    }

    private void require(boolean valid, String option, String remedy) {
        if (!valid) {
            throw new ParameterException(spec.commandLine(), "Option " + option + ": " + remedy + ".");
        }
    }

    private FeatureStoreEmulator emulatorOfSamples(Opened opened) {
        FeatureStoreEmulator emulator =
                opened.add(FeatureStoreEmulator.builder().port(emulatorPort).start());
        SampleData.fill(emulator.store(), Instant.now());
        LOG.info("Sample data is served by an emulator at {}", emulator.endpoint());
        return emulator;
    }
}
