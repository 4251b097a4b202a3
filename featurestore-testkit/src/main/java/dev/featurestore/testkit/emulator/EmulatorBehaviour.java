package dev.featurestore.testkit.emulator;

import java.util.Objects;

/**
 * What the emulator puts on the wire where that is not documented. What the store does is a matter of
 * {@link dev.featurestore.testkit.ServiceBehaviour}. Immutable; methods starting with {@code with} return changed copies. Begin
 * with {@link #defaults()}: the constructor gets a parameter with each switch that is added.
 *
 * @param hardDeleteTooOldCode the error code of a hard delete whose event time is not later than the record's
 * @param unknownGroupOnWrite the error of a write to a group that is not there, for operations that declare none
 * @param throttleForm the form of a throttled request's answer
 * @param describePageSize how many feature definitions DescribeFeatureGroup returns at a time; at least 1
 */
public record EmulatorBehaviour(
        HardDeleteCode hardDeleteTooOldCode,
        UnknownGroup unknownGroupOnWrite,
        ThrottleForm throttleForm,
        int describePageSize) {
    /** The code of a hard delete that is too old: the model and the text of the documentation differ. */
    public enum HardDeleteCode {
        /** As the service model has it. */
        VALIDATION_ERROR("ValidationError"),
        /** As the documentation's text has it. */
        VALIDATION_EXCEPTION("ValidationException");

        private final String wireName;

        HardDeleteCode(String wireName) {
            this.wireName = wireName;
        }

        String wireName() {
            return wireName;
        }
    }

    /** A write to a group that the service cannot see. */
    public enum UnknownGroup {
        /** ValidationError, HTTP 400; observed for PutRecord. */
        VALIDATION_ERROR,
        /** ResourceNotFound, HTTP 404, as reads answer. */
        RESOURCE_NOT_FOUND
    }

    /** The answer to a throttled request: {@code ThrottlingException} with one of three statuses. */
    public enum ThrottleForm {
        /** HTTP 400. */
        BAD_REQUEST(400),
        /** HTTP 429. */
        TOO_MANY_REQUESTS(429),
        /** HTTP 503. */
        UNAVAILABLE(503);

        private final int status;

        ThrottleForm(int status) {
            this.status = status;
        }

        /** The HTTP status. */
        public int status() {
            return status;
        }

        static ThrottleForm ofStatus(int status) {
            for (ThrottleForm form : values()) {
                if (form.status == status) {
                    return form;
                }
            }
            throw new IllegalArgumentException("A throttled request is answered with 400, 429 or 503, not " + status);
        }
    }

    /** @throws IllegalArgumentException if the page size is less than 1 */
    public EmulatorBehaviour {
        Objects.requireNonNull(hardDeleteTooOldCode, "hardDeleteTooOldCode");
        Objects.requireNonNull(unknownGroupOnWrite, "unknownGroupOnWrite");
        Objects.requireNonNull(throttleForm, "throttleForm");
        if (describePageSize < 1) {
            throw new IllegalArgumentException("A page has at least 1 feature definition, got " + describePageSize);
        }
    }

    /** The best guess of how the service answers. */
    public static EmulatorBehaviour defaults() {
        return new EmulatorBehaviour(
                HardDeleteCode.VALIDATION_ERROR, UnknownGroup.VALIDATION_ERROR, ThrottleForm.BAD_REQUEST, 100);
    }

    /** A copy with another {@link #hardDeleteTooOldCode}. */
    public EmulatorBehaviour withHardDeleteTooOldCode(HardDeleteCode value) {
        return new EmulatorBehaviour(value, unknownGroupOnWrite, throttleForm, describePageSize);
    }

    /** A copy with another {@link #unknownGroupOnWrite}. */
    public EmulatorBehaviour withUnknownGroupOnWrite(UnknownGroup value) {
        return new EmulatorBehaviour(hardDeleteTooOldCode, value, throttleForm, describePageSize);
    }

    /** A copy with another {@link #throttleForm}. */
    public EmulatorBehaviour withThrottleForm(ThrottleForm value) {
        return new EmulatorBehaviour(hardDeleteTooOldCode, unknownGroupOnWrite, value, describePageSize);
    }

    /** A copy with another {@link #describePageSize}. */
    public EmulatorBehaviour withDescribePageSize(int value) {
        return new EmulatorBehaviour(hardDeleteTooOldCode, unknownGroupOnWrite, throttleForm, value);
    }
}
