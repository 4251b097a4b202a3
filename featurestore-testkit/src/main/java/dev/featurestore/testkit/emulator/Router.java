package dev.featurestore.testkit.emulator;

import dev.featurestore.testkit.emulator.ServiceModel.Operation;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the operation that a request is for, by the paths of the one service and the target header of the other. */
final class Router {
    static final String TARGET = "X-Amz-Target";

    private static final String CONTROL_PREFIX = "SageMaker.";

    private static final String ATHENA_PREFIX = "AmazonAthena.";

    private final ServiceModel runtime;

    private final ServiceModel control;

    private final ServiceModel athena;

    Router(ServiceModel runtime, ServiceModel control, ServiceModel athena) {
        this.runtime = runtime;
        this.control = control;
        this.athena = athena;
    }

    /** How a service writes its answers. */
    enum Protocol {
        /** The runtime service. */
        REST_JSON("application/json", WireErrors.VALIDATION_ERROR),
        /** The control plane. */
        JSON_1_1("application/x-amz-json-1.1", WireErrors.VALIDATION_EXCEPTION),
        /** Athena: as the control plane, with errors of its own. */
        ATHENA("application/x-amz-json-1.1", WireErrors.INVALID_REQUEST);

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
            if (target.startsWith(ATHENA_PREFIX)) {
                String name = target.substring(ATHENA_PREFIX.length());
                return new Route(Protocol.ATHENA, name, athena.operation(name), Map.of());
            }
            String name = target.startsWith(CONTROL_PREFIX) ? target.substring(CONTROL_PREFIX.length()) : target;
            Operation operation = target.startsWith(CONTROL_PREFIX) ? control.operation(name) : null;
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
