package dev.featurestore.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.featurestore.errors.ErrorCode;
import dev.featurestore.errors.FeatureStoreException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.apache.http.conn.ConnectTimeoutException;
import org.apache.http.conn.ConnectionPoolTimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sagemakerfeaturestoreruntime.model.SageMakerFeatureStoreRuntimeException;

class ServiceErrorsTest {
    private static final ServiceErrors.Call READ =
            new ServiceErrors.Call("Getting a record of feature group 'cards'", "cards", false);

    private static final ServiceErrors.Call WRITE =
            new ServiceErrors.Call("Putting a record to feature group 'cards'", "cards", true);

    @ParameterizedTest(name = "{0} ({1}) is {2} for a read and {3} for a write")
    @CsvSource({
        "ValidationError,           400, INVALID_REQUEST,         INVALID_REQUEST",
        "ValidationException,       400, INVALID_REQUEST,         INVALID_REQUEST",
        "ConflictException,         409, INVALID_REQUEST,         INVALID_REQUEST",
        "AccessForbidden,           403, ACCESS_DENIED,           ACCESS_DENIED",
        "AccessDeniedException,     400, ACCESS_DENIED,           ACCESS_DENIED",
        "ExpiredTokenException,     403, ACCESS_DENIED,           ACCESS_DENIED",
        "ResourceNotFound,          404, FEATURE_GROUP_NOT_FOUND, FEATURE_GROUP_NOT_FOUND",
        "ThrottlingException,       400, THROTTLED,               THROTTLED",
        "ThrottlingException,       503, THROTTLED,               THROTTLED",
        "TooManyRequestsException,  429, THROTTLED,               THROTTLED",
        "Unheard,                   429, THROTTLED,               THROTTLED",
        "ResourceLimitExceeded,     400, THROTTLED,               THROTTLED",
        "InternalFailure,           500, UNAVAILABLE,             WRITE_OUTCOME_UNKNOWN",
        "ServiceUnavailable,        503, UNAVAILABLE,             UNAVAILABLE",
        "Unheard,                   502, UNAVAILABLE,             WRITE_OUTCOME_UNKNOWN",
        "InternalFailure,           501, UNSUPPORTED_CAPABILITY,  UNSUPPORTED_CAPABILITY",
        "Unheard,                   504, UNAVAILABLE,             WRITE_OUTCOME_UNKNOWN",
        "RequestTimeout,            400, UNAVAILABLE,             UNAVAILABLE",
        "Unheard,                   408, UNAVAILABLE,             UNAVAILABLE",
        "ExpiredToken,              400, ACCESS_DENIED,           ACCESS_DENIED",
        "SignatureDoesNotMatch,     400, ACCESS_DENIED,           ACCESS_DENIED",
    })
    void codesOfTheServiceBecomeOurOwn(String code, int status, ErrorCode read, ErrorCode write) {
        assertThat(ServiceErrors.of(answer(code, status, "why"), READ).code()).isEqualTo(read);
        assertThat(ServiceErrors.of(answer(code, status, "why"), WRITE).code()).isEqualTo(write);
    }

    @Test
    void aBadRequestThatSaysThereIsNoSuchGroupIsNotFound() {
        FeatureStoreException failure = ServiceErrors.of(
                answer(
                        "ValidationError",
                        400,
                        "Resource Not Found: Amazon SageMaker can't find a FeatureGroup with name [cards]."),
                WRITE);

        assertThat(failure.code()).isEqualTo(ErrorCode.FEATURE_GROUP_NOT_FOUND);
        assertThat(failure.featureGroupName()).contains("cards");
        assertThat(failure.requestId()).contains("request-1");
    }

    @Test
    void aResourceInUseIsWorthAnotherAttemptUnlessItExists() {
        assertThat(code(answer("ResourceInUse", 400, "Resource In Use: it is being updated"), WRITE))
                .isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(code(answer("ResourceInUse", 400, "Resource Already Exists: cards already exists."), WRITE))
                .isEqualTo(ErrorCode.INVALID_REQUEST);
    }

