package dev.featurestore.testkit;

import dev.featurestore.AdminClient;
import dev.featurestore.AsyncSleeper;
import dev.featurestore.FeatureGroupClient;
import dev.featurestore.FeatureStore;
import dev.featurestore.FeatureViewClient;
import dev.featurestore.FetchOptions;
import dev.featurestore.Sleeper;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.spi.AsyncOnlineStore;
import dev.featurestore.spi.OfflineStore;
import dev.featurestore.spi.OnlineStore;
import dev.featurestore.testkit.fault.FaultInjectingOnlineStore;
import dev.featurestore.testkit.fault.FaultPlan;
import dev.featurestore.view.FeatureView;
import dev.featurestore.view.GroupSelection;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
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
 * <p>A group is created the first time a client of it, or of a view with it, is asked for; {@link #admin()} creates,
 * changes and deletes them as well. Time is the clock's: with a {@link ManualClock}, time to live, delays, arrival times and the
 * deadlines of calls are under the test's control. Safe for use by many threads.
 *
 * <p>Not simulated: latency, capacity and throttling, permissions and encryption, the time it takes to create a group, limits
 * of an account, sizes in capacity units, the text of the service's messages, replication between regions. Failures come
 * on request, by a {@link FaultPlan}. What the real service leaves undocumented is a switch of {@link ServiceBehaviour}.
 */
public final class InMemoryFeatureStore implements FeatureStore {
    private final InstantSource clock;

    private final @Nullable DataFolder data;

    private final InMemoryOnlineStore service;

    private final OnlineStore online;

    private final @Nullable InMemoryOfflineStore heap;

    private final OfflineStore offline;

    private final FeatureStore clients;

    private InMemoryFeatureStore(Builder builder) {
        this.clock = builder.clock;
        this.data = builder.data == null ? null : DataFolder.open(builder.data, builder.clock);
        LocalOfflineStore local = data == null ? builder.local : data.offline();
        if (local != null) {
            HistoryFolder folder = data == null ? HistoryFolder.LATEST : HistoryFolder.NEW;
            ChangeLog changes = data == null ? ChangeLog.NONE : data.changes();
            this.heap = null;
            this.offline = builder.engine == null ? local : builder.engine;
            this.service =
                    new InMemoryOnlineStore(clock, builder.behaviour, local.log(clock, folder), changes, builder.seed);
        } else {
            InMemoryOfflineStore rows = new InMemoryOfflineStore(clock);
            this.heap = rows;
            this.offline = rows;
            this.service = new InMemoryOnlineStore(clock, builder.behaviour, rows, ChangeLog.NONE, builder.seed);
        }
        if (data != null) {
            data.takeGroups().forEach(group -> service.restore(group.definition(), group.entries()));
        }
        this.online = builder.faults == null ? service : new FaultInjectingOnlineStore(service, builder.faults);
        this.clients = FeatureStore.builder()
                .onlineStore(online)
                .asyncOnlineStore(asyncOnlineStore())
                .fetchExecutor(Runnable::run)
                .offlineStore(offline)
                .admin(new InMemoryFeatureGroupAdmin(service, service::redefine))
                .clock(builder.clock)
                .nanoTime(this::nanos)
                .sleeper(builder.sleeper)
                .asyncSleeper(builder.asyncSleeper)
                .callTimeout(builder.callTimeout)
                .build();
    }

    /** May overflow: only differences count. */
    private long nanos() {
        Instant now = clock.instant();
        return now.getEpochSecond() * 1_000_000_000 + now.getNano();
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
    public FeatureViewClient view(FeatureView definition, FetchOptions options) {
        definition.selections().stream().map(GroupSelection::group).forEach(service::ensure);
        return clients.view(definition, options);
    }

    @Override
    public AdminClient admin() {
        return clients.admin();
    }

    /** The backend that the clients call, in wire terms, with the faults that were asked for. */
    public OnlineStore onlineStore() {
        return online;
    }

    /** The same backend for clients that do not block: its futures are complete when they are returned. */
    public AsyncOnlineStore asyncOnlineStore() {
        return AsyncOnlineStore.over(online, Runnable::run);
    }

    /**
     * The backend as a reader meets it whom the latest writes have not reached: a read of a record does not see the latest
     * change if that is younger than the lag, but what was there before. It is one change behind at most, and sees hard
     * deletes, purges and what a data folder brought back as they are. Without faults.
     */
    public OnlineStore staleOnlineStore(Duration lag) {
        return new StaleOnlineStore(service, lag);
    }

    /** The backend that runs training sets. */
    public OfflineStore offlineStore() {
        return offline;
    }

    /** The folder that the store's state is kept in; empty if it ends with the store. */
    public Optional<Path> data() {
        return Optional.ofNullable(data).map(DataFolder::path);
    }

    /** The clock of everything in the store. */
    public InstantSource clock() {
        return clock;
    }

    /** The definition of the group of this name as it is now, what was added last; empty if there is no such group. */
    public Optional<FeatureGroup<?>> definition(String name) {
        return Optional.ofNullable(service.definition(name));
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

    /**
     * Writes what is in a folder of its own so that the next store finds it, and gives the folder free; writes are refused
     * from then on. Otherwise does nothing: what was given is the caller's to close.
     *
     * @throws dev.featurestore.errors.QueryFailedException if rows could not be written as files; the folder keeps them for the
     *     next store
     */
    @Override
    public void close() {
        clients.close();
        if (data != null) {
            data.close(service::settle);
        }
    }

    @Override
    public String toString() {
        return "in-memory feature store of " + service.names().size() + " groups";
    }

    /** Collects the parts of an in-memory store; none is required. */
    public static final class Builder {
        private InstantSource clock = InstantSource.system();
        private ServiceBehaviour behaviour = ServiceBehaviour.defaults();
        private @Nullable LocalOfflineStore local;
        private @Nullable OfflineStore engine;
        private @Nullable Path data;
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

        /**
         * Keeps all state in a folder, made if it is not there, for the next store that is given it: groups, records,
         * tombstones, and history in the files of a {@link LocalOfflineStore} below {@code offline}. A write that returned is
         * there even if the process is killed; not if the machine loses power before its disk has it. One store at a time.
         *
         * <p>Of a definition the names and types are kept, as the service keeps them; codecs and defaults come with the
         * definitions that clients are asked for with.
         */
        public Builder data(Path folder) {
            this.data = Objects.requireNonNull(folder, "folder");
            return this;
        }

        /** How long a call may take that is not given a time of its own; positive, 10 seconds unless set. */
        public Builder callTimeout(Duration duration) {
            if (duration.isNegative() || duration.isZero()) {
                throw new IllegalArgumentException("A call timeout is positive, got " + duration);
            }
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

        /**
         * The store.
         *
         * @throws IllegalStateException if it has both a folder and an offline store; if the folder is in use, or what is in it
         *     cannot be read
         * @throws java.io.UncheckedIOException if the folder cannot be read or written
         */
        public InMemoryFeatureStore build() {
            if (data != null && local != null) {
                throw new IllegalStateException(
                        "A store with a data folder keeps its history there: leave out offlineStore(), or data()");
            }
            return new InMemoryFeatureStore(this);
        }
    }
}
