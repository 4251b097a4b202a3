package dev.featurestore.testkit.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * One request, read and checked against the service model.
 *
 * @param operation what is asked for
 * @param input the members of the request, wherever they were in it
 * @param faults what happens to it
 */
record EmulatedCall(ServiceModel.Operation operation, JsonNode input, WireFaults.Draw faults) {
    /** The text of a member that the model requires. */
    String text(String member) {
        return input.path(member).asText();
    }

    /** The text of a member, or null. */
    @Nullable
    String optionalText(String member) {
        JsonNode value = input.get(member);
        return value == null || value.isNull() ? null : value.asText();
    }

    /** A member that is there and not null, or null. */
    @Nullable
    JsonNode optional(String member) {
        return optional(input, member);
    }

    static @Nullable JsonNode optional(JsonNode parent, String member) {
        JsonNode value = parent.get(member);
        return value == null || value.isNull() ? null : value;
    }
}