    @Test
    void whatTheServiceQuotesIsCutOut() {
        FeatureStoreException failure = ServiceErrors.of(
                answer("ValidationException", 400, "Value 'S3CRET' at 'recordIdentifierValueAsString' failed"), READ);

        assertThat(failure)
                .hasMessageContaining("Getting a record of feature group 'cards'")
                .hasMessageNotContaining("S3CRET");
        assertThat(failure.getCause()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Value 'O'S3CRET' at 'recordIdentifierValueAsString' failed to satisfy constraint: too long",
                "2 validation errors detected: Value '' S3CRET ' at 'record.1.member.valueAsString' failed; "
                        + "Value 'a 'S3CRET' at 'recordIdentifierValueAsString' failed to satisfy constraint: too long",
                "The value \"a \"S3CRET\" b\" at 'recordIdentifierValueAsString' failed to satisfy: \"S3CRET'\" too long",
            })
    void whatTheServiceQuotesIsCutOutWhereItHasQuotesItself(String message) {
        assertThat(ServiceErrors.of(answer("ValidationError", 400, message), WRITE))
                .hasMessageNotContaining("S3CRET")
                .hasMessageContaining("at 'recordIdentifierValueAsString' failed")
                .hasMessageContaining("too long");
    }

    @Test
    void anAnswerThatIsNotTheServicesIsToldAsSuch() {
        assertThat(ServiceErrors.of(answer(null, 502, null), READ))
                .hasMessage("Getting a record of feature group" + " 'cards': the service answers without a code (502)");
    }

    @ParameterizedTest(name = "{0} of one key is {1}")
    @CsvSource({
        "ThrottlingException,                     THROTTLED",
        "ProvisionedThroughputExceededException,  THROTTLED",
        "TooManyRequestsException,                THROTTLED",
        "InternalFailure,                         UNAVAILABLE",
        "InternalServerError,                     UNAVAILABLE",
        "ServiceUnavailable,                      UNAVAILABLE",
        "ResourceNotFound,                        FEATURE_GROUP_NOT_FOUND",
        "AccessDeniedException,                   ACCESS_DENIED",
        "ValidationError,                         INVALID_REQUEST",
    })
    void codesOfSingleKeysBecomeOurOwn(String code, ErrorCode expected) {
        assertThat(ServiceErrors.of(code, "why", READ).code()).isEqualTo(expected);
    }

    @Test
    void aWriteThatNeverGotAnAnswerIsUnknown() {
        assertThat(code(ApiCallTimeoutException.create(10), WRITE)).isEqualTo(ErrorCode.WRITE_OUTCOME_UNKNOWN);
        assertThat(code(noAnswer(new SocketTimeoutException("read")), WRITE))
                .isEqualTo(ErrorCode.WRITE_OUTCOME_UNKNOWN);
        assertThat(code(noAnswer(new IOException("reset")), READ)).isEqualTo(ErrorCode.UNAVAILABLE);
    }

    @Test
    void aWriteThatCouldNotBeSentIsNotUnknown() {
        assertThat(code(noAnswer(new ConnectException("refused")), WRITE)).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(code(noAnswer(new SSLHandshakeException("no common cipher")), WRITE))
                .isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(code(noAnswer(new SocketTimeoutException("Connect timed out")), WRITE))
                .isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(code(noAnswer(new ConnectTimeoutException("to a host")), WRITE))
                .isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(code(noAnswer(new ConnectionPoolTimeoutException("none free")), WRITE))
                .isEqualTo(ErrorCode.UNAVAILABLE);
    }

    @Test
    void missingCredentialsAreToldAsSuch() {
        SdkException failure = SdkClientException.create("Unable to load credentials from any of the providers");

        assertThat(ServiceErrors.of(failure, WRITE))
                .hasMessageContaining("no credentials could be loaded")
                .extracting(FeatureStoreException::code)
                .isEqualTo(ErrorCode.ACCESS_DENIED);
    }

    private static ErrorCode code(SdkException failure, ServiceErrors.Call call) {
        return ServiceErrors.of(failure, call).code();
    }

    private static SdkException noAnswer(IOException cause) {
        return SdkClientException.create("Unable to execute HTTP request", cause);
    }

    static AwsServiceException answer(@Nullable String code, int status, @Nullable String message) {
        return SageMakerFeatureStoreRuntimeException.builder()
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code)
                        .errorMessage(message)
                        .build())
                .statusCode(status)
                .requestId("request-1")
                .build();
    }
}
