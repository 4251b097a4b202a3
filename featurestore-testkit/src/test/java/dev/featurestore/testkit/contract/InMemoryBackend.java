package dev.featurestore.testkit.contract;

import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.spi.AsyncOnlineStore;
import dev.featurestore.spi.BackendCapability;
import dev.featurestore.spi.BatchGetCommand;
import dev.featurestore.spi.BatchGetOutcome;
import dev.featurestore.spi.DeleteCommand;
import dev.featurestore.spi.FeatureGroupAdmin;
import dev.featurestore.spi.GetCommand;
import dev.featurestore.spi.OnlineStore;
import dev.featurestore.spi.PutCommand;
import dev.featurestore.spi.StoredRecord;
import dev.featurestore.testkit.InMemoryFeatureStore;
import dev.featurestore.testkit.ManualClock;
import dev.featurestore.testkit.OfflineRow;
import dev.featurestore.testkit.ServiceBehaviour;
import dev.featurestore.testkit.fault.FaultPlan;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** The fake, on a clock of its own. */
final class InMemoryBackend implements OnlineBackend {
    private final ManualClock clock = ManualClock.startingAt(Instant.parse("2025-03-10T12:00:00.123456789Z"));

    private final ServiceBehaviour behaviour;

    private final InMemoryFeatureStore store;

    private final OnlineStore onlineStore;

    private InMemoryBackend(
            ServiceBehaviour behaviour, InMemoryFeatureStore.Builder builder, UnaryOperator<OnlineStore> wrapping) {
        this.behaviour = behaviour;
        this.store = builder.clock(clock).behaviour(behaviour).build();
        this.onlineStore = wrapping.apply(store.onlineStore());
    }

    static InMemoryBackend with(ServiceBehaviour behaviour) {
        return new InMemoryBackend(behaviour, InMemoryFeatureStore.builder(), UnaryOperator.identity());
    }

    static InMemoryBackend withFaults(FaultPlan plan) {
        return new InMemoryBackend(
                ServiceBehaviour.defaults(), InMemoryFeatureStore.builder().faults(plan), UnaryOperator.identity());
    }

    static InMemoryBackend withoutCapabilities() {
        return new InMemoryBackend(
                ServiceBehaviour.defaults(), InMemoryFeatureStore.builder(), WithoutCapabilities::new);
    }

    /** Through both adapters between blocking and asynchronous stores. */
    static InMemoryBackend adapted() {
        return new InMemoryBackend(
                ServiceBehaviour.defaults(),
                InMemoryFeatureStore.builder(),
                store -> OnlineStore.over(AsyncOnlineStore.over(store, Runnable::run)));
    }

    @Override
    public OnlineStore onlineStore() {
        return onlineStore;
    }

    @Override
    public FeatureGroupAdmin admin() {
        return store.admin().backend();
    }

    @Override
    public Instant now() {
        return clock.instant();
    }

    @Override
    public ServiceBehaviour behaviour() {
        return behaviour;
    }

    @Override
    public Optional<Consumer<Duration>> timeTravel() {
        return Optional.of(clock::advance);
    }

    @Override
    public void awaitWrites() {
        clock.advance(behaviour.readDelay());
    }

    @Override
    public Optional<List<OfflineRow>> offlineRows(FeatureGroup<?> group) {
        return Optional.of(store.history(group));
    }

    @Override
    public Optional<String> arn(FeatureGroup<?> group) {
        return Optional.of("arn:aws:sagemaker:eu-west-1:123456789012:feature-group/" + group.name());
    }

    @Override
    public void close() {
        store.close();
    }

    /** What a backend is that has only what it must. */
    private record WithoutCapabilities(OnlineStore store) implements OnlineStore {
        @Override
        public Set<BackendCapability> capabilities() {
            return Set.of();
        }

        @Override
        public void put(PutCommand command) {
            store.put(command);
        }

        @Override
        public Optional<StoredRecord> get(GetCommand command) {
            return store.get(command);
        }

        @Override
        public BatchGetOutcome batchGet(BatchGetCommand command) {
            return store.batchGet(command);
        }

        @Override
        public void delete(DeleteCommand command) {
            store.delete(command);
        }
    }
}
