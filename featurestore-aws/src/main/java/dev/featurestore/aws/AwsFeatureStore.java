package dev.featurestore.aws;

import dev.featurestore.AsyncSleeper;
import dev.featurestore.FeatureStore;
import dev.featurestore.Sleeper;
import dev.featurestore.errors.UnsupportedCapabilityException;
import dev.featurestore.spi.OfflineStore;
import dev.featurestore.training.TrainingRows;
import dev.featurestore.training.TrainingSet;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.athena.AthenaClient;
import software.amazon.awssdk.services.sagemaker.SageMakerClient;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.SageMakerFeatureStoreRuntimeAsyncClient;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.SageMakerFeatureStoreRuntimeClient;

/**
 * A feature store on Amazon SageMaker Feature Store, over the official SDK for Java.
 *
 * <p>Give it your own SDK clients, which it never closes, or nothing at all, and it opens clients of its own with the SDK's default
 * region and credentials, or those you name, and whichever synchronous HTTP client of the SDK is on the class path: this library brings none. For your own
 * runtime client turn the SDK's retries off ({@code AwsRetryStrategy.doNotRetry()}): they know nothing of a deadline of ten
 * milliseconds, and hide that an earlier attempt of a write may have been stored. With the Apache client, also turn {@code
 * expectContinueEnabled} off: it costs every put a round trip.
 */
