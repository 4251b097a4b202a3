package dev.featurestore;

import dev.featurestore.spi.AsyncOnlineStore;
import dev.featurestore.spi.OnlineStore;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The online store in the three ways that fetches need it.
 *
 * @param calling makes the request of a fetch that has just one: on the calling thread, if the store blocks
 * @param parallel makes the requests of a fetch that blocks
 * @param async makes those of a fetch that does not; null if there is no such store
 */
record ViewStores(
        AsyncOnlineStore calling,
        AsyncOnlineStore parallel,
        @Nullable AsyncOnlineStore async) {
    /**
     * Of the stores that there are.
     *
     * @param executor runs requests to the blocking store
     */
    static ViewStores of(OnlineStore blocking, @Nullable AsyncOnlineStore async, Executor executor) {
        return new ViewStores(
                AsyncOnlineStore.over(blocking, Runnable::run), AsyncOnlineStore.over(blocking, executor), async);
    }

    /** Of a store that does not block. */
    static ViewStores of(AsyncOnlineStore async) {
        return new ViewStores(async, async, async);
    }
}
