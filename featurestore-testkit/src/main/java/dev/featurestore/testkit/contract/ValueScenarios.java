package dev.featurestore.testkit.contract;

import static dev.featurestore.testkit.contract.ScenarioBuilder.CARDS;
import static dev.featurestore.testkit.contract.ScenarioBuilder.asServed;
import static dev.featurestore.testkit.contract.ScenarioBuilder.eventTime;
import static dev.featurestore.testkit.contract.ScenarioBuilder.recordOf;

import dev.featurestore.WriteOptions;
import dev.featurestore.schema.EventTimeFormat;
import dev.featurestore.schema.Feature;
import dev.featurestore.schema.FeatureGroup;
import dev.featurestore.schema.FeatureRecord;
import dev.featurestore.view.FeatureView;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Scenarios of forms and values: times as others write them, identifiers, names, numbers and texts at their edges. */
final class ValueScenarios {
    private static final String EMPTY_TEXT = "";

    private static final FeatureGroup<FeatureRecord> EPOCH = FeatureGroup.named("epoch-cards")
            .recordIdentifier(ScenarioBuilder.CARD_ID)
            .eventTime(Feature.eventTime("event_ts", EventTimeFormat.epochSeconds(6)))
            .features(ScenarioBuilder.AMOUNT, ScenarioBuilder.COUNT, ScenarioBuilder.CITY)
            .onlineStore()
            .offlineStore(offline -> offline.s3Uri("s3://bucket/features"))
            .build();

    private static final FeatureGroup<FeatureRecord> NUMBERED = FeatureGroup.named("numbered-cards")
            .recordIdentifier(Feature.integral("card_id"))
            .eventTime(ScenarioBuilder.EVENT_TS)
            .features(ScenarioBuilder.AMOUNT, ScenarioBuilder.COUNT, ScenarioBuilder.CITY)
            .onlineStore()
            .offlineStore(offline -> offline.s3Uri("s3://bucket/features"))
            .build();

    private static final FeatureGroup<FeatureRecord> FRACTIONS = FeatureGroup.named("fractional-cards")
            .recordIdentifier(Feature.fractional("card_id"))
            .eventTime(ScenarioBuilder.EVENT_TS)
            .features(ScenarioBuilder.AMOUNT, ScenarioBuilder.COUNT, ScenarioBuilder.CITY)
            .onlineStore()
            .offlineStore(offline -> offline.s3Uri("s3://bucket/features"))
            .build();

    /** Names that an engine folds, quotes, reserves or uses for its folders. */
    private static final FeatureGroup<FeatureRecord> NAMED = FeatureGroup.named("Mixed-Case_Group")
            .recordIdentifier(Feature.string("Select"))
            .eventTime(Feature.eventTime("Order-By"))
            .features(
                    Feature.string("HOUR"),
                    Feature.integral("year"),
                    Feature.fractional("With-Hyphen"),
                    Feature.string("group"),
                    Feature.string("null"))
            .onlineStore()
            .offlineStore(offline -> offline.s3Uri("s3://bucket/features"))
            .build();

    private static final FeatureGroup<FeatureRecord> TYPED = FeatureGroup.named("typed-cards")
            .recordIdentifier(ScenarioBuilder.CARD_ID)
            .eventTime(ScenarioBuilder.EVENT_TS)
            .features(
                    Feature.integral("whole"),
                    Feature.fractional("number"),
                    Feature.string("text").withDefault("it's \"none\""),
                    Feature.fractional("zero").withDefault(-0.0),
                    Feature.integral("least").withDefault(Long.MIN_VALUE))
            .onlineStore()
            .offlineStore(offline -> offline.s3Uri("s3://bucket/features"))
            .build();

    private static final FeatureView TWO_GROUPS = FeatureView.named("model")
            .from(CARDS, select -> select.key("card").features(ScenarioBuilder.AMOUNT))
            .from(NUMBERED, select -> select.key("number").prefix("n_").features(ScenarioBuilder.AMOUNT))
            .build();

    private static final FeatureView TWICE = FeatureView.named("model")
            .from(
                    CARDS,
                    select -> select.named("sender")
                            .key("sender")
                            .prefix("sender ")
                            .features(ScenarioBuilder.AMOUNT))
            .from(
                    CARDS,
                    select -> select.named("receiver")
                            .key("receiver")
                            .prefix("receiver\"s ")
                            .features(ScenarioBuilder.AMOUNT))
            .build();

    private ValueScenarios() {}

