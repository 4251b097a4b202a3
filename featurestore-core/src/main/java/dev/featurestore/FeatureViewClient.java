package dev.featurestore;

import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.errors.RecordMappingException;
import dev.featurestore.errors.UnsupportedCapabilityException;
import dev.featurestore.spi.AsyncOnlineStore;
import dev.featurestore.spi.Deadline;
import dev.featurestore.spi.OfflineStore;
import dev.featurestore.training.Spine;
import dev.featurestore.training.TrainingSet;
import dev.featurestore.view.FeatureVector;
import dev.featurestore.view.FeatureView;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Serves the vectors of one view and builds its training sets. Blocks; safe for use by many threads.
 *
 * <p>A fetch reads the records of all groups at the same time and is over at its deadline, whatever the store does: a group
 * that was not answered for by then has failed. Unless the {@link FetchOptions} say otherwise it does not throw for a group
 * that failed: the vector says which group was found, absent, expired, too old or failed, and throws when the values of a
 * failed group are read.
 *
 * <p>A client learns how long reads take, and holds what its fetches share: make it once and keep it.
 */
public final class FeatureViewClient {
    private final ViewReader reader;

    private final ViewStores stores;

    private final OfflineStore offline;

    FeatureViewClient(
            FeatureView view, FetchOptions options, ViewStores stores, OfflineStore offline, CallSettings settings) {
        this.reader = new ViewReader(new ViewCodec(view, options.onFailure()), options, settings);
        this.stores = stores;
        this.offline = offline;
    }

    /** The definition. */
    public FeatureView definition() {
        return reader.codec().view();
    }

    /** How it fetches. */
    public FetchOptions options() {
        return reader.options();
    }

    /**
     * Which requests are made for so many vectors, if no two of them need the same record and none is in the cache.
     *
     * @param vectors at least 1
     */
    public FetchPlan plan(int vectors) {
        return FetchPlan.of(
                options().reads(),
                Math.multiplyExact(vectors, definition().selections().size()));
    }

    /**
     * A client of the same view that does not block, and shares with this one what it has learnt.
     *
     * @throws UnsupportedCapabilityException if the store was built without an asynchronous online store
     */
    public AsyncFeatureViewClient async() {
        if (stores.async() == null) {
            throw new UnsupportedCapabilityException("There is no asynchronous client of " + definition()
                    + ": this feature store was built without an asynchronous online store. Give its builder one, with"
                    + " runtimeAsyncClient(client) on AWS or asyncOnlineStore(store) elsewhere;"
                    + " AsyncOnlineStore.over(store, executor) makes one of a blocking store");
        }
        return new AsyncFeatureViewClient(reader, stores.async());
    }

    /** As {@link #fetch(Map, Duration)} within the store's call timeout. */
    public FeatureVector fetch(Map<String, ?> joinKeys) {
        return fetchAll(List.of(joinKeys), reader.settings().deadline()).get(0);
    }

    /**
     * The vector of one request, as of now.
     *
     * @param joinKeys for each key of the view a value of its identifier's Java type; more keys do no harm
     * @param timeout for the whole call, positive; groups the store did not answer for by then are marked failed
     * @throws RecordMappingException if a key is missing or of another type
     * @throws FeatureStoreException the failure of a group, only if the options say {@code FAIL}
     */
    public FeatureVector fetch(Map<String, ?> joinKeys, Duration timeout) {
        return fetchAll(List.of(joinKeys), reader.settings().deadline(timeout)).get(0);
    }

    /**
     * The vectors of many requests, as of now, in the order of the requests. A record that several of them need is read
     * once. Throws as {@link #fetch(Map, Duration)} does.
     */
    public List<FeatureVector> fetchAll(List<? extends Map<String, ?>> requests, Duration timeout) {
        return fetchAll(requests, reader.settings().deadline(timeout));
    }

    private List<FeatureVector> fetchAll(List<? extends Map<String, ?>> requests, Deadline deadline) {
        VectorFetch fetch = new VectorFetch(reader, requests, deadline, true);
        await(fetch);
        return fetch.vectors();
    }

    private void await(VectorFetch fetch) {
        AsyncOnlineStore store = fetch.isOneRequest() ? stores.calling() : stores.parallel();
        fetch.run(store).await(reader.settings().sleeper());
    }

    /**
     * Fetches a vector several times and forgets it: connections are opened and the code is compiled before the first caller
     * waits for it, as when an endpoint starts or a snapshot of it is restored. It is neither hedged nor measured, and nothing
     * of it is cached. Connections are opened for one fetch at a time; call it from several threads for more.
     *
     * @param joinKeys as in {@link #fetch(Map, Duration)}; of records that are there, if all of the path is to be compiled
     * @param fetches how many, one after another: a thousand compile most of it
     * @return how many were answered for all groups; 0 says that the store cannot be reached, or the caller may not read it
     * @throws RecordMappingException if a key is missing or of another type
     */
    public int warmUp(Map<String, ?> joinKeys, int fetches) {
        int complete = 0;
        for (int i = 0; i < fetches; i++) {
            VectorFetch fetch =
                    new VectorFetch(reader, List.of(joinKeys), reader.settings().deadline(), false);
            await(fetch);
            complete += fetch.isComplete() ? 1 : 0;
        }
        return complete;
    }

    /**
     * A training set of this view over labelled rows, in the mode {@code AS_SERVED} until it is told otherwise.
     *
     * @throws dev.featurestore.errors.InvalidDefinitionException if the view and the spine do not fit together
     */
    public TrainingSetClient trainingSet(Spine spine) {
        return new TrainingSetClient(
                TrainingSet.of(definition(), spine), offline, reader.settings().clock());
    }

    /** The view, and the requests that a fetch makes; nothing of its records. */
    @Override
    public String toString() {
        return "client of " + definition() + ", by " + plan(1);
    }
}
