package dev.featurestore.testkit.emulator;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** Carries out one operation. */
@FunctionalInterface
interface EmulatedOperation {
    /**
     * Does it, and writes the answer's body; nothing for an empty one.
     *
     * @throws WireError if the service refuses it
     */
    void answer(EmulatedCall call, JsonGenerator out) throws IOException;
}
