package dev.featurestore.testkit.emulator;

import dev.featurestore.testkit.emulator.ServiceModel.Operation;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the operation that a request is for, by the paths of the one service and the target header of the other. */
final class Router {
    static final String TARGET = "X-Amz-Target";

    private static final String TARGET_PREFIX = "SageMaker.";

    private final ServiceModel runtime;

    private final ServiceModel control;

    Router(ServiceModel runtime, ServiceModel control) {
        this.runtime = runtime;
        this.control = control;
    }

    /** How a service writes its answers. */
    enum Protocol {
        /** The runtime service. */
        REST_JSON("application/json", WireErrors.VALIDATION_ERROR),
        /** The control plane. */
        JSON_1_1("application/x-amz-json-1.1", WireErrors.VALIDATION_EXCEPTION);

        private final String contentType;

        private final String invalid;

        Protocol(String contentType, String invalid) {
            this.contentType = contentType;
            this.invalid = invalid;
        }

        String contentType() {
            return contentType;
        }

        WireError invalid(String message) {
            return new WireError(invalid, 400, message);
        }
    }

    /**
     * Where a request goes.
     *
     * @param name the operation's name, or what to call it if there is none
     * @param operation null if the emulator does not have it
     * @param labels the path's labels, percent-encoded as they came
     */
    record Route(Protocol protocol, String name, @Nullable Operation operation, Map<String, String> labels) {}

    Route route(String method, String rawPath, @Nullable String target) {
        if (target != null) {
            String name = target.startsWith(TARGET_PREFIX) ? target.substring(TARGET_PREFIX.length()) : target;
            Operation operation = target.startsWith(TARGET_PREFIX) ? control.operation(name) : null;
            return new Route(Protocol.JSON_1_1, name, operation, Map.of());
        }
        String[] segments = ServiceModel.segments(rawPath);
        for (Operation operation : runtime.operations()) {
            Map<String, String> labels = operation.labels(method, segments);
            if (labels != null) {
                return new Route(Protocol.REST_JSON, operation.name(), operation, labels);
            }
        }
        return new Route(Protocol.REST_JSON, "Unknown", null, Map.of());
    }
}
