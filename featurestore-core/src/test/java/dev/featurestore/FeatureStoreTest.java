package dev.featurestore;

import static dev.featurestore.Fraud.AMOUNT;
import static dev.featurestore.Fraud.CARDS;
import static dev.featurestore.Fraud.NOON;
import static dev.featurestore.Fraud.TRANSACTIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.featurestore.errors.UnsupportedCapabilityException;
import dev.featurestore.spi.AsyncOnlineStore;
import dev.featurestore.spi.FeatureGroupAdmin;
import dev.featurestore.spi.GetCommand;
import dev.featurestore.training.AuditColumn;
import dev.featurestore.training.PointInTime;
import dev.featurestore.training.Spine;
import dev.featurestore.view.FeatureView;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FeatureStoreTest {
    private final ScriptedOnlineStore online = new ScriptedOnlineStore();

    private final FeatureGroupAdmin admin = (FeatureGroupAdmin) Proxy.newProxyInstance(
            FeatureGroupAdmin.class.getClassLoader(),
            new Class<?>[] {FeatureGroupAdmin.class},
            (proxy, method, args) -> {
                throw new AssertionError("called: " + method.getName());
            });

    private final FeatureStore.Builder builder = FeatureStore.builder()
            .onlineStore(online)
            .offlineStore(new UnusedOfflineStore())
            .admin(admin);

    @Test
    void handsOutClientsOfItsBackends() {
        try (FeatureStore store = builder.clock(() -> NOON).build()) {
            store.group(CARDS).find(1L);

            assertThat(online.gets).hasSize(1);
            assertThat(store.group(CARDS).definition()).isSameAs(CARDS);
            assertThat(store.admin().backend() == admin).isTrue();
            assertThat(store).hasToString("feature store of ScriptedOnlineStore and UnusedOfflineStore");
        }
    }

    @Test
    void closesWhatWasOpenedOnce() {
        AtomicInteger closed = new AtomicInteger();
        FeatureStore store = builder.onClose(closed::incrementAndGet).build();

        assertThat(closed).hasValue(0);
        store.close();
        store.close();

        assertThat(closed).hasValue(1);
    }

    @Test
    void closesNothingItWasGiven() {
        FeatureStore store = builder.build();

        store.close();
        store.group(CARDS).find(1L);

        assertThat(online.gets).hasSize(1);
    }

    @Test
    void hasNoClientOfFuturesWithoutAStoreForIt() {
        FeatureGroupClient<?> cards = builder.build().group(CARDS);

        assertThatExceptionOfType(UnsupportedCapabilityException.class)
                .isThrownBy(cards::async)
                .withMessage("There is no asynchronous client of feature group 'cards': this feature store was built"
                        + " without an asynchronous online store. Give its builder one, with"
                        + " runtimeAsyncClient(client) on AWS or asyncOnlineStore(store) elsewhere;"
                        + " AsyncOnlineStore.over(store, executor) makes one of a blocking store");
    }

    @Test
    void waitsForTheAsynchronousStoreIfItIsTheOnlyOne() {
        FeatureStore store = FeatureStore.builder()
                .asyncOnlineStore(AsyncOnlineStore.over(online, Runnable::run))
                .offlineStore(new UnusedOfflineStore())
                .admin(admin)
                .build();

        store.group(CARDS).find(1L);
        assertThat(store.group(CARDS).async().find(2L)).isCompletedWithValue(Optional.empty());

        assertThat(online.gets).extracting(GetCommand::identifier).containsExactly("1", "2");
    }

    @Test
    void trainingSetsAreRefinedByCopies() {
        FeatureView view = FeatureView.named("v")
                .from(TRANSACTIONS, select -> select.key("txn").features(AMOUNT))
                .build();
        try (FeatureStore store = builder.build()) {
            TrainingSetClient set = store.view(view).trainingSet(Spine.table("labels"));
            TrainingSetClient refined = set.withPointInTime(PointInTime.eventTime())
                    .withAudit(AuditColumn.EVENT_TIME)
                    .labelsBetween(NOON, NOON.plusSeconds(1));

            assertThat(set.definition().pointInTime()).isEqualTo(PointInTime.asServed());
            assertThat(set.definition().auditColumns(AuditColumn.EVENT_TIME)).isEmpty();
            assertThat(refined.definition().pointInTime()).isEqualTo(PointInTime.eventTime());
            assertThat(refined.definition().auditColumns(AuditColumn.EVENT_TIME))
                    .containsExactly("transactions__event_time");
            assertThat(refined.definition().from()).contains(NOON);
        }
    }

    @Test
    void allBackendsAreRequired() {
        assertThatIllegalStateException()
                .isThrownBy(FeatureStore.builder()::build)
                .withMessage("A feature store needs an online store: call onlineStore(store)");
        assertThatIllegalStateException()
                .isThrownBy(FeatureStore.builder().onlineStore(online)::build)
                .withMessage("A feature store needs an offline store: call offlineStore(store)");
        assertThatIllegalStateException()
                .isThrownBy(FeatureStore.builder().onlineStore(online).offlineStore(new UnusedOfflineStore())::build)
                .withMessage("A feature store needs an administration: call admin(admin)");
    }

    @Test
    void theCallTimeoutIsPositive() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.callTimeout(Duration.ZERO))
                .withMessage("A call timeout is positive, got PT0S");
    }
}
