package dev.featurestore.testkit;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Objects;

/**
 * How the in-memory service behaves where the real one's behaviour is not documented or can differ. The defaults are the
 * best guess from what is documented and what others have observed; run tests that matter under the alternatives as well.
 * Immutable; methods starting with {@code with} return changed copies. Begin with {@link #defaults()}: the constructor gets a
 * parameter with each switch that is added.
 *
 * @param equalEventTimePut what a put does whose event time equals the stored record's
 * @param equalEventTimeDelete what a delete does whose event time equals the stored record's
 * @param unknownFeatureInRead what a read does that asks for a feature the group does not have
 * @param eventTimeDigits which fraction digits an event time in text may have
 * @param expiredRead whether reads return records whose time to live is over and that were not purged yet
 * @param ttlOfflineMarker whether purging an expired record appends a delete marker to the offline store
 * @param batchGetOrder in which order a batch read returns its records
 * @param nonFiniteNumbers whether {@code NaN} and infinities are accepted for Fractional features
 * @param arrivalPrecision how finely the service notes when a write arrived: seconds have been observed
 * @param offlineDelay how long after its arrival a row can be queried offline
 * @param readDelay how long after its arrival a write is seen by online reads
 */
public record ServiceBehaviour(
        EqualEventTimePut equalEventTimePut,
        EqualEventTimeDelete equalEventTimeDelete,
        UnknownFeature unknownFeatureInRead,
        EventTimeDigits eventTimeDigits,
        ExpiredRead expiredRead,
        TtlOfflineMarker ttlOfflineMarker,
        BatchGetOrder batchGetOrder,
        NonFiniteNumbers nonFiniteNumbers,
        ChronoUnit arrivalPrecision,
        Duration offlineDelay,
        Duration readDelay) {

    /** A put whose event time equals the stored record's. */
    public enum EqualEventTimePut {
        /** It replaces the record; observed. */
        REPLACE,
        /** It goes to the offline store only; the letter of the documentation. */
        HISTORIC
    }

    /** A delete whose event time equals the stored record's. */
    public enum EqualEventTimeDelete {
        /** It counts as not later: the record stays; the letter of the documentation. */
        NOT_LATER,
        /** It takes effect. */
        DELETE
    }

    /** A read that names a feature the group does not have. */
    public enum UnknownFeature {
        /** The read is refused. */
        ERROR,
        /** The name is passed over. */
        IGNORE
    }

    /** The fraction digits of event times in text. */
    public enum EventTimeDigits {
        /** Those documented: 0, 3 or 9. */
        STRICT,
        /** 0 to 9. */
        LENIENT
    }

    /** Records whose time to live is over but that are still there. */
    public enum ExpiredRead {
        /** Reads do not return them. */
        FILTER,
        /** Reads return them until they are purged. */
        SERVE_UNTIL_PURGED
    }

    /** What purging an expired record leaves offline. */
    public enum TtlOfflineMarker {
        /** Nothing. */
        OFF,
        /** A delete marker with the time of expiry as its event time. */
        ON
    }

    /** The order of a batch read's records. */
    public enum BatchGetOrder {
        /** None; observed. */
        SHUFFLED,
        /** As asked for. */
        REQUEST
    }

    /** Texts such as NaN for Fractional features. */
    public enum NonFiniteNumbers {
        /** Refused; observed. */
        REFUSED,
        /** Accepted. */
        ACCEPTED
    }

    /** @throws IllegalArgumentException if a delay is negative or the precision is neither seconds, milliseconds nor finer */
    public ServiceBehaviour {
        Objects.requireNonNull(equalEventTimePut, "equalEventTimePut");
        Objects.requireNonNull(equalEventTimeDelete, "equalEventTimeDelete");
        Objects.requireNonNull(unknownFeatureInRead, "unknownFeatureInRead");
        Objects.requireNonNull(eventTimeDigits, "eventTimeDigits");
        Objects.requireNonNull(expiredRead, "expiredRead");
        Objects.requireNonNull(ttlOfflineMarker, "ttlOfflineMarker");
        Objects.requireNonNull(batchGetOrder, "batchGetOrder");
        Objects.requireNonNull(nonFiniteNumbers, "nonFiniteNumbers");
        if (arrivalPrecision != ChronoUnit.SECONDS && arrivalPrecision != ChronoUnit.MILLIS) {
            throw new IllegalArgumentException(
                    "Arrival times are kept in seconds or milliseconds, not " + arrivalPrecision);
        }
        if (offlineDelay.isNegative() || readDelay.isNegative()) {
            throw new IllegalArgumentException("A delay is not negative");
        }
    }

    /** The best guess of how the service behaves. */
    public static ServiceBehaviour defaults() {
        return new ServiceBehaviour(
                EqualEventTimePut.REPLACE,
                EqualEventTimeDelete.NOT_LATER,
                UnknownFeature.ERROR,
                EventTimeDigits.STRICT,
                ExpiredRead.FILTER,
                TtlOfflineMarker.OFF,
                BatchGetOrder.SHUFFLED,
                NonFiniteNumbers.REFUSED,
                ChronoUnit.SECONDS,
                Duration.ZERO,
                Duration.ZERO);
    }

    /** A copy with another {@link #equalEventTimePut}. */
    public ServiceBehaviour withEqualEventTimePut(EqualEventTimePut value) {
        return new ServiceBehaviour(
                value,
                equalEventTimeDelete,
                unknownFeatureInRead,
                eventTimeDigits,
                expiredRead,
                ttlOfflineMarker,
                batchGetOrder,
                nonFiniteNumbers,
                arrivalPrecision,
                offlineDelay,
                readDelay);
    }

    /** A copy with another {@link #equalEventTimeDelete}. */
    public ServiceBehaviour withEqualEventTimeDelete(EqualEventTimeDelete value) {
        return new ServiceBehaviour(
                equalEventTimePut,
                value,
                unknownFeatureInRead,
                eventTimeDigits,
                expiredRead,
                ttlOfflineMarker,
                batchGetOrder,
                nonFiniteNumbers,
                arrivalPrecision,
                offlineDelay,
                readDelay);
    }

    /** A copy with another {@link #unknownFeatureInRead}. */
    public ServiceBehaviour withUnknownFeatureInRead(UnknownFeature value) {
        return new ServiceBehaviour(
                equalEventTimePut,
                equalEventTimeDelete,
                value,
                eventTimeDigits,
                expiredRead,
                ttlOfflineMarker,
                batchGetOrder,
                nonFiniteNumbers,
                arrivalPrecision,
                offlineDelay,
                readDelay);
    }

    /** A copy with another {@link #eventTimeDigits}. */
    public ServiceBehaviour withEventTimeDigits(EventTimeDigits value) {
        return new ServiceBehaviour(
                equalEventTimePut,
                equalEventTimeDelete,
                unknownFeatureInRead,
                value,
                expiredRead,
                ttlOfflineMarker,
                batchGetOrder,
                nonFiniteNumbers,
                arrivalPrecision,
                offlineDelay,
                readDelay);
    }

    /** A copy with another {@link #expiredRead}. */
    public ServiceBehaviour withExpiredRead(ExpiredRead value) {
        return new ServiceBehaviour(
                equalEventTimePut,
                equalEventTimeDelete,
                unknownFeatureInRead,
                eventTimeDigits,
                value,
                ttlOfflineMarker,
                batchGetOrder,
                nonFiniteNumbers,
                arrivalPrecision,
                offlineDelay,
                readDelay);
    }

    /** A copy with another {@link #ttlOfflineMarker}. */
    public ServiceBehaviour withTtlOfflineMarker(TtlOfflineMarker value) {
        return new ServiceBehaviour(
                equalEventTimePut,
                equalEventTimeDelete,
                unknownFeatureInRead,
                eventTimeDigits,
                expiredRead,
                value,
                batchGetOrder,
                nonFiniteNumbers,
                arrivalPrecision,
                offlineDelay,
                readDelay);
    }

    /** A copy with another {@link #batchGetOrder}. */
    public ServiceBehaviour withBatchGetOrder(BatchGetOrder value) {
        return new ServiceBehaviour(
                equalEventTimePut,
                equalEventTimeDelete,
                unknownFeatureInRead,
                eventTimeDigits,
                expiredRead,
                ttlOfflineMarker,
                value,
                nonFiniteNumbers,
                arrivalPrecision,
                offlineDelay,
                readDelay);
    }

    /** A copy with another {@link #nonFiniteNumbers}. */
    public ServiceBehaviour withNonFiniteNumbers(NonFiniteNumbers value) {
        return new ServiceBehaviour(
                equalEventTimePut,
                equalEventTimeDelete,
                unknownFeatureInRead,
                eventTimeDigits,
                expiredRead,
                ttlOfflineMarker,
                batchGetOrder,
                value,
                arrivalPrecision,
                offlineDelay,
                readDelay);
    }

    /** A copy with another {@link #arrivalPrecision}. */
    public ServiceBehaviour withArrivalPrecision(ChronoUnit value) {
        return new ServiceBehaviour(
                equalEventTimePut,
                equalEventTimeDelete,
                unknownFeatureInRead,
                eventTimeDigits,
                expiredRead,
                ttlOfflineMarker,
                batchGetOrder,
                nonFiniteNumbers,
                value,
                offlineDelay,
                readDelay);
    }

    /** A copy with another {@link #offlineDelay}. */
    public ServiceBehaviour withOfflineDelay(Duration value) {
        return new ServiceBehaviour(
                equalEventTimePut,
                equalEventTimeDelete,
                unknownFeatureInRead,
                eventTimeDigits,
                expiredRead,
                ttlOfflineMarker,
                batchGetOrder,
                nonFiniteNumbers,
                arrivalPrecision,
                value,
                readDelay);
    }

    /** A copy with another {@link #readDelay}. */
    public ServiceBehaviour withReadDelay(Duration value) {
        return new ServiceBehaviour(
                equalEventTimePut,
                equalEventTimeDelete,
                unknownFeatureInRead,
                eventTimeDigits,
                expiredRead,
                ttlOfflineMarker,
                batchGetOrder,
                nonFiniteNumbers,
                arrivalPrecision,
                offlineDelay,
                value);
    }
}
