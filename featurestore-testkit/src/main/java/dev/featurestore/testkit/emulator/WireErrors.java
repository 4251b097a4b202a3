package dev.featurestore.testkit.emulator;

import dev.featurestore.errors.FeatureStoreException;
import dev.featurestore.errors.UnsupportedCapabilityException;
import dev.featurestore.testkit.emulator.EmulatorBehaviour.HardDeleteCode;
import dev.featurestore.testkit.emulator.EmulatorBehaviour.ThrottleForm;
import dev.featurestore.testkit.emulator.EmulatorBehaviour.UnknownGroup;

/** The service's errors, by what went wrong. */
final class WireErrors {
    static final String VALIDATION_ERROR = "ValidationError";

    static final String VALIDATION_EXCEPTION = "ValidationException";

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
        ThrottleForm form = fault.form() == null ? behaviour.throttleForm() : fault.form();
        return new WireError("ThrottlingException", form.status(), "Rate exceeded");
    }

    /** What the store refused, as an operation on records says it. */
    WireError ofStore(FeatureStoreException refused) {
        if (refused instanceof UnsupportedCapabilityException) {
            return new WireError("NotImplemented", 501, text(refused));
        }
        String text = text(refused);
        boolean tooOld =
                text.startsWith(TOO_OLD) && behaviour.hardDeleteTooOldCode() != HardDeleteCode.VALIDATION_ERROR;
        return new WireError(tooOld ? behaviour.hardDeleteTooOldCode().wireName() : VALIDATION_ERROR, 400, text);
    }

    private static String text(FeatureStoreException refused) {
        String message = String.valueOf(refused.getMessage());
        int reason = message.indexOf(STORE_PREFIX);
        return reason < 0 ? message : message.substring(reason + STORE_PREFIX.length());
    }
}
