package dev.featurestore.testkit.emulator;

import com.sun.net.httpserver.HttpServer;
import dev.featurestore.Sleeper;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.emulator.GroupCatalog.Lifetimes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An in-memory feature store behind HTTP: the Feature Store Runtime service and the feature-group part of SageMaker on one
 * port. Point an AWS client at {@link #endpoint()}, with any region and any credentials: signatures are not checked.
 *
 * <p>It listens on the loopback address only. What it does and does not do is in {@code docs/emulator.md}. Safe for use by
 * many threads.
 *
 * <p>The first emulator of a JVM sets the system property {@code sun.net.httpserver.nodelay} unless it is set: the JDK's
 * server, on which it is built, reads it once.
 */
public final class FeatureStoreEmulator implements AutoCloseable {
    private static final String NO_DELAY = "sun.net.httpserver.nodelay";

    private static final int THREADS = 32;

    private final InMemoryFeatureStore store;

    private final boolean ownsStore;

    private final GroupCatalog catalog;

    private final WireFaults faults;

    private final RequestLog log = new RequestLog();

    private final ExecutorService threads;

    private final HttpServer server;

    private FeatureStoreEmulator(Builder builder, InMemoryFeatureStore store, HttpServer server) {
        this.ownsStore = builder.store == null;
        this.store = store;
        this.server = server;
        ServiceModel runtime = ServiceModel.load("runtime.service-2.json");
        ServiceModel control = ServiceModel.load("sagemaker.service-2.json");
        WireErrors errors = new WireErrors(builder.behaviour);
        this.catalog = new GroupCatalog(
                store, builder.region, new Lifetimes(builder.creationTime, builder.updateTime, builder.deletionTime));
        Map<String, EmulatedOperation> operations = new HashMap<>();
        operations.putAll(new RecordOperations(store, catalog, errors).operations());
        operations.putAll(new BatchOperations(store, catalog, errors).operations());
        Set<String> recordOperations = Set.copyOf(operations.keySet());
        operations.putAll(new GroupOperations(catalog, builder.behaviour.describePageSize()).operations());
        operations.putAll(new GroupChanges(catalog).operations());
        operations.putAll(new NoteOperations(catalog).operations());
        this.faults = new WireFaults(recordOperations, Set.copyOf(new HashSet<>(operations.keySet())), builder.seed);
        AtomicInteger number = new AtomicInteger();
        this.threads = Executors.newFixedThreadPool(THREADS, work -> {
            Thread thread = new Thread(work, "feature-store-emulator-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(threads);
        server.createContext(
                "/",
                new EmulatorHandler(new Router(runtime, control), operations, faults, errors, log, builder.sleeper));
        server.createContext("/_emulator/", new FaultEndpoint(faults));
        server.start();
    }

    /** The port first: what fails later gives it free again, and a store that is opened for nothing is not free. */
    private static FeatureStoreEmulator start(Builder builder) {
        HttpServer server = listen(builder);
        InMemoryFeatureStore own = null;
        try {
            InMemoryFeatureStore store = builder.store;
            if (store == null) {
                own = builder.newStore();
                store = own;
            }
            return new FeatureStoreEmulator(builder, store, server);
        } catch (RuntimeException e) {
            server.stop(0);
            if (own != null) {
                own.close();
            }
            throw e;
        }
    }

    private static HttpServer listen(Builder builder) {
        if (System.getProperty(NO_DELAY) == null) {
            System.setProperty(NO_DELAY, "true");
        }
        InetAddress address = builder.address == null ? InetAddress.getLoopbackAddress() : builder.address;
        try {
            return HttpServer.create(new InetSocketAddress(address, builder.port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The emulator cannot listen on port " + builder.port + " of " + address.getHostAddress() + " ("
                            + e.getMessage() + "): choose another, or 0 for a free one",
                    e);
        }
    }

    /** An emulator with a store of its own on a free port. */
    public static FeatureStoreEmulator start() {
        return builder().start();
    }

    /** Starts an emulator of other make. */
    public static Builder builder() {
        return new Builder();
    }

    /** Where it listens, such as {@code http://127.0.0.1:54321}; the endpoint of both services. */
    public URI endpoint() {
        InetSocketAddress address = server.getAddress();
        InetAddress host =
                address.getAddress().isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address.getAddress();
        String text = host.getHostAddress();
        return URI.create("http://" + (text.contains(":") ? "[" + text + "]" : text) + ":" + address.getPort());
    }

    /** The region of its groups. */
    public String region() {
        return catalog.region();
    }

    /** The store behind it: what is written here is read there, and the other way round. */
    public InMemoryFeatureStore store() {
        return store;
    }

    /** What goes wrong, and when; nothing until it is told. */
    public WireFaults faults() {
        return faults;
    }

    /** The requests so far, in the order in which they were answered; of more than 10,000 the latest. */
    public List<LoggedRequest> requests() {
        return log.all();
    }

    /** Forgets the requests so far. */
    public void clearRequests() {
        log.clear();
    }

    /** Begins anew: no groups, no records, no faults, no requests so far. What is in the files of an offline store stays. */
    public void reset() {
        catalog.clear();
        faults.clear();
        log.clear();
    }

    /** Stops listening and ends all connections. A store that was given stays open. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        if (ownsStore) {
            store.close();
        }
    }

    /** The endpoint. */
    @Override
    public String toString() {
        return "feature store emulator at " + endpoint();
    }

    /** Collects the parts of an emulator; none is required. */
    public static final class Builder {
        private @Nullable InMemoryFeatureStore store;
        private @Nullable InetAddress address;
        private boolean remote;
        private int port;
        private @Nullable String region;
        private @Nullable Path data;
        private EmulatorBehaviour behaviour = EmulatorBehaviour.defaults();
        private Duration creationTime = Duration.ZERO;
        private Duration updateTime = Duration.ZERO;
        private Duration deletionTime = Duration.ZERO;
        private Sleeper sleeper = Sleeper.system();
        private long seed = 1;

        private Builder() {}

        /** The store to put behind HTTP, with its clock and behaviour; not closed by the emulator. A new one unless set. */
        public Builder store(InMemoryFeatureStore value) {
            this.store = Objects.requireNonNull(value, "value");
            return this;
        }

        /**
         * Keeps the state of a store of the emulator's own in a folder, as
         * {@link dev.featurestore.testkit.InMemoryFeatureStore.Builder#data} does, and that of the control plane beside it.
         * Nothing is kept unless set, or unless a store is given that keeps its own.
         */
        public Builder data(Path folder) {
            this.data = Objects.requireNonNull(folder, "folder");
            return this;
        }

        /** The port; 0, a free one, unless set. */
        public Builder port(int value) {
            this.port = value;
            return this;
        }

        /** The address to listen on; the loopback address unless set. Any other needs {@link #allowRemote()}. */
        public Builder bindAddress(InetAddress value) {
            this.address = Objects.requireNonNull(value, "value");
            return this;
        }

        /** Lets the emulator listen on an address that other machines can reach. There is no access control of any kind. */
        public Builder allowRemote() {
            this.remote = true;
            return this;
        }

        /**
         * The region in the ARNs of groups; unless set that of the groups in the data folder, else us-east-1. The account is
         * 000000000000.
         */
        public Builder region(String value) {
            this.region = Objects.requireNonNull(value, "value");
            return this;
        }

        /** What goes over the wire where that is not documented. */
        public Builder behaviour(EmulatorBehaviour value) {
            this.behaviour = Objects.requireNonNull(value, "value");
            return this;
        }

        /** How long a group is being created before its records can be used, on the store's clock; zero unless set. */
        public Builder creationTime(Duration value) {
            this.creationTime = notNegative(value);
            return this;
        }

        /** How long an update of a group takes to have an effect, on the store's clock; zero unless set. */
        public Builder updateTime(Duration value) {
            this.updateTime = notNegative(value);
            return this;
        }

        /** How long a deleted group is still described, on the store's clock; zero unless set. */
        public Builder deletionTime(Duration value) {
            this.deletionTime = notNegative(value);
            return this;
        }

        /** How faults of latency wait; by sleeping unless set. */
        public Builder sleeper(Sleeper value) {
            this.sleeper = Objects.requireNonNull(value, "value");
            return this;
        }

        /** Seeds the faults; 1 unless set. */
        public Builder seed(long value) {
            this.seed = value;
            return this;
        }

        private InMemoryFeatureStore newStore() {
            InMemoryFeatureStore.Builder own = InMemoryFeatureStore.builder();
            if (data != null) {
                own.data(data);
            }
            return own.build();
        }

        private static Duration notNegative(Duration value) {
            if (value.isNegative()) {
                throw new IllegalArgumentException("A duration is not negative, got " + value);
            }
            return value;
        }

        /**
         * Starts to listen.
         *
         * @throws IllegalStateException if the address is not a loopback address, and that was not allowed; if both a store and
         *     a data folder were given; if the folder is in use, cannot be read, or has groups of another region
         * @throws UncheckedIOException if the port is in use, or the data folder cannot be written
         */
        public FeatureStoreEmulator start() {
            if (address != null && !address.isLoopbackAddress() && !remote) {
                throw new IllegalStateException("The emulator has no access control and listens on the loopback address"
                        + " only: call allowRemote() to let other machines reach it");
            }
            if (store != null && data != null) {
                throw new IllegalStateException(
                        "The emulator has a store, which keeps its own state: give the folder to that store");
            }
            return FeatureStoreEmulator.start(this);
        }
    }
}