    static List<PointInTimeScenario> all() {
        return List.of(
                eventTime("Event times of mixed precision are in the order of time, not of text")
                        .otherWriter("12:00:05", "2025-03-10T12:00:05Z", "amount", "1.0")
                        .otherWriter("12:00:06", "2025-03-10T12:00:05.500Z", "amount", "2.0")
                        .otherWriter("12:00:07", "2025-03-10T12:00:05.500000001Z", "amount", "3.0")
                        .label("12:00:05.4", 1.0, 0L, null)
                        .usedRowOf("12:00:05")
                        .label("12:00:05.5", 2.0, 0L, null)
                        .usedRowOf("12:00:05.5")
                        .label("12:00:05.6", 3.0, 0L, null)
                        .usedRowOf("12:00:05.500000001")
                        .build(),
                eventTime("One instant in two precisions is one event time, and the later arrival counts")
                        .otherWriter("12:00:06", "2025-03-10T12:00:05.000Z", "amount", "1.0")
                        .otherWriter("12:00:07", "2025-03-10T12:00:05Z", "amount", "2.0")
                        .label("12:00:05", 2.0, 0L, null)
                        .build(),
                eventTime("Event times are told apart by the nanosecond")
                        .put("12:00:00.123456788", "amount", 1.0)
                        .put("12:00:00.123456789", "amount", 2.0)
                        .put("12:00:00.123456790", "amount", 3.0)
                        .labelWithoutRow("12:00:00.123456787")
                        .label("12:00:00.123456788", 1.0, 0L, null)
                        .label("12:00:00.123456789", 2.0, 0L, null)
                        .usedRowOf("12:00:00.123456789")
                        .label("12:00:00.123456790", 3.0, 0L, null)
                        .build(),
                eventTime("Event times in epoch seconds are told apart by the microsecond", EPOCH)
                        .put("12:00:00.123456", "amount", 1.0)
                        .put("12:00:00.123457", "amount", 2.0)
                        .labelWithoutRow("12:00:00.123455999")
                        .label("12:00:00.123456", 1.0, 0L, null)
                        .usedRowOf("12:00:00.123456")
                        .label("12:00:00.123456999", 1.0, 0L, null)
                        .label("12:00:00.123457", 2.0, 0L, null)
                        .build(),
                eventTime("Event times in epoch seconds may lie before the epoch", EPOCH)
                        .arriving("12:00:00", "1969-12-31T23:59:59.250000Z", "amount", 1.0)
                        .label("1969-12-31T23:59:59.250000Z", 1.0, 0L, null)
                        .usedRowOf("1969-12-31T23:59:59.250000Z")
                        .labelWithoutRow("1969-12-31T23:59:59.249999Z")
                        .build(),
                eventTime("Event times and labels reach from the first year to the last")
                        .arriving("12:00:00", "0001-01-01T00:00:00.000000001Z", "amount", 1.0)
                        .arriving("12:00:01", "9999-12-31T23:59:59.999999999Z", "amount", 2.0)
                        .labelWithoutRow("0001-01-01T00:00:00.000000000Z")
                        .label("0001-01-01T00:00:00.000000001Z", 1.0, 0L, null)
                        .label("9999-12-31T23:59:59.999999998Z", 1.0, 0L, null)
                        .label("9999-12-31T23:59:59.999999999Z", 2.0, 0L, null)
                        .build(),
                eventTime("A history that spans many hours is one history")
                        .arriving("12:00:00", "2024-12-31T23:59:59.999999999Z", "amount", 1.0)
                        .arriving("12:00:01", "2025-01-01T00:00:00.000000000Z", "amount", 2.0)
                        .arriving("12:00:02", "2025-02-28T13:00:00.000000000Z", "amount", 3.0)
                        .label("2024-12-31T23:59:59.999999999Z", 1.0, 0L, null)
                        .label("2025-01-01T00:00:00.000000000Z", 2.0, 0L, null)
                        .label("2025-03-01T00:00:00.000000000Z", 3.0, 0L, null)
                        .build(),
                asServed("Event times of mixed precision are in the order of time where they arrived, too")
                        .otherWriter("12:00:05", "2025-03-10T12:00:05.500Z", "amount", "1.0")
                        .otherWriter("12:00:06", "2025-03-10T12:00:05Z", "amount", "2.0")
                        .otherWriter("12:00:07", "2025-03-10T12:00:05.500000001Z", "amount", "3.0")
                        .label("12:00:05", 1.0, 0L, null)
                        .label("12:00:06", 1.0, 0L, null)
                        .usedRowOf("12:00:05.5", "12:00:05")
                        .label("12:00:07", 3.0, 0L, null)
                        .build(),
                asServed(
                                "Event times in epoch seconds are told apart by the microsecond where they arrived, too",
                                EPOCH)
                        .arriving("12:01:00", "12:00:00.123457", "amount", 1.0)
                        .arriving("12:02:00", "12:00:00.123456", "amount", 2.0)
                        .label("12:01:30", 1.0, 0L, null)
                        .label("12:02:30", 1.0, 0L, null)
                        .usedRowOf("12:00:00.123457", "12:01:00")
                        .build(),
                eventTime("A maximum age of event times in epoch seconds is inclusive", EPOCH)
                        .maxAge(Duration.ofMinutes(5))
                        .put("12:00:00.000001", "amount", 1.0)
                        .label("12:05:00.000001", 1.0, 0L, null)
                        .labelWithoutRow("12:05:00.000001001")
                        .build(),
                numbered(),
                fractions(),
                texts(),
                names(),
                twoGroups(),
                twice(),
                keptColumns(),
                numbersAndTexts());
    }

