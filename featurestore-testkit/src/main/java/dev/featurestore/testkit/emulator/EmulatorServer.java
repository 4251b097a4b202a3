package dev.featurestore.testkit.emulator;

import dev.featurestore.errors.FeatureStoreException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Runs an emulator as a program of its own, until it is stopped. {@code --help} lists the options. */
public final class EmulatorServer {
    static final String HELP = """
            Runs an in-memory feature store that speaks the AWS protocols, until it is stopped.

              --port NUMBER    the port to listen on; a free one is chosen and printed unless it is given
              --data FOLDER    keeps all state in this folder, made if it is not there; nothing is kept unless given
              --region NAME    the region in the ARNs of feature groups; that of the folder, or us-east-1, unless given
              --host ADDRESS   the address to listen on; the loopback address unless given
              --allow-remote   lets it listen on an address that other machines can reach; there is no access control
              --help           prints this
            """;

    private EmulatorServer() {}

    /**
     * Starts the emulator, prints where it is once it is ready, and waits to be stopped. Ends with status 2 if an option is
     * wrong, with 1 if it cannot start.
     */
    public static void main(String[] args) throws InterruptedException {
        FeatureStoreEmulator emulator;
        try {
            emulator = start(args, System.out);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        } catch (IllegalStateException | UncheckedIOException | FeatureStoreException e) {
            System.err.println(e.getMessage());
            System.exit(1);
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
        InetAddress address = InetAddress.getLoopbackAddress();
        boolean remote = false;
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--help" -> {
                    out.print(HELP);
                    return null;
                }
                case "--port" -> builder.port(port(value(args, ++i)));
                case "--data" -> builder.data(Path.of(value(args, ++i)));
                case "--region" -> builder.region(value(args, ++i));
                case "--host" -> address = address(value(args, ++i));
                case "--allow-remote" -> remote = true;
                default -> throw new IllegalArgumentException("Unknown option " + args[i] + ": see --help");
            }
        }
        if (remote) {
            builder.allowRemote();
        } else if (!address.isLoopbackAddress()) {
            throw new IllegalArgumentException("The emulator has no access control and listens on the loopback address"
                    + " only: --allow-remote lets other machines reach it, see --help");
        }
        FeatureStoreEmulator emulator = builder.bindAddress(address).start();
        String data = emulator.store().data().map(folder -> "data in " + folder).orElse("nothing is kept");
        out.println("Feature store emulator ready at " + emulator.endpoint() + ", region " + emulator.region() + ", "
                + data);
        return emulator;
    }

    private static InetAddress address(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("There is no such host: see --help");
        }
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
