package dev.featurestore.aws;

import dev.featurestore.Sleeper;
import dev.featurestore.errors.ErrorCode;
import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.errors.StoreUnavailableException;
import dev.featurestore.errors.WriteOutcomeUnknownException;
import dev.featurestore.spi.Deadline;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;

/** Sends requests: errors mapped, repeated as the policy says, never beyond the deadline. */
final class Requests {
    private static final Logger LOG = LoggerFactory.getLogger(Requests.class);

    private final RetryPolicy policy;

    private final Sleeper sleeper;

    private final DoubleSupplier random;

    /** Groups that have answered: if one of them is not found it is in passing. */
    private final Set<String> answered = ConcurrentHashMap.newKeySet();

    Requests(RetryPolicy policy, Sleeper sleeper, DoubleSupplier random) {
        this.policy = policy;
        this.sleeper = sleeper;
        this.random = random;
    }

    <T> T send(ServiceErrors.Call call, Deadline deadline, Supplier<T> request) {
        @Nullable WriteOutcomeUnknownException unknown = null;
        for (int attempt = 1; ; attempt++) {
            if (deadline.isOver()) {
                throw unknown != null ? unknown : tooLate(call);
            }
            FeatureStoreException failure;
            try {
                T answer = request.get();
                answered.addAll(call.groups());
                return answer;
            } catch (SdkException e) {
                failure = ServiceErrors.of(e, call);
            }
            if (failure instanceof WriteOutcomeUnknownException first && unknown == null) {
                unknown = first;
            }
            Duration pause = policy.pauseAfter(attempt);
            boolean again = attempt < policy.attempts()
                    && isWorthRepeating(call, failure)
                    && !Thread.currentThread().isInterrupted()
                    && deadline.remaining().compareTo(pause) > 0
                    && slept(pause);
            if (!again) {
                // once an attempt's outcome is unknown, a later refusal does not make it known
                throw unknown != null ? unknown : failure;
            }
            LOG.debug("Request is repeated [call={}] [attempt={}] [code={}]", call.what(), attempt + 1, failure.code());
        }
    }

    private boolean isWorthRepeating(ServiceErrors.Call call, FeatureStoreException failure) {
        return failure.retryable()
                || failure.code() == ErrorCode.WRITE_OUTCOME_UNKNOWN
                || (failure.code() == ErrorCode.FEATURE_GROUP_NOT_FOUND
                        && !call.groups().isEmpty()
                        && answered.containsAll(call.groups()));
    }

    private boolean slept(Duration longest) {
        try {
            sleeper.sleep(Duration.ofNanos((long) (longest.toNanos() * random.getAsDouble())));
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static StoreUnavailableException tooLate(ServiceErrors.Call call) {
        return new StoreUnavailableException(
                call.what() + ": the deadline was over before the request could be sent; allow more time",
                call.group(),
                null,
                null);
    }
}
