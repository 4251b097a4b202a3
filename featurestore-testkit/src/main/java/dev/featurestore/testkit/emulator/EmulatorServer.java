package dev.featurestore.testkit.emulator;

import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Runs an emulator as a program of its own, until it is stopped. {@code --help} lists the options. */
public final class EmulatorServer {
    static final String HELP = """
            Runs an in-memory feature store that speaks the AWS protocols on the loopback address.

              --port NUMBER   the port to listen on; a free one is chosen and printed unless it is given
              --region NAME   the region in the ARNs of feature groups; us-east-1 unless given
              --help          prints this
            """;

    private EmulatorServer() {}

    /** Starts the emulator, prints its endpoint and waits to be stopped. Ends with status 2 if an option is wrong. */
    public static void main(String[] args) throws InterruptedException {
        FeatureStoreEmulator emulator;
        try {
            emulator = start(args, System.out);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        if (emulator != null) {
            Runtime.getRuntime().addShutdownHook(new Thread(emulator::close));
            new CountDownLatch(1).await();
        }
    }

    /** The emulator that the options describe; null if they only ask for help. */
    static @Nullable FeatureStoreEmulator start(String[] args, PrintStream out) {
        FeatureStoreEmulator.Builder builder = FeatureStoreEmulator.builder();
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--help" -> {
                    out.print(HELP);
                    return null;
                }
                case "--port" -> builder.port(port(value(args, ++i)));
                case "--region" -> builder.region(value(args, ++i));
                default -> throw new IllegalArgumentException("Unknown option " + args[i] + ": see --help");
            }
        }
        FeatureStoreEmulator emulator = builder.start();
        out.println("Feature store emulator at " + emulator.endpoint());
        return emulator;
    }

    private static String value(String[] args, int i) {
        if (i == args.length) {
            throw new IllegalArgumentException("The option " + args[i - 1] + " needs a value: see --help");
        }
        return args[i];
    }

    private static int port(String text) {
        try {
            int port = Integer.parseInt(text);
            if (port >= 0 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // refused below
        }
        throw new IllegalArgumentException("The port must be a number from 0 to 65535: see --help");
    }
}
