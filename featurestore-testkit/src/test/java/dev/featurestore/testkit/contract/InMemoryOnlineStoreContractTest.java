package dev.featurestore.testkit.contract;

import dev.featurestore.testkit.ServiceBehaviour;
import dev.featurestore.testkit.fault.FaultPlan;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Nested;

/** The fake keeps the rules, as the service most likely behaves and in every other way that has a switch. */
class InMemoryOnlineStoreContractTest {
    @Nested
    class AsDocumentedAndObserved extends OnlineStoreContract {
        @Override
        protected OnlineBackend openBackend() {
            return InMemoryBackend.with(ServiceBehaviour.defaults());
        }
    }

    @Nested
    class WithEqualEventTimesTheOtherWayRound extends OnlineStoreContract {
        @Override
        protected OnlineBackend openBackend() {
            return InMemoryBackend.with(ServiceBehaviour.defaults()
                    .withEqualEventTimePut(ServiceBehaviour.EqualEventTimePut.HISTORIC)
                    .withEqualEventTimeDelete(ServiceBehaviour.EqualEventTimeDelete.DELETE));
        }
    }

    @Nested
    class WithLenientReadsAndTexts extends OnlineStoreContract {
        @Override
        protected OnlineBackend openBackend() {
            return InMemoryBackend.with(ServiceBehaviour.defaults()
                    .withUnknownFeatureInRead(ServiceBehaviour.UnknownFeature.IGNORE)
                    .withEventTimeDigits(ServiceBehaviour.EventTimeDigits.LENIENT)
                    .withNonFiniteNumbers(ServiceBehaviour.NonFiniteNumbers.ACCEPTED)
                    .withBatchGetOrder(ServiceBehaviour.BatchGetOrder.REQUEST));
        }
    }

    @Nested
    class WithExpiredRecordsServedAndMarked extends OnlineStoreContract {
        @Override
        protected OnlineBackend openBackend() {
            return InMemoryBackend.with(ServiceBehaviour.defaults()
                    .withExpiredRead(ServiceBehaviour.ExpiredRead.SERVE_UNTIL_PURGED)
                    .withTtlOfflineMarker(ServiceBehaviour.TtlOfflineMarker.ON));
        }
    }

    @Nested
    class WithDelaysAndFineArrivalTimes extends OnlineStoreContract {
        @Override
        protected OnlineBackend openBackend() {
            return InMemoryBackend.with(ServiceBehaviour.defaults()
                    .withArrivalPrecision(ChronoUnit.MILLIS)
                    .withReadDelay(Duration.ofSeconds(1))
                    .withOfflineDelay(Duration.ofMinutes(5)));
        }
    }

    @Nested
    class WithAFaultPlanThatHasNoFaults extends OnlineStoreContract {
        @Override
        protected OnlineBackend openBackend() {
            return InMemoryBackend.withFaults(FaultPlan.none());
        }
    }

    @Nested
    class WithoutCapabilities extends OnlineStoreContract {
        @Override
        protected OnlineBackend openBackend() {
            return InMemoryBackend.withoutCapabilities();
        }
    }

    @Nested
    class ThroughTheAsynchronousAdapters extends OnlineStoreContract {
        @Override
        protected OnlineBackend openBackend() {
            return InMemoryBackend.adapted();
        }
    }
}
