package dev.featurestore.aws;

import dev.featurestore.errors.ErrorCode;
import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.errors.StoreUnavailableException;
import dev.featurestore.errors.WriteOutcomeUnknownException;
import dev.featurestore.spi.Deadline;
import java.time.Duration;
import java.util.Set;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The attempts of one call: whether there is another one and after which pause, and which failure is told in the end. The one
 * place where that is decided; it neither sends nor waits. For one thread at a time.
 */
final class Attempts {
    private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);

    /** With less time than this for an attempt none is made. */
    private static final Duration SHORTEST_ROOM = Duration.ofMillis(1);

    private final RetryPolicy policy;

    private final DoubleSupplier random;

    private final Set<String> answered;

    private final ServiceErrors.Call call;

    private final Deadline deadline;

    private int failed;

    /** The first attempt whose outcome is unknown. */
    private @Nullable WriteOutcomeUnknownException unknown;

    /** @param answered the groups that have answered, kept up to date: if one of them is not found it is in passing */
    Attempts(
            RetryPolicy policy,
            DoubleSupplier random,
            Set<String> answered,
            ServiceErrors.Call call,
            Deadline deadline) {
        this.policy = policy;
        this.random = random;
        this.answered = answered;
        this.call = call;
        this.deadline = deadline;
    }

    ServiceErrors.Call call() {
        return call;
    }

    /** To be called before each attempt. Throws what is to be told if it is too late for one. */
    void begin() {
        if (deadline.isOver()) {
            throw unknown != null ? unknown : tooLate();
        }
    }

    /** The attempt was answered. */
    void succeeded() {
        answered.addAll(call.groups());
    }

    /** The attempt failed. Returns the pause before the next one; null if there is none. */
    @Nullable
    Duration pauseAfter(FeatureStoreException failure) {
        failed++;
        if (failure instanceof WriteOutcomeUnknownException first && unknown == null) {
            unknown = first;
        }
        // half of what is left is for the attempt: a fetch of ten milliseconds has room for a repeat as well
        Duration half = deadline.remaining().dividedBy(2);
        if (failed >= policy.attempts() || !isWorthRepeating(failure) || half.compareTo(SHORTEST_ROOM) < 0) {
            return null;
        }
        Duration policyPause = policy.pauseAfter(failed);
        Duration longest = policyPause.compareTo(half) < 0 ? policyPause : half;
        LOG.debug("Request may be repeated [call={}] [attempt={}] [code={}]", call.what(), failed + 1, failure.code());
        return Duration.ofNanos((long) (longest.toNanos() * random.getAsDouble()));
    }

    private boolean isWorthRepeating(FeatureStoreException failure) {
        return failure.retryable()
                || failure.code() == ErrorCode.WRITE_OUTCOME_UNKNOWN
                || (failure.code() == ErrorCode.FEATURE_GROUP_NOT_FOUND
                        && !call.groups().isEmpty()
                        && answered.containsAll(call.groups()));
    }

    /** What is told when the last attempt failed so: once an attempt's outcome is unknown, a refusal does not make it known. */
    FeatureStoreException outcome(FeatureStoreException last) {
        return unknown != null ? unknown : last;
    }

    private StoreUnavailableException tooLate() {
        return new StoreUnavailableException(
                call.what() + ": the deadline was over before the request could be sent; allow more time",
                call.group(),
                null,
                null);
    }
}
