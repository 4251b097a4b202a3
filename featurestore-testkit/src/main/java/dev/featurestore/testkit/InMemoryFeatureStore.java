package dev.featurestore.testkit;

import dev.featurestore.AsyncSleeper;
import dev.featurestore.FeatureGroupClient;
import dev.featurestore.FeatureStore;
import dev.featurestore.FeatureViewClient;
import dev.featurestore.Sleeper;
import dev.featurestore.errors.UnsupportedCapabilityException;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.spi.AsyncOnlineStore;
import dev.featurestore.spi.FeatureGroupAdmin;
import dev.featurestore.spi.OfflineStore;
import dev.featurestore.spi.OnlineStore;
import dev.featurestore.testkit.fault.FaultInjectingOnlineStore;
import dev.featurestore.testkit.fault.FaultPlan;
import dev.featurestore.view.FeatureView;
import dev.featurestore.view.GroupSelection;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A whole feature store in memory: online and offline, behaving as the service does, for tests and for running a program
 * without a cloud.
 *
 * <p>A group is created the first time a client of it, or of a view with it, is asked for; {@link #admin()} creates and
 * deletes them as well. Time is the clock's: with a {@link ManualClock}, time to live, delays and arrival times are under
 * the test's control. Safe for use by many threads.
 *
 * <p>Not simulated: latency, capacity and throttling, permissions and encryption, the time it takes to create a group, limits
 * of an account, sizes in capacity units, the text of the service's messages, replication between regions. Failures come
 * on request, by a {@link FaultPlan}. What the real service leaves undocumented is a switch of {@link ServiceBehaviour}.
 */
public final class InMemoryFeatureStore implements FeatureStore {
    private final InstantSource clock;

    private final InMemoryOnlineStore service;

    private final OnlineStore online;

    private final @Nullable InMemoryOfflineStore heap;

    private final OfflineStore offline;

    private final FeatureStore clients;

    private InMemoryFeatureStore(Builder builder) {
        this.clock = builder.clock;
        LocalOfflineStore local = builder.local;
        if (local != null) {
            this.heap = null;
            this.offline = builder.engine == null ? local : builder.engine;
            this.service =
                    new InMemoryOnlineStore(builder.clock, builder.behaviour, local.log(builder.clock), builder.seed);
        } else {
            InMemoryOfflineStore rows = new InMemoryOfflineStore(builder.clock);
            this.heap = rows;
            this.offline = rows;
            this.service = new InMemoryOnlineStore(builder.clock, builder.behaviour, rows, builder.seed);
        }
        this.online = builder.faults == null ? service : new FaultInjectingOnlineStore(service, builder.faults);
        this.clients = FeatureStore.builder()
                .onlineStore(online)
                .asyncOnlineStore(asyncOnlineStore())
                .offlineStore(offline)
                .admin(service)
                .clock(builder.clock)
                .sleeper(builder.sleeper)
                .asyncSleeper(builder.asyncSleeper)
                .callTimeout(builder.callTimeout)
                .build();
    }

    /** A store on the system's clock with the service's most likely behaviour. */
    public static InMemoryFeatureStore create() {
        return builder().build();
    }

    /** A store on the given clock with the service's most likely behaviour. */
    public static InMemoryFeatureStore create(InstantSource clock) {
        return builder().clock(clock).build();
    }

    /** Starts a store of other make. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public <R> FeatureGroupClient<R> group(FeatureGroup<R> definition) {
        service.ensure(definition);
        return clients.group(definition);
    }

    @Override
    public FeatureViewClient view(FeatureView definition) {
        definition.selections().stream().map(GroupSelection::group).forEach(service::ensure);
        return clients.view(definition);
    }

    @Override
    public FeatureGroupAdmin admin() {
        return service;
    }

    /** The backend that the clients call, in wire terms, with the faults that were asked for. */
    public OnlineStore onlineStore() {
        return online;
    }

    /** The same backend for clients that do not block: its futures are complete when they are returned. */
    public AsyncOnlineStore asyncOnlineStore() {
        return AsyncOnlineStore.over(online, Runnable::run);
    }

    /** The backend that runs training sets. */
    public OfflineStore offlineStore() {
        return offline;
    }

    /** The clock of everything in the store. */
    public InstantSource clock() {
        return clock;
    }

    /** The definition that the group of this name was created or last redefined with; empty if there is no such group. */
    public Optional<FeatureGroup<?>> definition(String name) {
        return Optional.ofNullable(service.definition(name));
    }

    /**
     * Changes the group of the definition's name as the service allows it: features added, another time to live, other
     * throughput. Records stay as they are: they lack the added features, and expire when they would have.
     *
     * @throws dev.featurestore.errors.FeatureGroupNotFoundException if there is no such group
     * @throws IllegalArgumentException if a feature is gone or has another type, the record identifier or the event time is
     *     another, or a store was added or removed
     * @throws UnsupportedCapabilityException if features are added and a {@link LocalOfflineStore} keeps the group's history:
     *     its files keep the columns that the group was created with
     */
    public void redefine(FeatureGroup<?> definition) {
        FeatureGroup<?> before = service.definition(definition.name());
        if (heap == null
                && before != null
                && before.offlineStore().isPresent()
                && definition.columns().size() > before.columns().size()) {
            throw new UnsupportedCapabilityException("Cannot add features to feature group '" + definition.name()
                    + "': the files of " + offline + " keep the columns that it was created with");
        }
        service.redefine(definition);
    }

    /**
     * Replaces single features of a stored record, as the service's UpdateRecord does, and appends the whole record offline.
     *
     * @throws dev.featurestore.errors.FeatureGroupNotFoundException if there is no such group
     * @throws dev.featurestore.errors.InvalidRequestException if the group has no online store or one of storage type
     *     Standard, or the service would refuse the request for what is in it
     */
    public RecordUpdate.Outcome update(RecordUpdate update) {
        return service.update(update);
    }

    /**
     * Every row that a group's offline store ever got, in the order of arrival, whether it can be queried yet or not.
     *
     * @throws IllegalStateException if the store was given a {@link LocalOfflineStore}, which keeps its rows as files
     */
    public List<OfflineRow> history(FeatureGroup<?> group) {
        return heap().history(group.name());
    }

    /** Removes the records whose time to live is over, as the service does up to some days after. */
    public void purgeExpired() {
        service.purgeExpired();
    }

    /**
     * Forgets all records and all history. Groups stay.
     *
     * @throws IllegalStateException if the store was given a {@link LocalOfflineStore}
     */
    public void clear() {
        heap().clear();
        service.clear();
    }

    private InMemoryOfflineStore heap() {
        if (heap == null) {
            throw new IllegalStateException("The history is in the files of " + offline + ", not on the heap");
        }
        return heap;
    }

    /** Does nothing: what was given is the caller's to close, and there is nothing else. */
    @Override
    public void close() {
        clients.close();
    }

    @Override
    public String toString() {
        return "in-memory feature store of " + service.list().size() + " groups";
    }

    /** Collects the parts of an in-memory store; none is required. */
    public static final class Builder {
        private InstantSource clock = InstantSource.system();
        private ServiceBehaviour behaviour = ServiceBehaviour.defaults();
        private @Nullable LocalOfflineStore local;
        private @Nullable OfflineStore engine;
        private Duration callTimeout = Duration.ofSeconds(10);
        private long seed = 1;
        private @Nullable FaultPlan faults;

        /** The service answers at once, so there is nothing to wait for. */
        private Sleeper sleeper = duration -> {};

        private AsyncSleeper asyncSleeper = duration -> CompletableFuture.completedFuture(null);

        private Builder() {}

        /** The clock of everything; the system's unless set. */
        public Builder clock(InstantSource instantSource) {
            this.clock = Objects.requireNonNull(instantSource, "instantSource");
            return this;
        }

        /** How the service behaves where that is not documented. */
        public Builder behaviour(ServiceBehaviour serviceBehaviour) {
            this.behaviour = Objects.requireNonNull(serviceBehaviour, "serviceBehaviour");
            return this;
        }

        /** Keeps history as Parquet files and runs training sets as SQL, instead of on the heap. Not closed by the store. */
        public Builder offlineStore(LocalOfflineStore store) {
            this.local = Objects.requireNonNull(store, "store");
            return this;
        }

        /**
         * Keeps history as Parquet files and runs training sets over them on another engine. Neither is closed by the store.
         *
         * @param queries must have the files of {@code store} written before it reads them: {@link LocalOfflineStore#flush}
         */
        public Builder offlineStore(LocalOfflineStore store, OfflineStore queries) {
            this.engine = Objects.requireNonNull(queries, "queries");
            return offlineStore(store);
        }

        /** How long a call may take that is not given a time of its own; 10 seconds unless set. */
        public Builder callTimeout(Duration duration) {
            this.callTimeout = duration;
            return this;
        }

        /** Seeds what is random, such as the order of a batch read; 1 unless set. */
        public Builder seed(long value) {
            this.seed = value;
            return this;
        }

        /** Makes requests to the online store fail, as the plan says; none fail unless set. */
        public Builder faults(FaultPlan plan) {
            this.faults = Objects.requireNonNull(plan, "plan");
            return this;
        }

        /** What pauses before a store is asked again; nothing is waited for unless set. */
        public Builder sleeper(Sleeper pauses) {
            this.sleeper = Objects.requireNonNull(pauses, "pauses");
            return this;
        }

        /** What pauses before a store is asked again by a client that does not block; nothing is waited for unless set. */
        public Builder asyncSleeper(AsyncSleeper pauses) {
            this.asyncSleeper = Objects.requireNonNull(pauses, "pauses");
            return this;
        }

        /** The store. */
        public InMemoryFeatureStore build() {
            return new InMemoryFeatureStore(this);
        }
    }
}