    private static PointInTimeScenario numbered() {
        return eventTime("Identifiers that are numbers are compared as numbers", NUMBERED)
                .putCard(1L, "12:00:00", "amount", 1.0)
                .putCard(10L, "12:00:01", "amount", 10.0)
                .putCard(-1L, "12:00:02", "amount", -1.0)
                .putCard(Long.MAX_VALUE, "12:00:03", "amount", 2.0)
                .putCard(Long.MIN_VALUE, "12:00:04", "amount", 3.0)
                .label("13:00:00", 1L, 1.0, 0L, null)
                .label("13:00:00", 10L, 10.0, 0L, null)
                .label("13:00:00", -1L, -1.0, 0L, null)
                .label("13:00:00", Long.MAX_VALUE, 2.0, 0L, null)
                .label("13:00:00", Long.MAX_VALUE - 1, null, 0L, null)
                .label("13:00:00", Long.MIN_VALUE, 3.0, 0L, null)
                .build();
    }

    private static PointInTimeScenario fractions() {
        return eventTime("Identifiers that are fractions are compared as numbers", FRACTIONS)
                .putCard(0.5, "12:00:00", "amount", 1.0)
                .putCard(2.0, "12:00:01", "amount", 2.0)
                .putCard(0.1 + 0.2, "12:00:02", "amount", 3.0)
                .putCard(1e22, "12:00:03", "amount", 4.0)
                .label("13:00:00", 0.5, 1.0, 0L, null)
                .label("13:00:00", 2.0, 2.0, 0L, null)
                .label("13:00:00", 0.3, null, 0L, null)
                .label("13:00:00", 0.1 + 0.2, 3.0, 0L, null)
                .label("13:00:00", 1e22, 4.0, 0L, null)
                .build();
    }

    private static PointInTimeScenario texts() {
        return eventTime("Identifiers that are texts are compared letter by letter")
                .putCard("O'Brien \"x\"", "12:00:00", "amount", 1.0)
                .putCard("o'brien \"x\"", "12:00:01", "amount", 2.0)
                .putCard("01", "12:00:02", "amount", 3.0)
                .putCard("日本\uD83D\uDE00\n", "12:00:03", "amount", 4.0)
                .putCard(" ", "12:00:04", "amount", 5.0)
                .putCard("%_\\", "12:00:05", "amount", 6.0)
                .label("13:00:00", "O'Brien \"x\"", 1.0, 0L, null)
                .label("13:00:00", "o'brien \"x\"", 2.0, 0L, null)
                .label("13:00:00", "01", 3.0, 0L, null)
                .label("13:00:00", "1", null, 0L, null)
                .label("13:00:00", "日本\uD83D\uDE00\n", 4.0, 0L, null)
                .label("13:00:00", " ", 5.0, 0L, null)
                .label("13:00:00", "  ", null, 0L, null)
                .label("13:00:00", "%_\\", 6.0, 0L, null)
                .label("13:00:00", "%_", null, 0L, null)
                .build();
    }

    private static PointInTimeScenario names() {
        FeatureView view = FeatureView.named("model")
                .from(NAMED, select -> select.key("From").prefix("The \"").allFeatures())
                .build();
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("The \"HOUR", "noon");
        row.put("The \"year", 1999L);
        row.put("The \"With-Hyphen", 0.5);
        row.put("The \"group", "a");
        row.put("The \"null", null);
        return eventTime("Names keep their case and may be words of the engine's", NAMED)
                .view(view)
                .putCard("card-1", "12:00:00", "HOUR", "noon", "year", 1999L, "With-Hyphen", 0.5, "group", "a")
                .label("13:00:00", Map.of("From", "card-1"), row)
                .build();
    }