public final class AwsFeatureStore {
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);

    private AwsFeatureStore() {}

    /**
     * A store with clients of its own, in the SDK's default region and with its default credentials. Groups are written, read
     * and administered; to train as well, give the {@link #builder()} an engine.
     */
    public static FeatureStore create() {
        return builder().build();
    }

    /** Starts a store. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the parts of a store on AWS. */
    public static final class Builder {
        private final Map<String, String> arns = new HashMap<>();
        private @Nullable SageMakerFeatureStoreRuntimeClient runtime;
        private @Nullable SageMakerFeatureStoreRuntimeAsyncClient runtimeAsync;
        private @Nullable SageMakerClient sageMaker;
        private @Nullable Consumer<AthenaOfflineStore.Builder> athena;
        private @Nullable Region region;
        private @Nullable AwsCredentialsProvider credentials;
        private @Nullable URI endpoint;
        private @Nullable OfflineStore offline;
        private RetryPolicy retryPolicy = RetryPolicy.defaults();
        private RetryPolicy groupRetryPolicy = RetryPolicy.patient();
        private InstantSource clock = InstantSource.system();
        private Sleeper sleeper = Sleeper.system();
        private AsyncSleeper asyncSleeper = AsyncSleeper.system();
        private @Nullable Executor fetchExecutor;
        private Duration callTimeout = CALL_TIMEOUT;
        private Duration groupPatience = Duration.ofMinutes(20);

        private Builder() {}

        /** Your own client of the runtime API; not closed by the store. */
        public Builder runtimeClient(SageMakerFeatureStoreRuntimeClient client) {
            this.runtime = Objects.requireNonNull(client, "client");
            return this;
        }

        /**
         * Your own asynchronous client of the runtime API, for {@code group(definition).async()}; not closed by the store. If
         * it is the only runtime client, blocking calls wait for its answers. Turn its retries off as those of the other.
         */
        public Builder runtimeAsyncClient(SageMakerFeatureStoreRuntimeAsyncClient client) {
            this.runtimeAsync = Objects.requireNonNull(client, "client");
            return this;
        }

        /** Your own client of the SageMaker API, for groups; not closed by the store. */
        public Builder sageMakerClient(SageMakerClient client) {
            this.sageMaker = Objects.requireNonNull(client, "client");
            return this;
        }

        /** The region of the clients that the store opens itself; the SDK's default unless set. */
        public Builder region(Region awsRegion) {
            this.region = Objects.requireNonNull(awsRegion, "awsRegion");
            return this;
        }

        /** The credentials of the clients that the store opens itself; the SDK's default chain unless set. Not closed. */
        public Builder credentialsProvider(AwsCredentialsProvider provider) {
            this.credentials = Objects.requireNonNull(provider, "provider");
            return this;
        }

        /** The endpoint of the clients that the store opens itself, such as an emulator's; AWS's unless set. */
        public Builder endpointOverride(URI uri) {
            this.endpoint = Objects.requireNonNull(uri, "uri");
            return this;
        }

        /** What runs training sets; without one, asking for a training set's rows is refused. */
        public Builder offlineStore(OfflineStore store) {
            this.offline = Objects.requireNonNull(store, "store");
            return this;
        }

        /**
         * Runs training sets on Athena, unless an {@link #offlineStore} was given. It gets this store's clock, pauses and
         * SageMaker client, and an Athena client like the others, unless it is given its own, which are not closed.
         *
         * @param settings tells the builder what differs, such as where results go; called by {@link #build}
         */
        public Builder athena(Consumer<AthenaOfflineStore.Builder> settings) {
            this.athena = Objects.requireNonNull(settings, "settings");
            return this;
        }

        /**
         * Addresses a group by ARN, as a group of another account must be.
         *
         * @throws IllegalArgumentException if it is not the ARN of a feature group of this name
         */
        public Builder groupArn(String groupName, String arn) {
            if (!arn.startsWith("arn:") || !arn.endsWith(":feature-group/" + groupName)) {
                throw new IllegalArgumentException("The ARN of feature group '" + groupName
                        + "' begins with 'arn:' and ends with ':feature-group/" + groupName + "'");
            }
            arns.put(groupName, arn);
            return this;
        }

        /** How often and how patiently requests for records are repeated. */
        public Builder retryPolicy(RetryPolicy policy) {
            this.retryPolicy = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /** How often and how patiently requests about groups are repeated; {@link RetryPolicy#patient()} unless set. */
        public Builder groupRetryPolicy(RetryPolicy policy) {
            this.groupRetryPolicy = Objects.requireNonNull(policy, "policy");
            return this;
        }

        /** Tells the time of fetches and of stamped arrivals; the system's clock unless set. */
        public Builder clock(InstantSource instantSource) {
            this.clock = Objects.requireNonNull(instantSource, "instantSource");
            return this;
        }

        /** Pauses between attempts of calls that block; by {@code Thread.sleep} unless set. */
        public Builder sleeper(Sleeper pauses) {
            this.sleeper = Objects.requireNonNull(pauses, "pauses");
            return this;
        }

        /** Pauses between attempts of calls that do not block; unless set, what follows runs in the common pool. */
        public Builder asyncSleeper(AsyncSleeper pauses) {
            this.asyncSleeper = Objects.requireNonNull(pauses, "pauses");
            return this;
        }

        /**
         * Runs the requests that the fetch of a vector makes at the same time over the blocking runtime client; not shut down.
         * Unless set, the store has threads of its own for them ({@link FeatureStore.Builder#fetchExecutor}).
         */
        public Builder fetchExecutor(Executor executor) {
            this.fetchExecutor = Objects.requireNonNull(executor, "executor");
            return this;
        }

        /** How long a call may take that is not given a time of its own, repeats included; 10 seconds unless set. */
        public Builder callTimeout(Duration duration) {
            requirePositive("call timeout", duration);
            this.callTimeout = duration;
            return this;
        }

        /** How long to wait for a group to be created, updated or deleted; 20 minutes unless set: InMemory groups take 15. */
        public Builder groupTimeout(Duration duration) {
            requirePositive("group timeout", duration);
            this.groupPatience = duration;
            return this;
        }

        private static void requirePositive(String what, Duration duration) {
            if (duration.isNegative() || duration.isZero()) {
                throw new IllegalArgumentException("A " + what + " is positive, got " + duration);
            }
        }

        /** The store. Closing it closes the clients it opened, and no others. */
        public FeatureStore build() {
            List<AutoCloseable> opened = new ArrayList<>();
            try {
                return build(opened);
            } catch (RuntimeException | Error e) {
                closeAfter(e, opened);
                throw e;
            }
        }

        private FeatureStore build(List<AutoCloseable> opened) {
            SageMakerFeatureStoreRuntimeClient runtimeClient = runtime;
            if (runtimeClient == null && runtimeAsync == null) {
                runtimeClient = clientSettings().open(SageMakerFeatureStoreRuntimeClient.builder());
                opened.add(runtimeClient);
            }
            Supplier<SageMakerClient> sageMakerClient = sageMakerClient(opened);
            Requests requests = requests(retryPolicy);
            GroupNames groups = new GroupNames(arns);
            FeatureStore.Builder store = FeatureStore.builder()
                    .offlineStore(offline(opened, sageMakerClient, groups))
                    .admin(new SageMakerFeatureGroupAdmin(
                            sageMakerClient,
                            () -> requests(groupRetryPolicy),
                            groups,
                            sleeper,
                            System::nanoTime,
                            groupPatience))
                    .clock(clock)
                    .sleeper(sleeper)
                    .asyncSleeper(asyncSleeper)
                    .callTimeout(callTimeout)
                    .onClose(() -> closeAll(opened));
            if (fetchExecutor != null) {
                store.fetchExecutor(fetchExecutor);
            }
            if (runtimeClient != null) {
                store.onlineStore(new SageMakerOnlineStore(runtimeClient, requests, groups));
            }
            if (runtimeAsync != null) {
                store.asyncOnlineStore(new SageMakerAsyncOnlineStore(runtimeAsync, requests, groups));
            }
            return store.build();
        }

        private ClientSettings clientSettings() {
            return new ClientSettings(region, endpoint, credentials, callTimeout);
        }

        private Supplier<SageMakerClient> sageMakerClient(List<AutoCloseable> opened) {
            SageMakerClient given = sageMaker;
            if (given != null) {
                return () -> given;
            }
            LazySageMakerClient own = LazySageMakerClient.of(clientSettings());
            opened.add(own);
            return own;
        }

        private OfflineStore offline(
                List<AutoCloseable> opened, Supplier<SageMakerClient> sageMakerClient, GroupNames groups) {
            if (offline != null) {
                return offline;
            }
            if (athena == null) {
                return new NoOfflineStore();
            }
            AthenaOfflineStore.Builder store = AthenaOfflineStore.builder()
                    .sageMaker(sageMakerClient)
                    .groupNames(groups)
                    .clock(clock)
                    .sleeper(sleeper);
            athena.accept(store);
            if (!store.hasClient()) {
                AthenaClient client = clientSettings().open(AthenaClient.builder());
                opened.add(client);
                store.athenaClient(client);
            }
            return store.build();
        }

        private Requests requests(RetryPolicy policy) {
            return new Requests(
                    policy,
                    sleeper,
                    asyncSleeper,
                    () -> ThreadLocalRandom.current().nextDouble());
        }

        /** Closes all of them, whichever fails. */
        private static void closeAll(List<AutoCloseable> opened) {
            IllegalStateException failure = new IllegalStateException("An SDK client could not be closed");
            closeAfter(failure, opened);
            if (failure.getSuppressed().length > 0) {
                throw failure;
            }
        }

        private static void closeAfter(Throwable failure, List<AutoCloseable> opened) {
            for (AutoCloseable client : opened) {
                try {
                    client.close();
                } catch (Exception e) {
                    failure.addSuppressed(e);
                }
            }
        }
    }

    /** Stands where no engine was given. */
    private static final class NoOfflineStore implements OfflineStore {
        @Override
        public TrainingRows run(TrainingSet set) {
            throw refused(set);
        }

        @Override
        public long unload(TrainingSet set, URI target) {
            throw refused(set);
        }

        private static UnsupportedCapabilityException refused(TrainingSet set) {
            return new UnsupportedCapabilityException("This store was given no engine to run " + set
                    + " on: give it athena(…) or an offlineStore, or take the text from sql(dialect, tables)");
        }
    }
}
