package dev.featurestore.testkit.contract;

import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.spi.FeatureGroupAdmin;
import dev.featurestore.spi.OnlineStore;
import dev.featurestore.testkit.OfflineRow;
import dev.featurestore.testkit.ServiceBehaviour;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What an {@link OnlineStoreContract} runs against. It is opened for each case, and may be one and the same thing every time:
 * cases share the groups of {@link ContractGroups} and keep apart by identifiers of their own.
 */
public interface OnlineBackend extends AutoCloseable {
    /** The store under test. */
    OnlineStore onlineStore();

    /** Makes the groups of {@link ContractGroups} that are not there, and removes only what it made for a case. */
    FeatureGroupAdmin admin();

    /** The service's time, near enough that a minute counts as past. */
    Instant now();

    /** How the store behaves where the service is not documented. */
    default ServiceBehaviour behaviour() {
        return ServiceBehaviour.defaults();
    }

    /** Moves the service's time on; empty if it cannot be moved, and then the cases that need it are skipped. */
    default Optional<Consumer<Duration>> timeTravel() {
        return Optional.empty();
    }

    /** Returns once reads see every write so far. */
    default void awaitWrites() {}

    /** What a group's offline store got, in order of arrival; empty if it cannot be seen from here. */
    default Optional<List<OfflineRow>> offlineRows(FeatureGroup<?> group) {
        return Optional.empty();
    }

    /** The ARN by which requests may name a group as well; empty if the backend has none. */
    default Optional<String> arn(FeatureGroup<?> group) {
        return Optional.empty();
    }

    /** Called after each case. */
    @Override
    default void close() {}
}
