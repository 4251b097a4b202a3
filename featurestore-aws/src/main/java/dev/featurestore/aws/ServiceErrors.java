package dev.featurestore.aws;

import dev.featurestore.errors.AccessDeniedException;
import dev.featurestore.errors.FeatureGroupNotFoundException;
import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.errors.InvalidRequestException;
import dev.featurestore.errors.StoreUnavailableException;
import dev.featurestore.errors.ThrottledException;
import dev.featurestore.errors.WriteOutcomeUnknownException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Turns what the SDK throws into the library's own failures, by the service's error code. The SDK's exception classes do not
 * tell enough: codes that are not in its model come as a plain service exception.
 *
 * <p>The service's messages quote what they refuse ({@code Value 'x' at 'y' failed …}), so quoted text is cut out of them, and
 * the SDK's exception is a cause only where its message cannot quote.
 */
final class ServiceErrors {
    private static final Set<String> NOT_FOUND = Set.of("ResourceNotFound", "ResourceNotFoundException");

    /** Somebody else is changing it, or it exists. */
    private static final Set<String> IN_USE = Set.of("ResourceInUse", "ResourceInUseException");

    private static final String EXISTS = "already exists";

    private static final Set<String> DENIED = Set.of(
            "AccessForbidden",
            "AccessDenied",
            "AccessDeniedException",
            "ExpiredTokenException",
            "UnrecognizedClientException",
            "InvalidSignatureException",
            "MissingAuthenticationTokenException",
            "InvalidClientTokenId",
            "OptInRequired");

    /** The service says that it has no such group, under the code of a bad request. */
    private static final String NO_SUCH_GROUP = "can't find a featuregroup";

    private static final Pattern QUOTED = Pattern.compile("'[^']*'|\"[^\"]*\"");

    private static final int INTERNAL_ERROR = 500;

    private static final int TOO_MANY_REQUESTS = 429;

    private ServiceErrors() {}

    /** What was being done, and to which group. */
    record Call(String what, @Nullable String group, boolean isWrite) {}

    /** A failure that ended a request. */
    static FeatureStoreException of(SdkException failure, Call call) {
        if (failure instanceof AwsServiceException service) {
            String code = service.awsErrorDetails() == null
                    ? ""
                    : String.valueOf(service.awsErrorDetails().errorCode());
            String message = service.awsErrorDetails() == null
                    ? ""
                    : String.valueOf(service.awsErrorDetails().errorMessage());
            return of(code, message, service.statusCode(), service.isThrottlingException(), service.requestId(), call);
        }
        return neverAnswered(failure, call);
    }

    /** One key's error inside an answer that was a success. */
    static FeatureStoreException of(String code, String message, Call call) {
        return of(code, message, 0, code.contains("Throttl"), null, call);
    }

    private static FeatureStoreException of(
            String code, String message, int status, boolean throttled, @Nullable String requestId, Call call) {
        String said = call.what() + ": the service answers " + code + (status > 0 ? " (" + status + ")" : "")
                + (message.isEmpty() ? "" : ": " + QUOTED.matcher(message).replaceAll("'…'"));
        String group = call.group();
        if (throttled || status == TOO_MANY_REQUESTS) {
            return new ThrottledException(said + "; slow down, or ask for more capacity", group, requestId, null);
        }
        if (NOT_FOUND.contains(code) || message.toLowerCase(Locale.ROOT).contains(NO_SUCH_GROUP)) {
            return new FeatureGroupNotFoundException(
                    said + "; check the group's name, region and account, or wait if it is new",
                    group,
                    requestId,
                    null);
        }
        if (IN_USE.contains(code) && !message.toLowerCase(Locale.ROOT).contains(EXISTS)) {
            return new StoreUnavailableException(said + "; another change of it is under way", group, requestId, null);
        }
        if (DENIED.contains(code) || status == 401 || status == 403) {
            return new AccessDeniedException(said + "; check the caller's permissions", group, requestId, null);
        }
        if (status >= INTERNAL_ERROR || code.equals("InternalFailure") || code.equals("ServiceUnavailable")) {
            // a 500 does not say whether a write was done before it happened
            return call.isWrite() && status == INTERNAL_ERROR
                    ? unknown(said, call, requestId, null)
                    : new StoreUnavailableException(said, group, requestId, null);
        }
        return new InvalidRequestException(said, group, requestId, null);
    }

    private static FeatureStoreException neverAnswered(SdkException failure, Call call) {
        String said =
                call.what() + ": there was no answer (" + failure.getClass().getSimpleName() + ")";
        if (mentions(failure, "credentials")) {
            return new AccessDeniedException(
                    call.what() + ": no credentials could be loaded; see the SDK's credentials provider chain",
                    call.group(),
                    null,
                    failure);
        }
        boolean wasSent = !hasCause(failure, ConnectException.class) && !hasCause(failure, UnknownHostException.class);
        return call.isWrite() && wasSent
                ? unknown(said, call, null, failure)
                : new StoreUnavailableException(said, call.group(), null, failure);
    }

    private static WriteOutcomeUnknownException unknown(
            String said, Call call, @Nullable String requestId, @Nullable Throwable cause) {
        return new WriteOutcomeUnknownException(
                said + "; it may or may not be stored: write it again, which is harmless, or read it back",
                call.group(),
                requestId,
                cause);
    }

    private static boolean mentions(Throwable failure, String word) {
        return String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT).contains(word);
    }

    private static boolean hasCause(Throwable failure, Class<? extends Throwable> type) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < 20; depth++) {
            if (type.isInstance(cause)) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }
}