    private static PointInTimeScenario twoGroups() {
        Map<String, @Nullable Object> first = new LinkedHashMap<>();
        first.put("amount", 1.0);
        first.put("n_amount", null);
        Map<String, @Nullable Object> both = new LinkedHashMap<>();
        both.put("amount", 1.0);
        both.put("n_amount", 2.0);
        return eventTime("Each group gives its own, whether the other one has a row or not")
                .view(TWO_GROUPS)
                .put("12:00:00", "amount", 1.0)
                .put("12:05:00", recordOf(NUMBERED, 7L, "12:05:00", "amount", 2.0), WriteOptions.defaults())
                .label("12:04:00", Map.of("card", "card-1", "number", 7L), first)
                .label("12:05:00", Map.of("card", "card-1", "number", 7L), both)
                .build();
    }

    private static PointInTimeScenario twice() {
        return eventTime("A view may take one group by two keys")
                .view(TWICE)
                .putCard("a", "12:00:00", "amount", 1.0)
                .putCard("b", "12:00:01", "amount", 2.0)
                .label(
                        "13:00:00",
                        Map.of("sender", "a", "receiver", "b"),
                        Map.of("sender amount", 1.0, "receiver\"s amount", 2.0))
                .label(
                        "13:00:00",
                        Map.of("sender", "b", "receiver", "b"),
                        Map.of("sender amount", 2.0, "receiver\"s amount", 2.0))
                .build();
    }

    private static PointInTimeScenario keptColumns() {
        Map<String, @Nullable Object> columns = new LinkedHashMap<>();
        columns.put("card", "card-1");
        columns.put("is it\"s fraud", true);
        columns.put("Score", 0.1);
        columns.put("note", EMPTY_TEXT);
        Map<String, @Nullable Object> nulls = new LinkedHashMap<>();
        columns.keySet().forEach(column -> nulls.put(column, null));
        Map<String, @Nullable Object> nothing = new LinkedHashMap<>();
        nothing.put("amount", null);
        return eventTime("Columns of the labels come back as they were, empty texts and nulls included")
                .put("12:00:00", "amount", 1.0)
                .label("13:00:00", columns, Map.of("amount", 1.0))
                .label("13:00:00", nulls, nothing)
                .build();
    }

    private static PointInTimeScenario numbersAndTexts() {
        FeatureView view = FeatureView.named("model")
                .from(TYPED, select -> select.key("card").allFeatures())
                .build();
        Map<String, @Nullable Object> defaults = new LinkedHashMap<>();
        defaults.put("whole", null);
        defaults.put("number", null);
        defaults.put("text", "it's \"none\"");
        defaults.put("zero", -0.0);
        defaults.put("least", Long.MIN_VALUE);
        ScenarioBuilder scenario = eventTime("Numbers and texts at their edges come back bit by bit", TYPED)
                .view(view)
                .label("11:00:00", Map.of("card", "card-1"), defaults);
        List<Map<String, Object>> rows = List.of(
                row(Long.MAX_VALUE, -0.0, EMPTY_TEXT, 0.0, 0L),
                row(Long.MIN_VALUE, Double.MIN_VALUE, " ", Double.MIN_NORMAL, -1L),
                row((1L << 53) + 1, Double.MAX_VALUE, "O'Brien \"x\" \\ % \n\t", -Double.MAX_VALUE, 1L << 53),
                row(-1L, 0.1 + 0.2, "日本\uD83D\uDE00é", 1e-5, 1L),
                row(0L, Math.PI, "NULL", 123456789.125, Long.MAX_VALUE));
        for (int i = 0; i < rows.size(); i++) {
            Map<String, Object> row = rows.get(i);
            String time = "12:0" + i + ":00";
            scenario.put(
                            time,
                            row.entrySet().stream()
                                    .flatMap(entry -> List.of(entry.getKey(), entry.getValue()).stream())
                                    .toArray())
                    .label(time, Map.of("card", "card-1"), row);
        }
        return scenario.build();
    }

    private static Map<String, Object> row(long whole, double number, String text, double zero, long least) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("whole", whole);
        row.put("number", number);
        row.put("text", text);
        row.put("zero", zero);
        row.put("least", least);
        return row;
    }
}
