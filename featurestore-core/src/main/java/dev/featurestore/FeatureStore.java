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
import org.jspecify.annotations.Nullable;

/**
 * The entry to a feature store: hands out typed clients for definitions. Safe for use by many threads, as are the clients;
 * make them once and keep them.
 */
public interface FeatureStore extends AutoCloseable {
    /** A client to write and read the records of a group. The group must exist in the store when it is used. */
    <R> FeatureGroupClient<R> group(FeatureGroup<R> definition);

    /** A client to serve the vectors of a view and to build its training sets. */
    FeatureViewClient view(FeatureView definition);

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
        private Sleeper sleeper = Sleeper.system();
        private AsyncSleeper asyncSleeper = AsyncSleeper.system();
        private Duration timeout = DEFAULT_TIMEOUT;
        private Runnable onClose = () -> {};

        private Builder() {}

        /** The online store of clients that block; unless set they wait for the asynchronous one. */
        public Builder onlineStore(OnlineStore store) {
            this.online = store;
            return this;
        }

        /** The online store of clients that do not block; unless set there are none. */
        public Builder asyncOnlineStore(AsyncOnlineStore store) {
            this.asyncOnline = store;
            return this;
        }

        /** The offline store. */
        public Builder offlineStore(OfflineStore store) {
            this.offline = store;
            return this;
        }

        /** The administration of groups. */
        public Builder admin(FeatureGroupAdmin groupAdmin) {
            this.admin = groupAdmin;
            return this;
        }

        /** Tells the time of fetches and the arrival time that writers stamp; the system's clock unless set. */
        public Builder clock(InstantSource instantSource) {
            this.clock = instantSource;
            return this;
        }

        /** Pauses before a store is asked again; by {@code Thread.sleep} unless set. */
        public Builder sleeper(Sleeper pauses) {
            this.sleeper = pauses;
            return this;
        }

        /**
         * Pauses before a store is asked again by a client that does not block; unless set, what follows a pause runs in the
         * common pool.
         */
        public Builder asyncSleeper(AsyncSleeper pauses) {
            this.asyncSleeper = pauses;
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
            this.onClose = action;
            return this;
        }

        /** The store. */
        public FeatureStore build() {
            OnlineStore blocking = online == null && asyncOnline != null ? OnlineStore.over(asyncOnline) : online;
            return new AssembledFeatureStore(
                    Objects.requireNonNull(blocking, "A feature store needs an online store: call onlineStore(store)"),
                    asyncOnline,
                    Objects.requireNonNull(offline, "A feature store needs an offline store: call offlineStore(store)"),
                    Objects.requireNonNull(admin, "A feature store needs an administration: call admin(admin)"),
                    new CallSettings(clock, sleeper, asyncSleeper, timeout),
                    onClose);
        }
    }
}
