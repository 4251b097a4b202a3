package dev.featurestore.serving;

import dev.featurestore.errors.ErrorCode;
import dev.featurestore.view.GroupResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Vectors for tests. */
final class Served {
    static final Instant NOON = Instant.parse("2026-03-10T12:00:00.123456789Z");

    private Served() {}

    /** One with everything that a line can have, told apart by its view's name. */
    static ServedVector vector(String view) {
        return new ServedVector(
                view,
                "f".repeat(64),
                NOON,
                Map.of("card_id", "card \"1\"\n"),
                null,
                List.of(
                        new ServedGroup(
                                "cards", GroupResult.Status.FOUND, NOON.minusSeconds(5), Duration.ofMillis(1500), null),
                        new ServedGroup("shops", GroupResult.Status.ABSENT, null, Duration.ZERO, null),
                        new ServedGroup("owners", GroupResult.Status.FAILED, null, Duration.ZERO, ErrorCode.THROTTLED)),
                Map.of("count", "9007199254740993", "text", "日本 \"x\" \\ \n", "tags", "[\"a\",\"b\"]"));
    }
}
