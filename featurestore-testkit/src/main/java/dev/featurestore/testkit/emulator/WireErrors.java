package dev.featurestore.testkit.emulator;

import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.testkit.emulator.EmulatorBehaviour.ThrottleForm;
import dev.featurestore.testkit.emulator.EmulatorBehaviour.UnknownGroup;

/** The service's errors, by what went wrong. */
final class WireErrors {
    static final String VALIDATION_ERROR = "ValidationError";

    static final String VALIDATION_EXCEPTION = "ValidationException";

    static final String INVALID_REQUEST = "InvalidRequestException";

    static final String RESOURCE_NOT_FOUND = "ResourceNotFound";

    /** How the store begins what it says of a refused request; the service does not. */
    private static final String STORE_PREFIX = " refuses the request: ";

    /** How the store begins what it says of a hard delete that is too old. */
    private static final String TOO_OLD = "EventTime: 400";

    private final EmulatorBehaviour behaviour;

    WireErrors(EmulatorBehaviour behaviour) {
        this.behaviour = behaviour;
    }

    static WireError validationError(String message) {
        return new WireError(VALIDATION_ERROR, 400, message);
    }

    /** Of the control plane. */
    static WireError validationException(String message) {
        return new WireError(VALIDATION_EXCEPTION, 400, message);
    }

    /** Of Athena. */
    static WireError invalidRequest(String message) {
        return new WireError(INVALID_REQUEST, 400, message);
    }

    /** Of Athena. */
    static WireError tooManyQueries() {
        return new WireError("TooManyRequestsException", 400, "Rate exceeded");
    }

    /** Of the control plane, whose errors all have status 400. */
    static WireError noSuchGroup(String nameOrArn) {
        return new WireError(RESOURCE_NOT_FOUND, 400, notFoundText(nameOrArn));
    }

    static String notFoundText(String nameOrArn) {
        return "Resource Not Found: Amazon SageMaker can't find a FeatureGroup with name [" + nameOrArn + "].";
    }

    /** A group that is not there, as the operation on its records says it. */
    WireError unknownGroup(ServiceModel.Operation operation, String nameOrArn) {
        boolean declared = operation.errors().contains(RESOURCE_NOT_FOUND);
        return declared || behaviour.unknownGroupOnWrite() == UnknownGroup.RESOURCE_NOT_FOUND
                ? new WireError(RESOURCE_NOT_FOUND, 404, notFoundText(nameOrArn))
                : validationError(notFoundText(nameOrArn));
    }

    WireError throttled(WireFault fault) {
        return throttled(fault.form() == null ? behaviour.throttleForm() : fault.form());
    }

    private static WireError throttled(ThrottleForm form) {
        return new WireError("ThrottlingException", form.status(), "Rate exceeded");
    }

    /** What the store refused or failed to do, as an operation on records says it. The store may have faults of its own. */
    WireError ofStore(FeatureStoreException failure) {
        String text = text(failure);
        return switch (failure.code()) {
            case THROTTLED -> throttled(behaviour.throttleForm());
            case UNAVAILABLE -> new WireError("ServiceUnavailable", 503, text);
            case WRITE_OUTCOME_UNKNOWN -> WireError.connectionDropped();
            case ACCESS_DENIED -> new WireError("AccessForbidden", 403, text);
            case FEATURE_GROUP_NOT_FOUND -> new WireError(RESOURCE_NOT_FOUND, 404, text);
            case UNSUPPORTED_CAPABILITY -> new WireError("NotImplemented", 501, text);
            default ->
                new WireError(
                        text.startsWith(TOO_OLD)
                                ? behaviour.hardDeleteTooOldCode().wireName()
                                : VALIDATION_ERROR,
                        400,
                        text);
        };
    }

    private static String text(FeatureStoreException failure) {
        String message = String.valueOf(failure.getMessage());
        int reason = message.indexOf(STORE_PREFIX);
        return reason < 0 ? message : message.substring(reason + STORE_PREFIX.length());
    }
}
