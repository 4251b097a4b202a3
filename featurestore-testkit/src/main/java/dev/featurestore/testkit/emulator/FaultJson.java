package dev.featurestore.testkit.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.featurestore.testkit.emulator.EmulatorBehaviour.ThrottleForm;
import dev.featurestore.testkit.emulator.WireFault.Kind;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** Faults in the JSON of {@code docs/emulator.md}: what is listed can be set again. */
final class FaultJson {
    private static final Set<String> COMMON = Set.of("fault", "operation", "times", "rate", "shard");

    private static final double NANOS_PER_MILLI = 1e6;

    private FaultJson() {}

    /**
     * Sets the fault that a request describes.
     *
     * @throws IllegalArgumentException if it does not describe one, or has a member that does not belong to it
     */
    static void set(JsonNode request, WireFaults faults) {
        Kind kind = Kind.ofWireName(request.path("fault").asText());
        requireMembers(request, kind);
        String operation = request.path("operation").asText(WireFaults.ANY_OPERATION);
        WireFault anywhere = fault(kind, request);
        WireFault fault = request.has("shard") ? anywhere.onShard(number(request, "shard", 1)) : anywhere;
        if (!request.has("rate")) {
            faults.next(operation, (int) number(request, "times", 1), fault);
        } else if (request.has("times")) {
            throw new IllegalArgumentException("A fault has times or a rate, not both");
        } else {
            faults.atRate(operation, number(request, "rate", 0), fault);
        }
    }

    private static void requireMembers(JsonNode request, Kind kind) {
        Set<String> allowed = new HashSet<>(COMMON);
        allowed.addAll(
                switch (kind) {
                    case THROTTLED -> Set.of("status");
                    case LATENCY -> Set.of("medianMillis", "p99Millis", "curve");
                    case UNPROCESSED -> Set.of("share");
                    case STALE_READ -> Set.of("lagMillis");
                    default -> Set.of();
                });
        request.fieldNames().forEachRemaining(member -> {
            if (!allowed.contains(member)) {
                throw new IllegalArgumentException("The fault " + kind.wireName() + " has no member '" + member + "'");
            }
        });
    }

    private static WireFault fault(Kind kind, JsonNode request) {
        return switch (kind) {
            case THROTTLED ->
                request.has("status")
                        ? WireFault.throttled(ThrottleForm.ofStatus((int) number(request, "status", 0)))
                        : WireFault.throttled();
            case INTERNAL_FAILURE -> WireFault.internalFailure();
            case SERVICE_UNAVAILABLE -> WireFault.serviceUnavailable();
            case LATENCY -> {
                if (request.has("curve")) {
                    yield curve(request);
                }
                Duration median = millis(request, "medianMillis");
                yield WireFault.latency(median, request.has("p99Millis") ? millis(request, "p99Millis") : median);
            }
            case DROPPED_BEFORE -> WireFault.droppedBefore();
            case DROPPED_AFTER -> WireFault.droppedAfter();
            case UNPROCESSED -> WireFault.unprocessed(number(request, "share", 1));
            case GROUP_NOT_FOUND -> WireFault.groupNotFound();
            case STALE_READ ->
                request.has("lagMillis") ? WireFault.staleRead(millis(request, "lagMillis")) : WireFault.staleRead();
        };
    }

    private static WireFault curve(JsonNode request) {
        if (request.has("medianMillis") || request.has("p99Millis")) {
            throw new IllegalArgumentException("A latency has a curve or a median, not both");
        }
        return WireFault.latency(LatencyCurve.ofWireName(request.path("curve").asText()));
    }

    private static double number(JsonNode request, String member, double otherwise) {
        JsonNode value = request.path(member);
        if (!value.isMissingNode() && !value.isNumber()) {
            throw new IllegalArgumentException("The member '" + member + "' is not a number");
        }
        return value.asDouble(otherwise);
    }

    private static Duration millis(JsonNode request, String member) {
        return Duration.ofNanos((long) (number(request, member, 0) * NANOS_PER_MILLI));
    }

    static ObjectNode write(WireFaults faults) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode scripted = json.putArray("scripted");
        ArrayNode random = json.putArray("random");
        for (WireFaults.Setting setting : faults.settings()) {
            ObjectNode fault = setting.times() > 0 ? scripted.addObject() : random.addObject();
            fault.put("operation", setting.operation());
            write(setting.fault(), fault);
            if (setting.times() > 0) {
                fault.put("times", setting.times());
            } else {
                fault.put("rate", setting.rate());
            }
        }
        return json;
    }

    private static void write(WireFault fault, ObjectNode json) {
        json.put("fault", fault.kind().wireName());
        ThrottleForm form = fault.form();
        if (form != null) {
            json.put("status", form.status());
        }
        if (fault.shard() < 1) {
            json.put("shard", fault.shard());
        }
        switch (fault.kind()) {
            case LATENCY -> {
                LatencyCurve curve = fault.curve();
                if (curve != null) {
                    json.put("curve", curve.wireName());
                    break;
                }
                json.put("medianMillis", fault.median().toNanos() / NANOS_PER_MILLI);
                json.put("p99Millis", fault.p99().toNanos() / NANOS_PER_MILLI);
            }
            case UNPROCESSED -> json.put("share", fault.share());
            case STALE_READ -> {
                if (!fault.lag().isZero()) {
                    json.put("lagMillis", fault.lag().toNanos() / NANOS_PER_MILLI);
                }
            }
            default -> {
                // nothing but the kind
            }
        }
    }
}
