package dev.featurestore.aws;

import dev.featurestore.errors.AccessDeniedException;
import dev.featurestore.errors.FeatureGroupNotFoundException;
import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.errors.InvalidRequestException;
import dev.featurestore.errors.StoreUnavailableException;
import dev.featurestore.errors.ThrottledException;
import dev.featurestore.errors.UnsupportedCapabilityException;
import dev.featurestore.errors.WriteOutcomeUnknownException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

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

    /** Of things an account may have, or have under way at a time, such as four groups that are being made. */
    private static final String OVER_LIMIT = "ResourceLimitExceeded";

    private static final String EXISTS = "already exists";

    private static final Set<String> DENIED = Set.of(
            "AccessForbidden",
            "AccessDenied",
            "AccessDeniedException",
            "ExpiredToken",
            "ExpiredTokenException",
            "RequestExpired",
            "UnrecognizedClientException",
            "IncompleteSignature",
            "IncompleteSignatureException",
            "InvalidSignatureException",
            "SignatureDoesNotMatch",
            "MissingAuthenticationTokenException",
            "InvalidClientTokenId",
            "OptInRequired");

    /** The service says that it has no such group, under the code of a bad request. */
    private static final String NO_SUCH_GROUP = "can't find a featuregroup";

    /** From the first quote to the last: what is quoted may have quotes in it. */
    private static final Pattern QUOTED = Pattern.compile("['\"].*['\"]", Pattern.DOTALL);

    /** How the service names the member that is wrong, and not its value. */
    private static final Pattern MEMBER = Pattern.compile(" at '([A-Za-z0-9.]+)' failed");

    private static final Set<String> BUSY =
            Set.of("InternalFailure", "InternalServerError", "ServiceUnavailable", "ServiceUnavailableException");

    /** Inside an answer that is a success the SDK does not look for these. */
    private static final Set<String> THROTTLED = Set.of(
            "Throttling",
            "ThrottlingException",
            "ThrottledException",
            "RequestThrottled",
            "RequestThrottledException",
            "TooManyRequestsException",
            "RequestLimitExceeded",
            "ProvisionedThroughputExceededException",
            "SlowDown");

    private static final Set<String> NOT_RECEIVED = Set.of("RequestTimeout", "RequestTimeoutException");

    private static final Set<String> APACHE_HAD_NO_CONNECTION =
            Set.of("ConnectTimeoutException", "ConnectionPoolTimeoutException");

    private static final int REQUEST_TIMEOUT = 408;

    private static final int INTERNAL_ERROR = 500;

    private static final int NOT_IMPLEMENTED = 501;

    private static final int SERVICE_UNAVAILABLE = 503;

    private static final int TOO_MANY_REQUESTS = 429;

    private ServiceErrors() {}

    /** What was being done, and to which groups. */
    record Call(String what, Set<String> groups, boolean isWrite) {
        Call(String what, @Nullable String group, boolean isWrite) {
            this(what, group == null ? Set.of() : Set.of(group), isWrite);
        }

        /** The only group; null if there is none or several. */
        @Nullable
        String group() {
            return groups.size() == 1 ? groups.iterator().next() : null;
        }
    }

    /** A failure that ended a request. What is not the SDK's own, such as a cancel from elsewhere, is no answer either. */
    static FeatureStoreException of(Throwable failure, Call call) {
        if (failure instanceof AwsServiceException service) {
            AwsErrorDetails details = service.awsErrorDetails();
            return of(
                    details == null ? "" : textOf(details.errorCode()),
                    details == null ? "" : textOf(details.errorMessage()),
                    service.statusCode(),
                    service.isThrottlingException(),
                    service.requestId(),
                    call);
        }
        return neverAnswered(failure, call);
    }

    /** One key's error inside an answer that was a success. */
    static FeatureStoreException of(String code, String message, Call call) {
        return of(code, message, 0, THROTTLED.contains(code), null, call);
    }

    /** An answer that is not the service's, such as a proxy's, has no code and no message. */
    private static String textOf(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static FeatureStoreException of(
            String code, String message, int status, boolean throttled, @Nullable String requestId, Call call) {
        String said = call.what() + ": the service answers " + (code.isEmpty() ? "without a code" : code)
                + (status > 0 ? " (" + status + ")" : "") + (message.isEmpty() ? "" : ": " + withoutValues(message));
        String group = call.group();
        if (throttled || status == TOO_MANY_REQUESTS) {
            return new ThrottledException(said + "; slow down, or ask for more capacity", group, requestId, null);
        }
        if (OVER_LIMIT.equals(code)) {
            return new ThrottledException(
                    said + "; wait for what is under way, or have the account's limit raised", group, requestId, null);
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
        if (status == NOT_IMPLEMENTED) {
            return new UnsupportedCapabilityException(said + "; the endpoint does not have this operation");
        }
        if (status == REQUEST_TIMEOUT || NOT_RECEIVED.contains(code)) {
            return new StoreUnavailableException(said, group, requestId, null);
        }
        if (status >= INTERNAL_ERROR || BUSY.contains(code)) {
            // of these only 503 says that a write was not done: a gateway says 502 and 504 of requests it passed on
            return call.isWrite() && status >= INTERNAL_ERROR && status != SERVICE_UNAVAILABLE
                    ? unknown(said, call, requestId, null)
                    : new StoreUnavailableException(said, group, requestId, null);
        }
        return new InvalidRequestException(said, group, requestId, null);
    }

    /** A message without what it quotes; the name of the member it is about stays. */
    private static String withoutValues(String message) {
        int from = message.length();
        int to = from;
        Matcher members = MEMBER.matcher(message);
        while (members.find()) {
            from = members.start();
            to = members.end();
        }
        return withoutQuotes(message.substring(0, from))
                + message.substring(from, to)
                + withoutQuotes(message.substring(to));
    }

    private static String withoutQuotes(String text) {
        return QUOTED.matcher(text).replaceAll("'…'");
    }

    private static FeatureStoreException neverAnswered(Throwable failure, Call call) {
        String said =
                call.what() + ": there was no answer (" + failure.getClass().getSimpleName() + ")";
        if (mentions(failure, "credentials")) {
            return new AccessDeniedException(
                    call.what() + ": no credentials could be loaded; see the SDK's credentials provider chain",
                    call.group(),
                    null,
                    failure);
        }
        return call.isWrite() && !hasCause(failure, ServiceErrors::hadNoConnection)
                ? unknown(said, call, null, failure)
                : new StoreUnavailableException(said, call.group(), null, failure);
    }

    private static WriteOutcomeUnknownException unknown(
            String said, Call call, @Nullable String requestId, @Nullable Throwable cause) {
        return new WriteOutcomeUnknownException(
                said + "; it may or may not have been done: do the same again, which is harmless, or look",
                call.group(),
                requestId,
                cause);
    }

    private static boolean mentions(Throwable failure, String word) {
        return String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT).contains(word);
    }

    /** Nothing was sent. The clients that tell a connection's timeout in a class of their own need not be on the class path. */
    private static boolean hadNoConnection(Throwable cause) {
        return cause instanceof ConnectException
                || cause instanceof UnknownHostException
                || cause instanceof SSLHandshakeException
                || APACHE_HAD_NO_CONNECTION.contains(cause.getClass().getSimpleName())
                || (cause instanceof SocketTimeoutException
                        && "connect timed out".equalsIgnoreCase(cause.getMessage()));
    }

    private static boolean hasCause(Throwable failure, Predicate<Throwable> isMeant) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < 20; depth++) {
            if (isMeant.test(cause)) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }
}
