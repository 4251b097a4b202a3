package dev.featurestore;

import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.spi.AsyncOnlineStore;
import dev.featurestore.spi.FeatureGroupAdmin;
import dev.featurestore.spi.OfflineStore;
import dev.featurestore.spi.OnlineStore;
import dev.featurestore.view.FeatureView;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The entry to a feature store: hands out typed clients for definitions. Safe for use by many threads, as are the clients;
 * make them once and keep them.
 */
public interface FeatureStore extends AutoCloseable {
    /** A client to write and read the records of a group. The group must exist in the store when it is used. */
    <R> FeatureGroupClient<R> group(FeatureGroup<R> definition);

    /** A client to serve the vectors of a view and to build its training sets. */
    default FeatureViewClient view(FeatureView definition) {
        return view(definition, FetchOptions.defaults());
    }

    /** A client to serve the vectors of a view as these options say, and to build its training sets. */
    FeatureViewClient view(FeatureView definition, FetchOptions options);

    /** Plans and applies definitions, verifies them, and makes and removes groups. */
    AdminClient admin();

    /** Closes what this store opened itself, and nothing it was given. Closing twice does nothing. */
    @Override
    void close();

    /** Assembles a store from backends. */
    static Builder builder() {
        return new Builder();
    }

    /** Collects the backends of a store: an online store, an offline store and an administration are required. */
    final class Builder {
        private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

        private @Nullable OnlineStore online;
        private @Nullable AsyncOnlineStore asyncOnline;
        private @Nullable OfflineStore offline;
        private @Nullable FeatureGroupAdmin admin;
        private InstantSource clock = InstantSource.system();
        private LongSupplier nanoTime = System::nanoTime;
        private Sleeper sleeper = Sleeper.system();
        private AsyncSleeper asyncSleeper = AsyncSleeper.system();
        private @Nullable Executor fetchExecutor;
        private Duration timeout = DEFAULT_TIMEOUT;
        private Runnable onClose = () -> {};

        private Builder() {}

        /** The online store of clients that block; unless set they wait for the asynchronous one. */
        public Builder onlineStore(OnlineStore store) {
            this.online = Objects.requireNonNull(store, "store");
            return this;
        }

        /** The online store of clients that do not block; unless set there are none. */
        public Builder asyncOnlineStore(AsyncOnlineStore store) {
            this.asyncOnline = Objects.requireNonNull(store, "store");
            return this;
        }

        /** The offline store. */
        public Builder offlineStore(OfflineStore store) {
            this.offline = Objects.requireNonNull(store, "store");
            return this;
        }

        /** The administration of groups. */
        public Builder admin(FeatureGroupAdmin groupAdmin) {
            this.admin = Objects.requireNonNull(groupAdmin, "groupAdmin");
            return this;
        }

        /** Tells the time of fetches and the arrival time that writers stamp; the system's clock unless set. */
        public Builder clock(InstantSource instantSource) {
            this.clock = Objects.requireNonNull(instantSource, "instantSource");
            return this;
        }

        /** Tells how time passes, for deadlines and latencies: {@code System::nanoTime} unless set. */
        public Builder nanoTime(LongSupplier nanos) {
            this.nanoTime = Objects.requireNonNull(nanos, "nanos");
            return this;
        }

        /** Pauses before a store is asked again; by {@code Thread.sleep} unless set. */
        public Builder sleeper(Sleeper pauses) {
            this.sleeper = Objects.requireNonNull(pauses, "pauses");
            return this;
        }

        /**
         * Pauses before a store is asked again by a client that does not block; unless set, what follows a pause runs in the
         * common pool.
         */
        public Builder asyncSleeper(AsyncSleeper pauses) {
            this.asyncSleeper = Objects.requireNonNull(pauses, "pauses");
            return this;
        }

        /**
         * Runs the requests that the fetch of a vector makes at the same time, where the online store blocks; not shut down. It
         * should have a thread for each request under way, or requests wait for one out of their time, and no
         * fork-join pool, which leaves the interrupt of a cancelled request to the next. Unless set, the store has
         * up to 64 daemon threads of its own, begun when they are needed and ended when they are not.
         */
        public Builder fetchExecutor(Executor executor) {
            this.fetchExecutor = Objects.requireNonNull(executor, "executor");
            return this;
        }

        /** How long a call may take that is not given a time of its own; 10 seconds unless set. */
        public Builder callTimeout(Duration duration) {
            if (duration.isNegative() || duration.isZero()) {
                throw new IllegalArgumentException("A call timeout is positive, got " + duration);
            }
            this.timeout = duration;
            return this;
        }

        /** What to do when the store is closed, to free what was opened for it. */
        public Builder onClose(Runnable action) {
            this.onClose = Objects.requireNonNull(action, "action");
            return this;
        }

        /**
         * The store.
         *
         * @throws IllegalStateException if a required part is missing
         */
        public FeatureStore build() {
            if (online == null && asyncOnline == null) {
                throw new IllegalStateException("A feature store needs an online store: call onlineStore(store)");
            }
            if (offline == null) {
                throw new IllegalStateException("A feature store needs an offline store: call offlineStore(store)");
            }
            if (admin == null) {
                throw new IllegalStateException("A feature store needs an administration: call admin(admin)");
            }
            CallSettings settings = new CallSettings(clock, nanoTime, sleeper, asyncSleeper, timeout);
            if (online != null) {
                return overBlocking(online, offline, admin, settings);
            }
            AsyncOnlineStore async = Objects.requireNonNull(asyncOnline);
            return new AssembledFeatureStore(
                    OnlineStore.over(async), async, ViewStores.of(async), offline, admin, settings, onClose);
        }

        private FeatureStore overBlocking(
                OnlineStore store, OfflineStore history, FeatureGroupAdmin groups, CallSettings settings) {
            Executor executor = fetchExecutor;
            Runnable closing = onClose;
            if (executor == null) {
                FetchThreads own = new FetchThreads();
                Runnable others = onClose;
                executor = own;
                closing = () -> {
                    own.close();
                    others.run();
                };
            }
            return new AssembledFeatureStore(
                    store,
                    asyncOnline,
                    ViewStores.of(store, asyncOnline, executor),
                    history,
                    groups,
                    settings,
                    closing);
        }
    }
}
