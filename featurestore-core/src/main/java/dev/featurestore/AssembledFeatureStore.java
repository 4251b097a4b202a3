package dev.featurestore;

import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.spi.AsyncOnlineStore;
import dev.featurestore.spi.FeatureGroupAdmin;
import dev.featurestore.spi.OfflineStore;
import dev.featurestore.spi.OnlineStore;
import dev.featurestore.view.FeatureView;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A store put together from backends. */
final class AssembledFeatureStore implements FeatureStore {
    private final OnlineStore online;
    private final @Nullable AsyncOnlineStore asyncOnline;
    private final ViewStores viewStores;
    private final OfflineStore offline;
    private final AdminClient admin;
    private final CallSettings settings;
    private final Runnable onClose;
    private final AtomicBoolean closed = new AtomicBoolean();

    AssembledFeatureStore(
            OnlineStore online,
            @Nullable AsyncOnlineStore asyncOnline,
            ViewStores viewStores,
            OfflineStore offline,
            FeatureGroupAdmin admin,
            CallSettings settings,
            Runnable onClose) {
        this.online = online;
        this.asyncOnline = asyncOnline;
        this.viewStores = viewStores;
        this.offline = offline;
        this.admin = new AdminClient(admin);
        this.settings = settings;
        this.onClose = onClose;
    }

    @Override
    public <R> FeatureGroupClient<R> group(FeatureGroup<R> definition) {
        return new FeatureGroupClient<>(definition, online, asyncOnline, settings);
    }

    @Override
    public FeatureViewClient view(FeatureView definition, FetchOptions options) {
        return new FeatureViewClient(definition, options, viewStores, offline, settings);
    }

    @Override
    public AdminClient admin() {
        return admin;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            onClose.run();
        }
    }

    @Override
    public String toString() {
        return "feature store of " + online.getClass().getSimpleName() + " and "
                + offline.getClass().getSimpleName();
    }
}
